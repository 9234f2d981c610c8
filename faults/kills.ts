import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findRoot } from '../stack/root.js';
import { obtainFfmpeg } from '../stack/tools/ffmpeg.js';
import type { KillsOptions } from './arguments.js';
import { prepareStack } from './launcher.js';
import { inOwnFolder } from './own-folder.js';
import { makeReferences } from './reference.js';
import { drawSchedule } from './schedule.js';
import { makeSources } from './sources.js';
import { underFaults } from './under-faults.js';
import { jsonOf, judge } from './verdict.js';

const ENCODERS = 2;

/**
 * `kills`: the same sources through a stack that is left alone and through one that is not, and what is different.
 * Resolves with the exit code: 0 where every promise held. Its folder goes away then, and stays otherwise.
 */
export async function kills(options: KillsOptions, say: (line: string) => void): Promise<number> {
  const { seed } = options;
  const startedMs = Date.now();
  return await inOwnFolder({ name: 'faults', keep: options.keep, say }, async (folder) => {
    const ffmpegPath = (await obtainFfmpeg(process.env, say)).ffmpeg;
    await prepareStack(findRoot(), say);
    const schedule = drawSchedule({ seed, faults: options.kills, encoders: ENCODERS });
    say(`Seed ${seed}: ${options.kills} faults, ${options.videos} sources, ${ENCODERS} encoders. Everything is in ${folder}`);
    for (const { number, atMs, kind, part, lastsMs } of schedule)
      say(
        `  ${String(number).padStart(4)}. at ${(atMs / 1000).toFixed(1)} s  ${kind}  ${part ?? 'any'}${lastsMs > 0 ? `  for ${(lastsMs / 1000).toFixed(1)} s` : ''}`,
      );

    const step = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
      const beganMs = Date.now();
      say(`${what} …`);
      const result = await work();
      say(`  done in ${((Date.now() - beganMs) / 1000).toFixed(1)} s`);
      return result;
    };
    await mkdir(join(folder, 'sources'));
    const sources = await step('Making the sources', () => makeSources(ffmpegPath, options.videos, join(folder, 'sources')));
    const common = { root: findRoot(), encoders: ENCODERS, sources, ffmpegPath };
    const references = await step('The run without faults', () => makeReferences({ ...common, data: join(folder, 'calm') }));
    await rm(join(folder, 'calm'), { recursive: true, force: true });
    const found = await step('The run under faults', () =>
      underFaults({ ...common, data: join(folder, 'stormy'), schedule, references, limitMs: options.minutes * 60_000, say }),
    );

    return { rows: judge(found), figures: jsonOf(found, { seed, sources: options.videos, wallS: (Date.now() - startedMs) / 1000 }) };
  });
}
