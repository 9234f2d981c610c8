import { readdir, readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { workflowBundle } from './harness.js';

const folder = new URL('./histories/', import.meta.url);
const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
});

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
