import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Connection, WorkflowClient } from '@temporalio/client';
import { type ApiVideo, api, chunkAttempts, ended, ffmpeg, processesOf, remove, type Stack, start, stateOf, until, workFolder } from './stack.js';

let folder: string;
let data: string;
let stack: Stack;

beforeAll(async () => {
  folder = await workFolder();
  data = join(folder, 'data');
  const source = ['-f', 'lavfi', '-i', 'testsrc2=s=854x480:r=24:d=50', '-f', 'lavfi', '-i', 'sine=d=50', '-c:v', 'libx264', '-preset', 'ultrafast'];
  await ffmpeg(...source, join(folder, 'long.mp4'));
}, 120_000);
afterAll(async () => {
  stack?.child.kill('SIGKILL');
  await remove(folder);
});

test('kill -9 of an encoder in mid-chunk: the video is published, and only that chunk is done again', async () => {
  stack = start(['--data', data, '--encoders', '2', join(folder, 'long.mp4')]);
  const video = await until('the first chunk is committed and others run', stack, async () => {
    const [found] = (await api<{ data: ApiVideo[] }>(data, '/v1/videos')).data;
    return found && found.progress.chunks_done >= 1 && found.progress.chunks_done < found.progress.chunks_total ? found : null;
  });
  const { parts, ports } = await stateOf(data);
  const connection = await Connection.connect({ address: `127.0.0.1:${ports.temporal}` });
  const client = new WorkflowClient({ connection });
  const chunks = client.getHandle(`video/${video.id}/g1/chunks`);
  const victim = parts['encoder 1']?.pid as number;
  await until('encoder 1 has a chunk', stack, async () => {
    const { raw } = await chunks.describe();
    return raw.pendingActivities?.some((activity) => activity.lastWorkerIdentity?.startsWith(`${victim}@`));
  });
  process.kill(victim, 'SIGKILL');

  const done = await ended(data, video.id, stack);
  expect(done).toMatchObject({ status: 'ready', errors: [] });
  const attempts = chunkAttempts(await chunks.fetchHistory()).map(({ attempt }) => Number(attempt));
  expect(attempts.filter((attempt) => attempt > 1)).toEqual([2]);
  expect(attempts.length).toBe(done.progress.chunks_total || video.progress.chunks_total);
  await connection.close();

  const { stackId } = await stateOf(data);
  // Before this line the launcher has not seen the file published, and an interrupt is one of work: 130.
  await until('the launcher has seen it too', stack, async () => stack.output().includes('Ctrl-C stops everything'));
  stack.child.kill('SIGINT');
  expect(await stack.exit).toBe(0);
  expect(await processesOf(stackId)).toEqual([]);
}, 600_000);
