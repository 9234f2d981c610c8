import type { Decision } from '../src/domain/decision-codes.js';
import { PipelineError } from '../src/domain/errors.js';
import type { Plan } from '../src/domain/plan.js';
import type { Result } from './read-result.js';
import type { Expected, HonestRow } from './row.js';

/** What came of one row. */
export interface Outcome {
  readonly group: string;
  readonly name: string;
  /** Empty where all is as it must be. */
  readonly faults: readonly string[];
  /** Shown in the table: "320×180, 25/1, 75 frames" or "refused: SOURCE_AUDIO_ONLY". */
  readonly result: string;
  /** Largest offset between a flash and its beep, milliseconds; null where there is no sound. */
  readonly syncMs: number | null;
  /** Furthest that any channel of any corner was off, of 255; null where it was not looked at. */
  readonly colourOff: number | null;
  readonly decisions: readonly string[];
  readonly seconds: number;
}

export const MAX_SYNC_MS = 20;
const TAGS = 'bt709 bt709 bt709 tv yuv420p 1:1';
const TOLERANCE = 10;

/** Holds what was made to what was wanted. Pure. */
export function checkResult(expected: Expected, plan: Pick<Plan, 'grid' | 'decisions'>, result: Result): Omit<Outcome, 'group' | 'name' | 'seconds'> {
  const faults: string[] = [];
  const wants = (what: string, found: unknown, wanted: unknown): void => {
    if (String(found) !== String(wanted)) faults.push(`${what}: ${found}, not ${wanted}`);
  };
  const rate = `${plan.grid.rate.num}/${plan.grid.rate.den}`;
  wants('size', `${result.width}×${result.height}`, `${expected.width}×${expected.height}`);
  wants('rate', rate, expected.rate);
  wants('frames', result.times.length, expected.frames);
  wants('tags', result.tags, TAGS);
  wants('even times', unevenAt(result.times, plan.grid.rate) ?? 'all', 'all');
  if (expected.flashes) wants('flashes', result.flashes, expected.flashes);
  wants('sound', result.sound !== null, expected.sound);
  const sync = expected.sound ? syncMs(result) : { offsetMs: null };
  if (sync.offsetMs === null && expected.sound) faults.push(`sync: ${result.flashes.length} flashes, ${result.beeps.length} beeps`);
  if (sync.offsetMs !== null && sync.offsetMs > MAX_SYNC_MS) faults.push(`sync: ${sync.offsetMs.toFixed(1)} ms`);
  const colour = expected.corners ? colourFaults(result, expected.corners, expected.tolerance ?? TOLERANCE) : null;
  faults.push(...(colour?.faults ?? []), ...recordFaults(expected, plan.decisions));
  return {
    faults,
    result: `${result.width}×${result.height}, ${rate}, ${result.times.length} frames`,
    ...{ syncMs: sync.offsetMs, colourOff: colour?.off ?? null, decisions: plan.decisions.map(({ code }) => code) },
  };
}

/** Holds a refusal to the one that was wanted. */
export function checkRefusal(row: HonestRow, error: unknown): Omit<Outcome, 'group' | 'name' | 'seconds'> {
  const none = { syncMs: null, colourOff: null, decisions: [] };
  if (!(error instanceof PipelineError)) return { ...none, result: 'failed', faults: [String(error).slice(0, 300)] };
  const wanted = 'refused' in row.expect ? row.expect.refused : null;
  const result = `refused: ${error.code}`;
  return { ...none, result, faults: error.code === wanted ? [] : [`${result}, ${JSON.stringify(error.details).slice(0, 300)}`] };
}

/** First frame that is not where the grid has it; null where all are. */
function unevenAt(times: readonly number[], rate: Plan['grid']['rate']): number | null {
  const at = times.findIndex((time, n) => Math.abs(time - (n * rate.den) / rate.num) > 0.0005);
  return at < 0 ? null : at;
}

/** Largest distance of a flash from the beep at its side; null where they are not as many. */
export function syncMs({ flashes, times, beeps }: Pick<Result, 'flashes' | 'times' | 'beeps'>): { offsetMs: number | null } {
  // A flash that lasts two frames of the result, where frames were repeated, is one flash.
  const starts = flashes.filter((frame, n) => n === 0 || frame !== (flashes[n - 1] ?? 0) + 1);
  if (starts.length === 0 || starts.length !== beeps.length) return { offsetMs: null };
  return { offsetMs: Math.max(...starts.map((frame, n) => Math.abs((times[frame] ?? Number.NaN) - (beeps[n] ?? Number.NaN)) * 1000)) };
}

function colourFaults({ corners }: Result, wanted: readonly string[], tolerance: number): { off: number; faults: string[] } {
  const channels = (colour: string): number[] => [0, 2, 4].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const faults: string[] = [];
  let worst = 0;
  for (const [name, colours] of corners) {
    const off = Math.max(
      ...wanted.flatMap((colour, n) => channels(colour).map((level, i) => Math.abs(level - (channels(colours[n] ?? '')[i] ?? 255)))),
    );
    worst = Math.max(worst, off);
    if (off > tolerance) faults.push(`${name}: corners ${colours.join(' ')}, not ${wanted.join(' ')}`);
  }
  return { off: worst, faults };
}

function recordFaults({ decisions: wanted, without = [] }: Expected, decisions: readonly Decision[]): string[] {
  const codes = decisions.map(({ code }) => code);
  return [
    ...wanted.filter((code) => !codes.includes(code)).map((code) => `the record lacks ${code}`),
    ...without.filter((code) => codes.includes(code)).map((code) => `the record holds ${code}`),
    ...decisions.filter(({ text }) => !/^[A-Z].*\.$/.test(text)).map(({ code }) => `${code} is no sentence`),
  ];
}
