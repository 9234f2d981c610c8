import type { Cost, Video } from './api-types.js';

/** One line on a video's progress; `coarse` changes at stages and tenths only. */
export function describe(
  video: Pick<Video, 'status' | 'playable' | 'progress' | 'generation' | 'live_generation' | 'errors'>,
  coarse = false,
): string {
  const { percent, stage, chunks_done, chunks_total, eta_s } = video.progress;
  const error = video.errors[0];
  switch (video.status) {
    case 'ready':
      return `ready, generation ${video.live_generation ?? video.generation}${error ? `; a newer one failed: ${error.code}: ${error.message}` : ''}`;
    case 'errored':
    case 'cancelled':
    case 'review':
      return error ? `${video.status} ${error.code}: ${error.message}` : video.status;
    default: {
      if (stage === null) return video.status;
      const playable = video.playable ? ', playable' : '';
      if (coarse) return stage === 'encode' ? `${stage} ${Math.floor(percent / 10) * 10} %${playable}` : stage;
      const chunks = stage === 'encode' && chunks_total > 0 ? `, ${chunks_done} of ${chunks_total} chunks` : '';
      const eta = eta_s ? `, ${eta_s.low} to ${eta_s.high} s to go` : '';
      return `${stage} ${percent} %${chunks}${playable}${eta}`;
    }
  }
}

/** What an encode has cost, in a few words. */
export function costWords({ cpu_s, wasted, unreported }: Cost): string {
  const silent = unreported.attempts > 0 ? `, ${unreported.attempts} attempts ended without a word` : '';
  return `${cpu_s.toFixed(1)} vCPU s, ${wasted.cpu_s.toFixed(1)} of them for nothing${silent}`;
}
