import type { Video } from './api-types.js';

/** One line on a video's progress; `coarse` changes at stages and tenths only. */
export function describe(video: Pick<Video, 'status' | 'playable' | 'progress' | 'generation' | 'errors'>, coarse = false): string {
  const { percent, stage, chunks_done, chunks_total, eta_s } = video.progress;
  const error = video.errors[0];
  switch (video.status) {
    case 'ready':
      return `ready, generation ${video.generation}`;
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
