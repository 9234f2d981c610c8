import { runTool } from './run-tool.js';

const RATE = 48_000;
/** Of 32 767: far above what a coder adds before a sound. */
const LOUD = 6_000;

/** The sound of a joined track as a player hears it: mono samples, and when the first of them is heard. */
export interface Sound {
  readonly samples: Int16Array;
  readonly startS: number;
}

export async function readSound(path: string, tools: { readonly ffmpeg: string; readonly ffprobe: string }): Promise<Sound> {
  const start = await runTool(tools.ffprobe, ['-v', 'error', '-select_streams', 'a', '-show_entries', 'stream=start_time', '-of', 'csv=p=0', path]);
  const raw = await runTool(tools.ffmpeg, [
    '-nostdin',
    '-v',
    'error',
    '-i',
    path,
    '-map',
    '0:a',
    '-ac',
    '1',
    '-ar',
    String(RATE),
    '-f',
    's16le',
    '-',
  ]);
  const samples = Int16Array.from({ length: raw.length >> 1 }, (_, n) => raw.readInt16LE(n * 2));
  return { samples, startS: Number(start.toString('utf8').trim().split(',')[0]) };
}

/** Seconds at which it becomes loud after at least a tenth of a second of quiet. */
export function onsets({ samples, startS }: Sound): number[] {
  const found: number[] = [];
  let quiet = RATE;
  for (const [n, sample] of samples.entries()) {
    quiet += 1;
    if (Math.abs(sample) < LOUD) continue;
    if (quiet > RATE / 10) found.push(startS + n / RATE);
    quiet = 0;
  }
  return found;
}

/**
 * How rough the samples within 5 ms of a moment are: the largest second difference. A steady tone is smooth
 * everywhere; a click, a repeated or a lost sample is not.
 */
export function roughness(sound: Sound, atS: number): number {
  const around = windowAt(sound, atS);
  let most = 0;
  for (let n = 2; n < around.length; n += 1) {
    most = Math.max(most, Math.abs((around[n] ?? 0) - 2 * (around[n - 1] ?? 0) + (around[n - 2] ?? 0)));
  }
  return most;
}

/** Root mean square of the same 10 ms. */
export function loudness(sound: Sound, atS: number): number {
  const around = windowAt(sound, atS);
  return Math.sqrt(around.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, around.length));
}

function windowAt({ samples, startS }: Sound, atS: number): Int16Array {
  const middle = Math.round((atS - startS) * RATE);
  return samples.subarray(Math.max(0, middle - RATE / 200), middle + RATE / 200);
}
