import type { GenerationReport } from '../domain/artefact.js';
import { PipelineError } from '../domain/errors.js';
import { isBeingMade, isKept, isRepeat } from '../domain/generation.js';
import { NO_PROGRESS, type Video } from '../domain/video.js';
import type { GenerationWish, RollBackWish } from './generation-catalogue.js';
import type { Decide, GenerationRecord } from './standing.js';

/** A generation as it begins. */
export const NEW_GENERATION = {
  state: 'queued',
  plan: null,
  failure: null,
  reportKey: null,
  summary: null,
  trail: null,
  playableAt: null,
  settledAt: null,
  reason: null,
  begunBy: null,
  liveBy: null,
  supersededAt: null,
  retiredAt: null,
  cost: null,
} as const satisfies Partial<GenerationRecord>;

export const beginGeneration =
  ({ reason, by }: GenerationWish): Decide =>
  ({ video, generation }, now) => {
    if (generation !== null && isRepeat(generation.begunBy, by, generation.createdAt, Date.parse(now))) return null;
    if (isBeingMade(video.state)) {
      const note = `Generation ${video.generation} is "${video.state}".`;
      throw new PipelineError('GENERATION_RUNNING', { note, details: { videoId: video.id, generation: video.generation } });
    }
    if (generation === null || video.uploadedAt === null) throw new PipelineError('CONFLICT', { note: 'Its upload was never completed.' });
    const next = video.generation + 1;
    return {
      video: { state: 'queued', generation: next, progress: NO_PROGRESS, failure: null },
      newGeneration: {
        ...NEW_GENERATION,
        ...{ videoId: video.id, generation: next, uploadId: generation.uploadId, createdAt: now, reason, begunBy: by },
      },
      events: ['video.reprocess.started'],
    };
  };

export const rollBack =
  ({ from, report, by }: RollBackWish): Decide =>
  ({ video, generation }) => {
    if (video.liveGeneration === report.generation) return null;
    const details = { videoId: video.id, generation: report.generation, liveGeneration: video.liveGeneration };
    if (generation === null || !isKept(generation)) throw new PipelineError('GENERATION_GONE', { details });
    if (video.liveGeneration !== from) {
      const note = `Generation ${from} is not live any more: another one was published or gone back to meanwhile.`;
      throw new PipelineError('CONFLICT', { note, details });
    }
    return {
      video: { ...figuresOf(report), liveGeneration: report.generation, publishedAt: generation.settledAt },
      generation: { liveBy: by },
      events: ['video.rolled_back'],
    };
  };

/** What the video says of the generation that players get. */
export function figuresOf(report: GenerationReport): Pick<Video, 'durationMs' | 'width' | 'height' | 'posterKey' | 'storyboardKey'> {
  const sizes = report.tracks.flatMap((track) => (track.resolution === null ? [] : [track.resolution]));
  const largest = sizes.sort((a, b) => b.width * b.height - a.width * a.height)[0] ?? null;
  return {
    durationMs: Math.round(report.durationUs / 1000),
    width: largest?.width ?? null,
    height: largest?.height ?? null,
    posterKey: report.images.poster.key,
    storyboardKey: report.images.vtt.key,
  };
}
