import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { createSandbox } from '../src/media/sandbox.js';
import { StackFault } from '../stack/fault.js';
import { findSandbox } from '../stack/prove-sandbox.js';
import { findRoot } from '../stack/root.js';
import { obtainFfmpeg } from '../stack/tools/ffmpeg.js';
import { HELP, parseHonestArguments } from './arguments.js';
import type { Outcome } from './check-row.js';
import { LONG_RATES, longRow, longSync } from './long-sync.js';
import type { HonestRow } from './row.js';
import { ROWS } from './rows/index.js';
import { runRow } from './run-row.js';
import { pageWith, rowText, summaryJson } from './table.js';

/** Rows at a time: each runs mostly one ffmpeg. */
const ROWS_AT_ONCE = 2;

/** `npm run honest`. Resolves with the exit code: 0 where every row is as it must be. */
export async function main(argv: readonly string[]): Promise<number> {
  const say = (line: string): void => console.log(line);
  try {
    const options = parseHonestArguments(argv);
    if (options === null) {
      say(HELP);
      return 0;
    }
    const { ffmpeg, ffprobe, version } = await obtainFfmpeg(process.env, say);
    const shut = await findSandbox(findRoot());
    if (!shut.sandbox && process.env.ALLOW_UNSANDBOXED !== '1') throw new StackFault(`There can be no sandbox here: ${shut.why}.`);
    const tools = { ffmpeg, ffprobe, slots: 1, sandbox: shut.sandbox ? createSandbox() : null };
    const wanted = ({ group, name }: Pick<HonestRow, 'group' | 'name'>): boolean =>
      !options.only || `${group} ${name}`.toLowerCase().includes(options.only);
    const told = (outcome: Outcome): Outcome => {
      say(rowText(outcome));
      return outcome;
    };
    const limit = pLimit(ROWS_AT_ONCE);
    const outcomes = await Promise.all(ROWS.filter(wanted).map((row) => limit(async () => told(await runRow(row, tools)))));
    const long = options.syncSeconds > 0 ? LONG_RATES.map((rate) => ({ rate, ...longRow(rate, options.syncSeconds) })) : [];
    for (const { rate } of long.filter(wanted)) {
      outcomes.push(told(await longSync(rate, options.syncSeconds, { ...tools, slots: 2 })));
    }
    if (outcomes.length === 0) throw new StackFault(`No row's group or name holds "${options.only}".`);
    if (options.write) {
      const page = join(findRoot(), 'docs', 'sources.md');
      await writeFile(page, pageWith(await readFile(page, 'utf8'), outcomes, [...ROWS, ...long]));
      say(`The table is in ${page}.`);
    }
    say(summaryJson(outcomes, { ffmpeg: version, ...options }));
    return outcomes.every(({ faults }) => faults.length === 0) ? 0 : 1;
  } catch (error) {
    // A fault that nobody foresaw keeps its stack trace; the others are told in words.
    if (!(error instanceof StackFault)) throw error;
    say(error.message);
    return 1;
  }
}
