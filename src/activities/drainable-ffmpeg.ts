import { PipelineError } from '../domain/errors.js';
import { runFfmpeg } from '../media/run-ffmpeg.js';
import type { Room } from '../media/sandbox.js';
import type { EncoderDeps } from './deps.js';
import { worthFinishing } from './drain.js';
import { meter } from './meter.js';

/**
 * Runs ffmpeg for an activity, when a core is free: progress goes to `beat`, a cancel stops it, and a drain of the worker stops it with
 * WORKER_DRAINING unless it is about to be done.
 */
export async function drainable(
  deps: Pick<EncoderDeps, 'ffmpegPath' | 'drain' | 'cores'>,
  argv: readonly string[],
  job: Room & { durationUs: number; beat: (fraction: number) => void; signal: AbortSignal; stallMs?: number; onMessage?: (line: string) => void },
): Promise<{ wallMs: number }> {
  const release = new AbortController();
  const signal = AbortSignal.any([job.signal, release.signal]);
  let startedMs = Date.now();
  let fraction = 0;
  const forget = deps.drain.onBegin((leftMs) => {
    if (!worthFinishing({ fraction, elapsedMs: Date.now() - startedMs }, leftMs)) release.abort(new PipelineError('WORKER_DRAINING'));
  });
  const onCpu = meter()?.process();
  const onProgress = (outTimeUs: number): void => {
    fraction = Math.max(fraction, Math.min(1, outTimeUs / job.durationUs));
    job.beat(fraction);
  };
  try {
    return await deps.cores.use(signal, () => {
      startedMs = Date.now();
      const { input, folder, limits, stallMs, onMessage } = job;
      return runFfmpeg(argv, { ffmpegPath: deps.ffmpegPath, signal, onProgress, onCpu, onMessage, input, folder, limits, stallMs });
    });
  } finally {
    forget();
  }
}
