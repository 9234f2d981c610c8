import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiVideo, api, ended, ffmpeg, processesOf, remove, type Stack, start, stateOf, until, workFolder } from './stack.js';

let folder: string;
let data: string;
let stack: Stack;

beforeAll(async () => {
  folder = await workFolder();
  data = join(folder, 'data');
  await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=30:d=30', '-c:v', 'libx264', '-preset', 'ultrafast', join(folder, 'clip.mp4'));
}, 60_000);
afterAll(async () => {
  stack?.child.kill('SIGKILL');
  await remove(folder);
});

test('kill -9 of the launcher and everything it started: the next start publishes what was in flight', async () => {
  stack = start(['--data', data, join(folder, 'clip.mp4')]);
  const video = await until('a video is being encoded', stack, async () => {
    const [found] = (await api<{ data: ApiVideo[] }>(data, '/v1/videos')).data;
    return found?.progress.stage === 'encode' ? found : null;
  });
  const { stackId } = await stateOf(data);
  const all = await processesOf(stackId);
  expect(all.length).toBeGreaterThan(5);
  stack.child.kill('SIGKILL');
  for (const pid of all) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It died with its parent.
    }
  }

  stack = start(['--data', data, join(folder, 'clip.mp4')]);
  const done = await ended(data, video.id, stack);
  expect(done).toMatchObject({ status: 'ready', errors: [] });
  stack.child.kill('SIGINT');
  expect(await stack.exit).not.toBeNull();
  expect(await processesOf(stackId)).toEqual([]);
}, 600_000);
