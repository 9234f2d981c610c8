import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Damage } from '../../src/domain/damage.js';
import { chunkAt, type Grid } from '../../src/domain/grid.js';
import type { Plan } from '../../src/domain/plan.js';
import type { Rational } from '../../src/domain/rational.js';
import { DamageLog } from '../../src/media/damage-log.js';
import { encodeChunkArgs } from '../../src/media/encode-args.js';
import { type FragmentedMp4, readFragmentedMp4 } from '../../src/media/fmp4.js';
import type { SourceInput } from '../../src/media/input-args.js';
import { runFfmpeg } from '../../src/media/run-ffmpeg.js';
import { type CutSegment, cutSegments } from '../../src/media/segments.js';
import { decodeCounters, FFMPEG, FFPROBE } from './lavfi.js';

/** A plan with tiny GOPs: 12 frames a GOP, 24 a segment, first chunk one segment, others `chunkSegments`. */
export function tinyPlan(wish: {
  rate: Rational;
  frameCount: number;
  video?: Partial<Plan['video']>;
  chunkSegments?: number;
  poster?: number;
}): Plan {
  const { rate, frameCount } = wish;
  const [gopFrames, segmentFrames] = [12, 24];
  const chunkFrames = segmentFrames * (wish.chunkSegments ?? 1);
  const chunkCount = 1 + Math.ceil(Math.max(0, frameCount - segmentFrames) / chunkFrames);
  const grid: Grid = { rate, frameCount, gopFrames, segmentFrames, firstChunkFrames: segmentFrames, chunkFrames, chunkCount };
  const caps = { crf: 18, maxrateKbps: 2000, bufsizeKbps: 4000 };
  return {
    ...{
      videoId: 'v',
      tenantId: 't',
      generation: 1,
      source: { key: 'k', sizeBytes: 1, etag: 'e' },
      format: 'any',
      sizeClass: 'small',
      grid,
      decisions: [],
      audio: null,
    },
    video: {
      streamIndex: 0,
      preset: 'veryfast',
      originUs: 0,
      constantRate: true,
      deinterlace: false,
      runInFrames: 0,
      runOutFrames: 0,
      ...wish.video,
    },
    rungs: [
      { name: '120p', width: 160, height: 120, ...caps },
      { name: '60p', width: 80, height: 60, ...caps },
    ],
    images: {
      poster: { frame: wish.poster ?? 30, width: 160, height: 120 },
      storyboard: {
        ...{ intervalFrames: 10, tileCount: Math.ceil(frameCount / 10) },
        ...{ tileWidth: 80, tileHeight: 60, columns: 3, rows: 3 },
      },
    },
  };
}

export interface EncodedChunk {
  readonly index: number;
  /** One entry a rung. */
  readonly rungs: readonly { path: string; file: FragmentedMp4; init: Buffer; segments: readonly CutSegment[]; bytes: readonly Buffer[] }[];
  readonly tiles: readonly string[];
  readonly poster: string | null;
  readonly damage: Damage;
}

/** Encodes, reads and cuts every chunk of a plan, as an encoder does, in a folder of its own under `parent`. */
export async function encodeAll(plan: Plan, input: SourceInput, parent: string): Promise<EncodedChunk[]> {
  const folder = mkdtempSync(join(parent, 'chunks-'));
  const chunks: EncodedChunk[] = [];
  for (let index = 0; index < plan.grid.chunkCount; index += 1) {
    const chunk = chunkAt(plan.grid, index);
    const paths = plan.rungs.map((rung) => join(folder, `c${index}-${rung.name}.mp4`));
    const [tilesPattern, poster] = [join(folder, `c${index}-tile_%04d.jpg`), join(folder, `c${index}-poster.png`)];
    const heard = new DamageLog(plan, chunk);
    const onMessage = (line: string): void => heard.take(line);
    await runFfmpeg(encodeChunkArgs({ plan, chunk, input, outputs: { rungs: paths, tilesPattern, poster } }), { ffmpegPath: FFMPEG, onMessage });
    const rungs = [];
    for (const path of paths) {
      const file = await readFragmentedMp4(path);
      const segments = cutSegments({ fragments: file.fragments, grid: plan.grid, chunk });
      const all = readFileSync(path);
      const bytes = segments.map((segment) => all.subarray(segment.offset, segment.offset + segment.sizeBytes));
      rungs.push({ path, file, init: all.subarray(0, file.init.sizeBytes), segments, bytes });
    }
    const tiles = readdirSync(folder).filter((name) => name.startsWith(`c${index}-tile_`));
    chunks.push({
      index,
      rungs,
      tiles: tiles.sort().map((name) => join(folder, name)),
      poster: existsSync(poster) ? poster : null,
      damage: heard.damage(),
    });
  }
  return chunks;
}

/** Init of chunk 0 and all segments, byte after byte: what a player puts together. */
export function joinRung(chunks: readonly EncodedChunk[], rung: number, path: string): string {
  const parts = chunks.flatMap((chunk) => chunk.rungs[rung]?.bytes ?? []);
  writeFileSync(path, Buffer.concat([chunks[0]?.rungs[rung]?.init ?? Buffer.alloc(0), ...parts]));
  return path;
}

/** Presentation times (ticks) of all packets in order, and which of them are key frames; the frames' counters; what the decoder complained of. */
export function inspect(path: string): { pts: number[]; keyAt: number[]; counters: number[]; complaints: string } {
  const packets = execFileSync(FFPROBE, ['-v', 'error', '-show_entries', 'packet=pts,flags', '-of', 'csv=p=0', path], { encoding: 'utf8' });
  const rows = packets
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const numbers = (lines: string[][]): number[] => lines.map(([pts]) => Number(pts)).sort((a, b) => a - b);
  return { pts: numbers(rows), keyAt: numbers(rows.filter(([, flags]) => flags?.startsWith('K'))), ...decodeCounters(path, '-xerror') };
}
