import { PipelineError } from '../domain/errors.js';
import type { SourceInput } from './input-args.js';
import { firstFramesArgs } from './probe-args.js';
import { microseconds } from './probe-facts.js';
import { runFfprobe } from './run-ffprobe.js';

export interface FirstFrames {
  /** When the first frame that can be shown is shown, microseconds on the file's time line. */
  readonly shownUs: number;
  /** The packets' own times put the frames into the order in which the decoder shows them. */
  readonly ordered: boolean;
}

/**
 * Decodes the first frames of a track: what a recording begins with is often not to be shown, and only a decoder knows.
 * @throws PipelineError SOURCE_CORRUPT where no frame comes out; what running ffprobe throws
 */
export async function readFirstFrames(wish: {
  input: SourceInput;
  streamIndex: number;
  ffprobePath: string;
  signal?: AbortSignal;
}): Promise<FirstFrames> {
  let text = '';
  const { exitCode, stderr } = await runFfprobe({
    ...{ args: firstFramesArgs(wish.input, wish.streamIndex), ffprobePath: wish.ffprobePath, signal: wish.signal, timeoutMs: 120_000 },
    input: wish.input,
    onStdout: (piece) => {
      text += piece;
    },
  });
  const frames = text.split('\n').flatMap((line) => {
    const [own, shown] = line.split(',');
    // Side data of a frame makes lines of its own.
    return shown === undefined || (microseconds(shown) === null && shown !== 'N/A')
      ? []
      : [{ ownUs: microseconds(own), shownUs: microseconds(shown) }];
  });
  const shownUs = frames[0]?.shownUs ?? null;
  if (shownUs === null)
    throw new PipelineError('SOURCE_CORRUPT', { note: 'No frame of it can be shown.', details: { exitCode, stderr: stderr.slice(-2_000) } });
  const ordered = frames.every(({ ownUs }, n) => ownUs !== null && (n === 0 || ownUs > (frames[n - 1]?.ownUs ?? ownUs)));
  return { shownUs, ordered };
}
