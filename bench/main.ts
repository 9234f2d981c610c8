import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { StackFault } from '../stack/fault.js';
import { findRoot } from '../stack/root.js';
import { obtainFfmpeg } from '../stack/tools/ffmpeg.js';
import { benchApi } from './api.js';
import { ArgumentFault, HELP, type PartName, parseBenchArguments } from './arguments.js';
import type { BenchPart } from './context.js';
import { benchEncode } from './encode.js';
import { meets, type Row } from './figures.js';
import { benchFirstPlayable } from './first-playable.js';
import { benchHistory } from './history.js';
import { benchLimiter } from './limiter.js';
import { benchOverhead } from './overhead.js';
import { benchOverload } from './overload.js';
import { processorTicks, stolenShare } from './proc.js';
import { benchQuality } from './quality.js';
import { benchRunIn } from './run-in.js';
import { benchScale } from './scale.js';
import { benchSse } from './sse.js';
import { summaryJson, tableText } from './table.js';
import { benchUpload } from './upload.js';

const PARTS: Readonly<Record<PartName, BenchPart>> = {
  encode: benchEncode,
  quality: benchQuality,
  overhead: benchOverhead,
  'first-playable': benchFirstPlayable,
  scale: benchScale,
  history: benchHistory,
  upload: benchUpload,
  api: benchApi,
  'run-in': benchRunIn,
  sse: benchSse,
  limiter: benchLimiter,
  overload: benchOverload,
};

/** `npm run bench`. Resolves with the exit code: 0 where all was measured and all goals are met. */
export async function main(argv: readonly string[]): Promise<number> {
  const say = (line: string): void => console.log(line);
  const rows: Row[] = [];
  const failed: string[] = [];
  try {
    const options = parseBenchArguments(argv);
    if (options === null) {
      say(HELP);
      return 0;
    }
    const { ffmpeg, ffprobe, version } = await obtainFfmpeg(process.env, say);
    const context = { root: findRoot(), ffmpeg, ffprobe, options, longRuns: [], say };
    const machine = { cores: availableParallelism(), cpu: cpus()[0]?.model ?? 'unknown', ffmpeg: version, loadBefore: loadavg().map(rounded) };
    say(`${machine.cores} cores (${machine.cpu}), ffmpeg ${version}, load before: ${machine.loadBefore.join(' ')}`);
    if ((machine.loadBefore[0] ?? 0) > 0.5) say('The machine is not idle: ratios of wall times are noisier than they should be.');
    const stolen: Partial<Record<PartName, number>> = {};
    for (const name of options.parts) {
      say(`\n${name}`);
      const before = processorTicks();
      try {
        rows.push(...(await PARTS[name](context)));
      } catch (error) {
        failed.push(name);
        say(`  could not be measured: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
      }
      const share = stolenShare(before, processorTicks());
      stolen[name] = rounded(share);
      say(`  ${(share * 100).toFixed(0)} % of the processors went to other machines of the host meanwhile`);
    }
    say(`\n${tableText(rows)}`);
    const { parts, ...wish } = options;
    say(summaryJson(rows, failed, { parts, ...wish, ...machine, loadAfter: loadavg().map(rounded), stolen, commit: commitOf(context.root) }));
    return failed.length === 0 && rows.every((row) => row.goal === null || meets(row.value, row.goal)) ? 0 : 1;
  } catch (error) {
    // A fault that nobody foresaw keeps its stack trace; the others are told in words.
    if (!(error instanceof ArgumentFault || error instanceof StackFault)) throw error;
    say(error.message);
    return 1;
  }
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

/** null in a copy without its history. */
function commitOf(root: string): string | null {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    // No git or no repository: the figures stand without it.
    return null;
  }
}
