import type { Rung } from '../src/domain/ladder.js';

export interface ExpertWish {
  readonly source: string;
  readonly rungs: readonly Rung[];
  readonly gopFrames: number;
  readonly preset: string;
  /** Filters from the source's size to a rung's. Without: zscale, the faster of the good scalers. */
  readonly scaler?: (rung: Rung) => string;
  /** Where `1080p.mp4`, …, `audio.m4a` go. */
  readonly folder: string;
}

const START = ['-nostdin', '-y', '-v', 'error'];

/**
 * What somebody writes who knows ffmpeg well: one command, one decode, all rungs, all cores. Same sizes, preset, CRF
 * and caps as the product's, key frames as far apart.
 */
export function expertArgs(wish: ExpertWish): string[] {
  const { rungs, folder } = wish;
  const split = `[0:v]split=${rungs.length}${rungs.map((_, n) => `[s${n}]`).join('')}`;
  const scaled = rungs.map((rung, n) => `[s${n}]${scalerFor(wish, rung)}[r${n}]`);
  return [
    ...[...START, '-i', wish.source, '-filter_complex', [split, ...scaled].join(';')],
    ...rungs.flatMap((rung, n) => ['-map', `[r${n}]`, ...encoder(wish, rung), `${folder}/${rung.name}.mp4`]),
    ...sound(folder),
  ];
}

/** What most pipelines do: one command a rung, one after another, the sound with the first. */
export function oneCommandARung(wish: ExpertWish): string[][] {
  return wish.rungs.map((rung, n) => [
    ...[...START, '-i', wish.source, '-vf', scalerFor(wish, rung), '-map', '0:v', ...encoder(wish, rung), `${wish.folder}/${rung.name}.mp4`],
    ...(n === 0 ? sound(wish.folder) : []),
  ]);
}

const scalerFor = (wish: ExpertWish, rung: Rung): string => wish.scaler?.(rung) ?? `zscale=${rung.width}:${rung.height}:filter=bicubic,setsar=1`;

function encoder({ preset, gopFrames }: ExpertWish, rung: Rung): string[] {
  const gop = String(gopFrames);
  return [
    ...['-c:v', 'libx264', '-preset', preset, '-crf', String(rung.crf), '-maxrate', `${rung.maxrateKbps}k`, '-bufsize', `${rung.bufsizeKbps}k`],
    ...['-profile:v', 'high', '-pix_fmt', 'yuv420p', '-g', gop, '-keyint_min', gop, '-sc_threshold', '0'],
  ];
}

const sound = (folder: string): string[] => ['-map', '0:a', '-c:a', 'aac', '-b:a', '128k', '-ac', '2', `${folder}/audio.m4a`];
