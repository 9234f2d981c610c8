import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';

const folder = new URL('./histories/', import.meta.url);
const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
let workflowBundle: WorkflowBundle;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
}, 60_000);

const history = async (name: string): Promise<unknown> => JSON.parse(await readFile(new URL(name, folder), 'utf8'));

describe('the replay gate', () => {
  test('has a history of every path', () => {
    expect(names.length).toBeGreaterThanOrEqual(10);
  });

  test.each(names)('%s replays with the code as it is', async (name) => {
    await Worker.runReplayHistory({ workflowBundle }, await history(name), name.replace('.json', ''));
  });

  test('a history that the code does not fit is refused', async () => {
    const bad = JSON.stringify(await history('video-published.json')).replaceAll('"packageVideo"', '"packVideo"');
    await expect(Worker.runReplayHistory({ workflowBundle }, JSON.parse(bad), 'bad')).rejects.toThrow(/[Nn]ondeterminism/);
  });
});
