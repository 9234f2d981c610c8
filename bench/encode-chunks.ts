import { execFile } from 'node:child_process';
import { appendFile, open, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { decidePlan } from '../src/domain/decide-plan.js';
import { type ChunkRange, chunkAt, type GridShape } from '../src/domain/grid.js';
import type { Plan, VideoPlan } from '../src/domain/plan.js';
import { encodeChunkArgs } from '../src/media/encode-args.js';
import { readFragmentedMp4 } from '../src/media/fmp4.js';
import { probeSource } from '../src/media/probe.js';
import { cutSegments } from '../src/media/segments.js';
import { runMeasured } from './measured-command.js';
import type { BenchSource } from './sources.js';

export interface PlanWish {
  readonly ffprobe: string;
  readonly encoderSlots: number;
  readonly chunkGrid?: Partial<GridShape>;
}

/** The plan that the product would make of a benchmark source. */
export async function planOf(source: BenchSource, wish: PlanWish): Promise<Plan> {
  const { size } = await stat(source.path);
  const probe = await probeSource({
    input: { url: `file:${source.path}`, protocols: 'file' },
    source: { key: basename(source.path), sizeBytes: size, etag: '' },
    ffprobePath: wish.ffprobe,
    signal: AbortSignal.timeout(600_000),
    readRange: (start, length) => readRange(source.path, start, length),
  });
  const { encoderSlots, chunkGrid } = wish;
  return decidePlan({ probe, videoId: 'bench', tenantId: 'bench', generation: 1, encoderSlots, preset: 'veryfast', chunkGrid });
}

/** The same plan with another run-in or run-out. */
export const withVideo = (plan: Plan, video: Partial<VideoPlan>): Plan => ({ ...plan, video: { ...plan.video, ...video } });

/** Chunks encoded as an encoder does it, run-in and run-out cut off, joined: one playable file a rung in `folder`. CPU of all of them. */
export async function encodeJoined(job: { ffmpeg: string; plan: Plan; source: BenchSource; folder: string }): Promise<{ cpuMs: number }> {
  const { plan, folder } = job;
  let cpuMs = 0;
  for (let index = 0; index < plan.grid.chunkCount; index += 1) {
    const chunk = chunkAt(plan.grid, index);
    const rungs = plan.rungs.map((rung) => join(folder, `chunk-${rung.name}.mp4`));
    const input = { url: `file:${job.source.path}`, protocols: 'file' };
    const argv = encodeChunkArgs({ plan, chunk, input, outputs: { rungs, tilesPattern: null, poster: null } });
    cpuMs += (await runMeasured(job.ffmpeg, ['-nostdin', '-y', '-v', 'error', ...argv])).cpuMs;
    for (const [n, rung] of plan.rungs.entries()) await appendChunk(plan, chunk, rungs[n] as string, join(folder, `${rung.name}.mp4`));
  }
  return { cpuMs };
}

async function appendChunk(plan: Plan, chunk: ChunkRange, path: string, joined: string): Promise<void> {
  const { init, fragments } = await readFragmentedMp4(path);
  if (chunk.index === 0) await appendFile(joined, await readRange(path, init.offset, init.sizeBytes));
  for (const { offset, sizeBytes } of cutSegments({ fragments, grid: plan.grid, chunk })) {
    await appendFile(joined, await readRange(path, offset, sizeBytes));
  }
}

/** How the product scales to a rung: the filters of its own command, so that a comparison is about encoding alone. */
export function scalerOf(plan: Plan, rung: number): string {
  const outputs = { rungs: plan.rungs.map(({ name }) => name), tilesPattern: null, poster: null };
  const argv = encodeChunkArgs({ plan, chunk: chunkAt(plan.grid, 0), input: { url: 'file:x', protocols: 'file' }, outputs });
  const graph = argv[argv.indexOf('-filter_complex') + 1] ?? '';
  const found = new RegExp(`\\[s${rung}\\]([^;]*)\\[r${rung}\\]`).exec(graph)?.[1];
  if (found === undefined) throw new Error(`no filters of rung ${rung} in ${graph}`);
  return found;
}

/** Bytes of each frame in decoding order, without containers: what a codec spent. */
export async function frameBytes(ffprobe: string, path: string): Promise<number[]> {
  const args = ['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=size', '-of', 'csv=p=0', path];
  const { stdout } = await promisify(execFile)(ffprobe, args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [Number.parseInt(line, 10)]));
}

async function readRange(path: string, offset: number, length: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(length);
    const { bytesRead } = await file.read(bytes, 0, length, offset);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
