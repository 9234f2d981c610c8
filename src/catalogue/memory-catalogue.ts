import { shownGeneration } from '../domain/generation.js';
import { holdingOf } from '../domain/quota.js';
import { begunBy } from '../domain/spending.js';
import { isOpenState } from '../domain/upload.js';
import type { Video } from '../domain/video.js';
import type { Catalogue, Tombstone } from './catalogue.js';
import { deleteVideo, unlessDeleted } from './decisions.js';
import { beginUpload, idTaken } from './drafts.js';
import { createLabelVideo } from './label-video.js';
import { createMemoryEvents } from './memory-events.js';
import { createMemoryGenerations } from './memory-generations.js';
import { listVideos } from './memory-list-videos.js';
import { createMemoryOverview } from './memory-overview.js';
import { createMemoryReview } from './memory-review.js';
import { createMemoryTenancy } from './memory-tenancy.js';
import { createMemoryWebhooks } from './memory-webhooks.js';
import { applyChange, type ChangeVideo, eventsOf, type GenerationRecord, liveMoves, type UploadRecord } from './standing.js';
import { storable } from './storable.js';
import { createWrites, toUpload } from './writes.js';

/**
 * The catalogue in one process's memory, for tests: gone with the process. Each call runs to its end without a pause,
 * which is what the transactions of the real one come to. `now` is its clock.
 */
export function createMemoryCatalogue(options: { now?: () => Date } = {}): Catalogue {
  const now = (): string => (options.now?.() ?? new Date()).toISOString();
  const tenancy = createMemoryTenancy(now);
  const videos = new Map<string, { video: Video; eventSequence: number }>();
  const purged = new Map<string, string>();
  const uploads = new Map<string, UploadRecord>();
  const generations = new Map<string, GenerationRecord>();
  const { all: events, append, reads } = createMemoryEvents();

  const change: ChangeVideo = async (place, decide, trace) => {
    const named = 'uploadId' in place ? (uploads.get(place.uploadId) ?? null) : null;
    const stored = videos.get('uploadId' in place ? (named?.videoId ?? '') : place.videoId);
    if (stored === undefined || ('tenantId' in place && stored.video.tenantId !== place.tenantId)) return null;
    const open =
      'tenantId' in place && !('generation' in place)
        ? [...uploads.values()].find((each) => each.videoId === place.videoId && isOpenState(each.state))
        : null;
    const upload = named ?? open ?? null;
    const number = 'generation' in place ? place.generation : stored.video.generation;
    const generation = 'uploadId' in place ? null : (generations.get(rowKey(place.videoId, number)) ?? null);
    const before = { ...stored, upload, generation };
    const at = now();
    const decided = decide(before, at);
    if (decided === null) return structuredClone(before);
    const { after, events: drafts, held, spent } = applyChange(before, decided, at);
    // First of all: where there is no room nothing changes.
    tenancy.moveHolding(after.video.tenantId, held);
    tenancy.moveSpent(after.video.tenantId, spent);
    if (trace) tenancy.leaveTrace(trace, 'uploadId' in place ? place.uploadId : place.videoId);
    videos.set(after.video.id, { video: after.video, eventSequence: after.eventSequence });
    if (after.upload) uploads.set(after.upload.id, after.upload);
    if (after.generation) generations.set(rowKey(after.video.id, after.generation.generation), after.generation);
    for (const { generation: moved, supersededAt } of liveMoves(before.video, after.video, at)) {
      const row = generations.get(rowKey(after.video.id, moved));
      if (row) generations.set(rowKey(after.video.id, moved), { ...row, supersededAt });
    }
    append(drafts);
    return structuredClone(after);
  };

  const shown = (video: Video): Video => {
    const generation = generations.get(rowKey(video.id, shownGeneration(video)));
    const { plan = null, cost = null, trail = null, summary } = generation ?? {};
    return { ...video, plan, cost, trail, findings: summary?.findings };
  };

  const tombstones = (): Tombstone[] =>
    [...videos.values()].flatMap(({ video: { id: videoId, tenantId, generation, deletedAt } }) => {
      if (deletedAt === null) return [];
      const own = [...uploads.values()].filter((upload) => upload.videoId === videoId).map(({ id, key }) => ({ id, key }));
      own.sort((a, b) => (a.id < b.id ? -1 : 1));
      const ageMs = Math.max(0, Date.parse(now()) - Date.parse(deletedAt));
      return [{ videoId, tenantId, generation, uploads: own, deletedAt, ageMs, purgedAt: purged.get(videoId) ?? null }];
    });
  const tombstone = (videoId: string): Tombstone | null => tombstones().find((each) => each.videoId === videoId) ?? null;

  return {
    ...createWrites(change),
    ...createLabelVideo(change),
    ...createMemoryOverview({ uploads, videos, generations }),
    ...createMemoryReview({ videos, generations, now }),
    ...createMemoryGenerations(change, { videos, generations, now }),
    ...reads,
    ...createMemoryWebhooks({ events, now, leaveTrace: tenancy.leaveTrace }),
    ...tenancy.port,
    migrate: async () => undefined,
    ping: async () => undefined,
    close: async () => undefined,

    async createUpload(wish, trace) {
      const draft = storable(wish);
      const known = uploads.get(draft.id);
      if (known !== undefined) {
        if (known.tenantId !== draft.tenantId) throw idTaken(draft);
        return structuredClone(toUpload(known));
      }
      if (videos.has(draft.videoId)) throw idTaken(draft);
      const at = now();
      const { video, upload } = beginUpload(draft, at);
      const held = holdingOf(video, upload);
      tenancy.mustAdmit(draft.tenantId, held, begunBy(upload));
      if (trace) tenancy.leaveTrace(trace, upload.id);
      const drafts = eventsOf(video, upload, ['video.created', 'upload.created'], 0, at);
      videos.set(video.id, { video, eventSequence: drafts.length });
      uploads.set(upload.id, upload);
      append(drafts);
      tenancy.moveHolding(upload.tenantId, held);
      tenancy.moveSpent(upload.tenantId, [begunBy(upload)]);
      return structuredClone(toUpload(upload));
    },
    async findUpload(tenantId, uploadId) {
      const upload = uploads.get(uploadId);
      return upload?.tenantId === tenantId ? structuredClone(toUpload(upload)) : null;
    },
    async getUpload(uploadId) {
      const upload = uploads.get(uploadId);
      return upload === undefined ? null : structuredClone(toUpload(upload));
    },
    async listUploads(query) {
      const wanted = ({ fingerprint }: UploadRecord): boolean => query.fingerprint === undefined || fingerprint === query.fingerprint;
      return structuredClone(page([...uploads.values()].filter(wanted), query).map(toUpload));
    },
    async uploadLeftMs(uploadId) {
      const upload = uploads.get(uploadId);
      return upload && isOpenState(upload.state) ? Date.parse(upload.expiresAt) - Date.parse(now()) : null;
    },

    async findVideo(tenantId, videoId) {
      const video = videos.get(videoId)?.video;
      return video?.tenantId === tenantId && video.state !== 'deleted' ? structuredClone(shown(video)) : null;
    },
    async getVideo(videoId) {
      const video = videos.get(videoId)?.video;
      return video === undefined ? null : structuredClone(shown(video));
    },
    async listVideos(query) {
      return structuredClone(
        listVideos(
          [...videos.values()].map(({ video }) => video),
          query,
        ).map(shown),
      );
    },
    async getSource(videoId) {
      const video = videos.get(videoId)?.video;
      const generation = video && generations.get(rowKey(videoId, video.generation));
      const upload = generation && uploads.get(generation.uploadId);
      if (!upload?.source || video?.state === 'deleted') return null;
      const { key, fileName: name, contentType, tenantId } = upload;
      return { key, name, contentType, tenantId, sizeBytes: upload.source.sizeBytes, etag: upload.source.etag };
    },

    async deleteVideo(tenantId, videoId, trace) {
      return (await change({ tenantId, videoId }, unlessDeleted(deleteVideo()), trace)) === null ? null : tombstone(videoId);
    },
    getTombstone: async (videoId) => tombstone(videoId),
    async markPurged(videoId) {
      if (tombstone(videoId)?.purgedAt === null) purged.set(videoId, now());
    },
    async listUnpurged(limit) {
      const left = tombstones().filter(({ purgedAt }) => purgedAt === null);
      return left.sort((a, b) => byAge({ createdAt: a.deletedAt, id: a.videoId }, { createdAt: b.deletedAt, id: b.videoId })).slice(0, limit);
    },
  };
}

const rowKey = (videoId: string, generation: number): string => `${videoId}/g${generation}`;

type Age = { readonly createdAt: string; readonly id: string };
type Listed<S> = Age & { readonly tenantId: string; readonly state: S };
type Query<S> = { readonly tenantId: string; readonly limit: number; readonly after: Age | null; readonly states?: readonly S[] };

function page<S, T extends Listed<S>>(rows: readonly T[], { tenantId, limit, after, states }: Query<S>): T[] {
  const listed = rows.filter((row) => row.tenantId === tenantId && (states === undefined || states.includes(row.state)));
  const older = listed.filter((row) => after === null || byAge(row, after) < 0);
  return older.sort((a, b) => -byAge(a, b)).slice(0, limit);
}

function byAge(a: Age, b: Age): number {
  const apart = Date.parse(a.createdAt) - Date.parse(b.createdAt);
  if (apart !== 0) return apart;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}
