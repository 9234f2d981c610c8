import { type AttemptCost, attemptName, receiptOf } from '../domain/cost.js';
import { outlived } from '../domain/generation.js';
import type { Video } from '../domain/video.js';
import type { GenerationCatalogue } from './generation-catalogue.js';
import { createGenerationWrites } from './generation-writes.js';
import { type ChangeVideo, type GenerationRecord, toGeneration } from './standing.js';
import { storable } from './storable.js';

interface Rows {
  readonly videos: Map<string, { readonly video: Video; readonly eventSequence: number }>;
  readonly generations: Map<string, GenerationRecord>;
  readonly now: () => string;
}

/** What the memory adapter knows of generations. */
export function createMemoryGenerations(change: ChangeVideo, { videos, generations, now }: Rows): GenerationCatalogue {
  const all = (video: Video) =>
    [...generations.values()]
      .filter(({ videoId }) => videoId === video.id)
      .sort((a, b) => b.generation - a.generation)
      .map((record) => toGeneration(record, video.liveGeneration));
  const costs = new Map<string, Map<string, AttemptCost>>();
  return {
    async saveCosts({ videoId, generation }, wish) {
      const key = `${videoId}/g${generation}`;
      const [stored, record] = [videos.get(videoId), generations.get(key)];
      if (stored === undefined || stored.video.state === 'deleted' || record === undefined) return;
      const known = costs.get(key) ?? new Map<string, AttemptCost>();
      const added = storable(wish).filter((cost) => !known.has(attemptName(cost)));
      for (const cost of added) known.set(attemptName(cost), cost);
      if (added.length === 0) return;
      costs.set(key, known);
      generations.set(key, { ...record, cost: receiptOf([...known.values()]) });
      videos.set(videoId, { ...stored, video: { ...stored.video, version: stored.video.version + 1, updatedAt: now() } });
    },
    ...createGenerationWrites(change),
    async listGenerations(tenantId, videoId) {
      const video = videos.get(videoId)?.video;
      return video?.tenantId === tenantId && video.state !== 'deleted' ? structuredClone(all(video)) : null;
    },
    async retireGeneration(at, policy) {
      const video = videos.get(at.videoId)?.video;
      if (video === undefined || video.state === 'deleted') return false;
      const retiredAt = now();
      const over = outlived(all(video), policy, Date.parse(retiredAt));
      for (const [key, record] of generations)
        if (record.videoId === at.videoId && over.includes(record.generation)) generations.set(key, { ...record, retiredAt });
      return all(video).some(({ generation, retiredAt: since }) => generation === at.generation && since !== null);
    },
  };
}
