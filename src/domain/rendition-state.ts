import { STAGES, type Video } from './video.js';

export const RENDITION_STATES = ['waiting', 'encoding', 'encoded', 'ready', 'review', 'errored', 'cancelled'] as const;
export type RenditionState = (typeof RENDITION_STATES)[number];

/** How the qualities of the generation stand. All of a chunk's are made of one decode, so that they move together. */
export function renditionState({ state, progress }: Pick<Video, 'state' | 'progress'>): RenditionState {
  if (state === 'ready' || state === 'review' || state === 'errored' || state === 'cancelled') return state;
  const stage = progress.stage === null ? -1 : STAGES.indexOf(progress.stage);
  const encode = STAGES.indexOf('encode');
  if (stage < encode) return 'waiting';
  return stage === encode ? 'encoding' : 'encoded';
}
