import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { frameTimeUs } from '../src/domain/rational.js';
import { MAX_SYNC_MS, type Outcome } from './check-row.js';
import { type Made, type PipelineTools, publish } from './pipeline.js';
import { type Result, readResult } from './read-result.js';
import { QUIET, runTool } from './run-tool.js';
import { fps } from './scene.js';
import { loudness, roughness, type Sound } from './sound.js';

/** Frames from flash to flash: eight seconds, so that every other chunk of the usual grid begins with one. */
const periodFrames = (rate: string): number => 4 * Math.round(2 * fps(rate));

/** One whose sound is taken over as it is, and one whose sound is encoded; times in whole ticks, and rounded to milliseconds. */
const KINDS: Readonly<Record<string, { readonly file: string; readonly sound: readonly string[] }>> = {
  '25': { file: 'long.mp4', sound: ['-c:a', 'aac', '-b:a', '96k'] },
  '30000/1001': { file: 'long.mkv', sound: ['-c:a', 'flac'] },
};
export const LONG_RATES: readonly string[] = Object.keys(KINDS);

/** A source of hours costs minutes: tiny pictures, nothing but flashes, and a beep that begins with each. */
function longSource(rate: string, seconds: number, kind: { sound: readonly string[]; output: string }): string[] {
  const period = periodFrames(rate);
  const periodS = period / fps(rate);
  const flash = `color=black:s=160x90:r=${rate},format=yuv420p,drawbox=x=40:y=20:w=80:h=50:color=white:t=fill:enable='eq(mod(n,${period}),0)'`;
  // Under the beeps a soft tone without end: a lost or repeated sample would be a click in it.
  const sound = `aevalsrc='0.05*sin(2*PI*220*t)+if(lt(mod(t,${periodS}),0.05),0.7*cos(2*PI*1000*mod(t,${periodS})),0)':s=48000`;
  return [
    ...['-f', 'lavfi', '-i', flash, '-f', 'lavfi', '-i', sound, '-t', String(seconds)],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '250', '-bf', '2', ...kind.sound, kind.output],
  ];
}

export const longRow = (rate: string, seconds: number): { group: string; name: string } => ({
  group: 'sync',
  name: `flash and beep, ${seconds} s at ${rate}`,
});

/** A flash-and-beep source of that length: offset at start, middle and end, at the joins of chunks, and the sound over all joins. */
export async function longSync(rate: string, seconds: number, tools: PipelineTools): Promise<Outcome> {
  const started = Date.now();
  const folder = await mkdtemp(join(tmpdir(), 'reelmill-honest-'));
  try {
    const kind = KINDS[rate];
    if (!kind) throw new RangeError(`no long source of rate ${rate}`);
    const source = join(folder, kind.file);
    await runTool(tools.ffmpeg, [...QUIET, ...longSource(rate, seconds, { sound: kind.sound, output: source })]);
    const made = await publish(source, join(folder, 'scratch'), tools);
    const results = join(folder, 'result');
    await mkdir(results);
    const outcome = checkLong(made, await readResult(made, results, tools));
    return { ...longRow(rate, seconds), seconds: (Date.now() - started) / 1000, ...outcome };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function checkLong(made: Pick<Made, 'plan' | 'report'>, result: Result): Omit<Outcome, 'group' | 'name' | 'seconds'> {
  const { grid, decisions } = made.plan;
  const period = periodFrames(`${grid.rate.num}/${grid.rate.den}`);
  const expected = Array.from({ length: Math.ceil(grid.frameCount / period) }, (_, n) => n * period);
  const faults: string[] = [];
  if (result.flashes.join() !== expected.join()) faults.push(`flashes: ${result.flashes.length} of ${expected.length} in their places`);
  if (result.beeps.length !== expected.length) faults.push(`beeps: ${result.beeps.length} of ${expected.length}`);
  const offsets = expected.map((frame, n) => ((result.beeps[n] ?? Number.NaN) - (result.times[frame] ?? Number.NaN)) * 1000);
  const worst = Math.max(...offsets.map(Math.abs));
  if (!(worst <= MAX_SYNC_MS)) faults.push(`sync: ${worst.toFixed(1)} ms`);
  const chunkStarts = new Set(Array.from({ length: grid.chunkCount }, (_, n) => (n === 0 ? 0 : grid.firstChunkFrames + (n - 1) * grid.chunkFrames)));
  const atJoins = expected.filter((frame) => chunkStarts.has(frame)).length;
  if (grid.chunkCount > 3 && atJoins < 2) faults.push('no flash lies at a join');
  const sound = result.sound ? joinFaults(made, result.sound) : { text: '', faults: ['no sound'] };
  const told = [0, offsets.length >> 1, offsets.length - 1].map((n) => offsets[n]?.toFixed(1)).join(', ');
  return {
    faults: [...faults, ...sound.faults],
    result: `${grid.frameCount} frames in ${grid.chunkCount} chunks; offset at start, middle, end ${told} ms; ${atJoins} flashes at joins; ${sound.text}`,
    ...{ syncMs: worst, colourOff: null, decisions: decisions.map(({ code }) => code) },
  };
}

/**
 * The sound at every boundary of a sound segment and at every join of chunks of the picture, against how it is
 * elsewhere: no rougher than the tone, and nowhere silent. Moments within a beep are left out, as it begins with a step.
 */
function joinFaults({ plan, report }: Pick<Made, 'plan' | 'report'>, sound: Sound): { text: string; faults: string[] } {
  const track = report.tracks.find((each) => each.resolution === null);
  if (!track) return { text: '', faults: ['no sound'] };
  const { rate, firstChunkFrames, chunkFrames, chunkCount } = plan.grid;
  const periodS = (periodFrames(`${rate.num}/${rate.den}`) * rate.den) / rate.num;
  const boundaries = track.segments
    .slice(1)
    .map((segment) => sound.startS + (segment.startTicks - (track.segments[0]?.startTicks ?? 0)) / track.timescale);
  const joins = Array.from({ length: chunkCount - 1 }, (_, n) => frameTimeUs(firstChunkFrames + n * chunkFrames, rate) / 1_000_000);
  const quiet = [...boundaries, ...joins].filter((at) => at % periodS > 0.08 && at % periodS < periodS - 0.03);
  const elsewhere = quiet.map((at) => at + 0.5).filter((at) => at % periodS > 0.08 && at % periodS < periodS - 0.03);
  const usual = Math.max(...elsewhere.map((at) => roughness(sound, at)));
  const clicks = quiet.filter((at) => roughness(sound, at) > usual * 2 + 20).length;
  const silent = quiet.filter((at) => loudness(sound, at) < 500).length;
  const faults = [...(clicks > 0 ? [`${clicks} clicks at joins`] : []), ...(silent > 0 ? [`${silent} silent joins`] : [])];
  return { text: `${quiet.length} joins of sound listened to, ${clicks} clicks, ${silent} silent`, faults };
}
