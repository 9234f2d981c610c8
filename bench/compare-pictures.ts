import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '../src/domain/plan.js';
import { scalerOf } from './encode-chunks.js';
import { runMeasured } from './measured-command.js';
import { parsePsnrLog } from './psnr-log.js';

/**
 * Errors of two encodes of one rung against the scaled source, frame by frame. Frames are paired by number, not by
 * time, so that an edit list more or less does not shift one of them.
 */
export async function compareRung(job: {
  readonly ffmpeg: string;
  readonly plan: Plan;
  readonly rung: number;
  readonly source: string;
  readonly ours: string;
  readonly theirs: string;
  readonly folder: string;
}): Promise<{ ours: number[]; theirs: number[] }> {
  const { plan, folder } = job;
  const { num, den } = plan.grid.rate;
  const byNumber = `settb=${den}/${num},setpts=N`;
  const logs = [join(folder, 'ours.log'), join(folder, 'theirs.log')] as const;
  const graph = [
    `[0:v]${byNumber}[ours];[1:v]${byNumber}[theirs]`,
    `[2:v]${scalerOf(plan, job.rung)},${byNumber},split[a][b]`,
    `[ours][a]psnr=stats_file=${logs[0]}[x];[theirs][b]psnr=stats_file=${logs[1]}[y]`,
  ].join(';');
  const inputs = [job.ours, job.theirs, job.source].flatMap((path) => ['-i', path]);
  const sinks = ['x', 'y'].flatMap((label) => ['-map', `[${label}]`, '-fps_mode', 'passthrough', '-f', 'null', '-']);
  await runMeasured(job.ffmpeg, ['-nostdin', '-v', 'error', ...inputs, '-filter_complex', graph, ...sinks]);
  const [ours, theirs] = await Promise.all(logs.map((log) => readFile(log, 'utf8').then(parsePsnrLog)));
  return { ours: ours ?? [], theirs: theirs ?? [] };
}
