import { decidePlan } from '../src/domain/decide-plan.js';
import { PipelineError } from '../src/domain/errors.js';
import { chunkAt } from '../src/domain/grid.js';
import type { Plan } from '../src/domain/plan.js';
import { TRUNCATED_CODE, type TruncatedPolicy } from '../src/domain/truncation.js';
import { encodeChunkArgs } from '../src/media/encode-args.js';
import { readFragmentedMp4 } from '../src/media/fmp4.js';
import { probeSource } from '../src/media/probe.js';
import { runFfmpeg } from '../src/media/run-ffmpeg.js';
import { cutSegments } from '../src/media/segments.js';
import type { WholeSource } from './truncation-sources.js';

/**
 * What came of one cut source under one policy. `silent` is the one that must never be; `undocumented`: it ended in
 * something that is no answer to the owner.
 */
export type Outcome = 'whole' | 'refused' | 'flagged' | 'open-end' | 'silent' | 'undocumented';

export interface Looked {
  readonly outcome: Outcome;
  /** Code of a refusal. */
  readonly code: string | null;
  /** The refusal says how many seconds are there. */
  readonly saysHowMuch: boolean;
  readonly plan: Plan | null;
}

/** Looks at a file that was cut and plans it, as an encoder and the control worker do. */
export async function lookAt(path: string, bytes: Uint8Array, from: WholeSource, truncated: TruncatedPolicy): Promise<Looked> {
  try {
    const probe = await probeSource({
      ...{ input: { url: `file:${path}`, protocols: 'file' }, source: { key: 'k', sizeBytes: bytes.length, etag: 'e' }, truncated },
      ...{ ffprobePath: 'ffprobe', readRange: async (start: number, length: number) => bytes.subarray(start, start + length) },
    });
    const plan = decidePlan({ probe, videoId: 'v', tenantId: 't', generation: 1, encoderSlots: 1, preset: 'veryfast' });
    return { outcome: outcomeOf(plan, from), code: null, saysHowMuch: false, plan };
  } catch (error) {
    if (!(error instanceof PipelineError) || error.kind !== 'input')
      return { outcome: 'undocumented', code: String(error), saysHowMuch: false, plan: null };
    return { outcome: 'refused', code: error.code, saysHowMuch: typeof error.details.heldUs === 'number', plan: null };
  }
}

/** Half an access unit of sound is what rounding may take. */
const SOUND_SLACK_S = 0.1;

function outcomeOf(plan: Plan, from: WholeSource): Outcome {
  const codes = plan.decisions.map(({ code }) => code);
  if (codes.includes(TRUNCATED_CODE)) return 'flagged';
  const soundS = (plan.audio?.expectedDurationUs ?? 0) / 1_000_000;
  if (plan.grid.frameCount >= from.frameCount && soundS >= from.soundS - SOUND_SLACK_S) return 'whole';
  return codes.includes('OPEN_END') ? 'open-end' : 'silent';
}

/** Encodes what is planned of a cut source that can be sought in: null where every frame of the plan is there and no other, else why not. */
export async function encodePlanned(plan: Plan, path: string, folder: string): Promise<string | null> {
  try {
    await encodeChunks(plan, path, folder);
    return null;
  } catch (error) {
    if (error instanceof PipelineError) return `${error.code} ${error.message}`;
    throw error;
  }
}

async function encodeChunks(plan: Plan, path: string, folder: string): Promise<void> {
  for (let index = 0; index < plan.grid.chunkCount; index += 1) {
    const chunk = chunkAt(plan.grid, index);
    const rungs = plan.rungs.map((rung) => `${folder}/${rung.name}.mp4`);
    const input = { url: `file:${path}`, protocols: 'file' };
    const argv = encodeChunkArgs({ plan, chunk, input, outputs: { rungs, tilesPattern: `${folder}/tile_%04d.jpg`, poster: `${folder}/poster.png` } });
    await runFfmpeg(argv, { ffmpegPath: 'ffmpeg' });
    for (const file of rungs) cutSegments({ fragments: (await readFragmentedMp4(file)).fragments, grid: plan.grid, chunk });
  }
}
