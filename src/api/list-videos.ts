import type { z } from 'zod';
import type { VideoOrder, VideoQuery } from '../catalogue/catalogue.js';
import { titleKey } from '../domain/labels.js';
import { createCursors } from './cursor.js';
import type { ApiDeps } from './deps.js';
import { type listVideosQuery, type VideoListJson, videoId } from './schemas.js';
import { videoJson } from './video-json.js';

type Wish = z.output<typeof listVideosQuery>;

const ORDERS: Readonly<Record<Wish['sort'], VideoOrder>> = {
  '-created_at': { by: 'createdAt', newestFirst: true },
  created_at: { by: 'createdAt', newestFirst: false },
  '-updated_at': { by: 'updatedAt', newestFirst: true },
  updated_at: { by: 'updatedAt', newestFirst: false },
};

/** One page of a tenant's videos. */
export async function listVideos(deps: Pick<ApiDeps, 'catalogue' | 'config'>, tenantId: string, wish: Wish): Promise<VideoListJson> {
  const { limit, cursor, sort } = wish;
  const order = ORDERS[sort];
  const filter = filterOf(wish);
  const cursors = createCursors([sort, filter], videoId);
  const place = cursors.read(cursor);
  const after = place && { id: place.id, [order.by]: place.at };
  const rows = await deps.catalogue.listVideos({ tenantId, limit: limit + 1, after, order, ...filter });
  const { page, ...rest } = cursors.page(rows, limit, (video) => ({ at: video[order.by], id: video.id }));
  return { object: 'list', data: page.map((video) => videoJson(video, deps.config.cdnBaseUrl)), ...rest };
}

/** The same filter has the same form, however it was written. */
function filterOf(wish: Wish): Omit<VideoQuery, 'tenantId' | 'limit' | 'after' | 'order'> {
  const { status, created_after, created_before, updated_after, updated_before, metadata, passthrough, title } = wish;
  const entries = Object.entries(metadata ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...(status === undefined ? {} : { states: [...new Set(status)].sort() }),
    ...(created_after === undefined ? {} : { createdAfter: created_after }),
    ...(created_before === undefined ? {} : { createdBefore: created_before }),
    ...(updated_after === undefined ? {} : { updatedAfter: updated_after }),
    ...(updated_before === undefined ? {} : { updatedBefore: updated_before }),
    ...(entries.length === 0 ? {} : { metadata: Object.fromEntries(entries) }),
    ...(passthrough === undefined ? {} : { passthrough }),
    ...(title === undefined ? {} : { titleKeyPrefix: titleKey(title) }),
  };
}
