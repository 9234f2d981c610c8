import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkRefusal, checkResult, type Outcome } from './check-row.js';
import { type PipelineTools, publish } from './pipeline.js';
import { readResult } from './read-result.js';
import type { HonestRow } from './row.js';
import { QUIET, runTool } from './run-tool.js';

/** GOPs of half a second and chunks of one: three seconds have two joins. */
const SHORT_GRID = { gopS: 0.5, gopsPerSegment: 2, firstChunkS: 1, chunkMinS: 1, chunkMaxS: 1 };

/** Makes a row's source, runs the product over it, and holds what came of it to what the row wants. Throws nothing of the row's own. */
export async function runRow(row: HonestRow, tools: PipelineTools): Promise<Outcome> {
  const started = Date.now();
  const folder = await mkdtemp(join(tmpdir(), 'reelmill-honest-'));
  const checked = await run(row, folder, tools)
    .catch((error: unknown) => checkRefusal(row, error))
    .finally(() => rm(folder, { recursive: true, force: true }));
  return { group: row.group, name: row.name, seconds: (Date.now() - started) / 1000, ...checked };
}

async function run(row: HonestRow, folder: string, tools: PipelineTools): Promise<Omit<Outcome, 'group' | 'name' | 'seconds'>> {
  const source = await makeSource(row, folder, tools);
  const made = await publish(source, join(folder, 'scratch'), tools, SHORT_GRID);
  const results = join(folder, 'result');
  await mkdir(results);
  if ('refused' in row.expect) {
    return { faults: [`published, not ${row.expect.refused}`], result: 'published', syncMs: null, colourOff: null, decisions: [] };
  }
  return checkResult(row.expect, made.plan, await readResult(made, results, tools));
}

export async function makeSource(row: Pick<HonestRow, 'file' | 'make' | 'patch'>, folder: string, tools: PipelineTools): Promise<string> {
  const path = (name: string): string => join(folder, name);
  for (const args of row.make(path)) await runTool(tools.ffmpeg, [...QUIET, ...args]);
  const source = path(row.file);
  if (row.patch) await writeFile(source, row.patch(await readFile(source)));
  return source;
}
