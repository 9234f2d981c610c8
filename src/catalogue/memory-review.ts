import type { Video } from '../domain/video.js';
import { type Parked, type ReviewCatalogue, retriedIn } from './review.js';
import type { GenerationRecord } from './standing.js';

interface Rows {
  readonly videos: ReadonlyMap<string, { readonly video: Video }>;
  readonly generations: ReadonlyMap<string, GenerationRecord>;
  readonly now: () => string;
}

/** The review queue and the trails of the memory adapter. */
export function createMemoryReview({ videos, generations, now }: Rows): ReviewCatalogue {
  const parkedOf = (row: GenerationRecord): Parked[] => {
    const video = videos.get(row.videoId)?.video;
    if (row.state !== 'review' || video?.state !== 'review' || video.generation !== row.generation) return [];
    const { id: videoId, tenantId, generation, name, title, sourceSizeBytes, progress } = video;
    const since = row.trail?.since ?? row.createdAt;
    const facts = { videoId, tenantId, generation, name, title, sourceSizeBytes, since };
    return [{ ...facts, failure: row.failure, stage: progress.stage, retried: retriedIn(row.trail) }];
  };
  return {
    async listReview({ tenantId, limit, after }) {
      const rows = [...generations.values()].flatMap(parkedOf).filter((row) => tenantId === undefined || row.tenantId === tenantId);
      const behind = rows.filter((row) => after === null || placeOf(row) > placeOf(after));
      return structuredClone(behind.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)).slice(0, limit));
    },
    async listTrails(withinMs, limit) {
      const from = Date.parse(now()) - withinMs;
      const settled = [...generations.values()].filter(({ state, settledAt }) => state === 'published' && Date.parse(settledAt ?? '') > from);
      const newest = settled.sort((a, b) => Date.parse(b.settledAt ?? '') - Date.parse(a.settledAt ?? '')).slice(0, limit);
      return structuredClone(newest.flatMap(({ trail }) => trail ?? []));
    },
  };
}

const placeOf = ({ since, videoId }: Pick<Parked, 'since' | 'videoId'>): string => `${since} ${videoId}`;
