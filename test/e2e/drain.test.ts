import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Connection, WorkflowClient } from '@temporalio/client';
import { type ApiVideo, api, chunkAttempts, ended, ffmpeg, remove, root, type Stack, start, stateOf, until, workFolder } from './stack.js';

let folder: string;
let data: string;
let stack: Stack;
let metadata: Server;
let noticeAt: Date | null = null;
const spots: ChildProcess[] = [];

beforeAll(async () => {
  folder = await workFolder();
  data = join(folder, 'data');
  // Grain, so that a chunk takes its time.
  const picture = 'testsrc2=s=854x480:r=20:d=80,noise=alls=12:allf=t';
  await ffmpeg('-f', 'lavfi', '-i', picture, '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '30', join(folder, 'long.mp4'));
  // As EC2 answers: a token first, 404 until there is a notice.
  metadata = createServer((request, response) => {
    if (request.method === 'PUT') response.end('token');
    else if (noticeAt === null) response.writeHead(404).end();
    else response.end(JSON.stringify({ action: 'terminate', time: noticeAt.toISOString() }));
  }).listen(0, '127.0.0.1');
  await once(metadata, 'listening');
}, 120_000);
afterAll(async () => {
  for (const spot of spots) spot.kill('SIGKILL');
  stack?.child.kill('SIGKILL');
  metadata.close();
  await remove(folder);
});

const scratchOf = (spot: ChildProcess | number): string => join(folder, `scratch-${typeof spot === 'number' ? spot : spots.indexOf(spot)}`);

/** One more encoder, on a machine that will be taken away: the stack's own environment, and what is told of the end. */
async function startSpot(extra: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const { parts } = await stateOf(data);
  const own = readFileSync(`/proc/${parts['encoder 1']?.pid}/environ`, 'latin1').split('\0').filter(Boolean);
  const env = {
    ...Object.fromEntries(own.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])),
    SCRATCH_DIR: scratchOf(spots.length),
    ...extra,
  };
  const spot = spawn(process.execPath, [join(root, 'dist/workers/encoder.js')], { env, stdio: 'ignore' });
  spots.push(spot);
  return spot;
}

test('an encoder that is given 120 s ends its chunk first; one that is given 5 s lets go of it at once', async () => {
  stack = start(['--data', data, '--encoders', '1', join(folder, 'long.mp4')]);
  const video = await until('a video is being encoded', stack, async () => {
    const [found] = (await api<{ data: ApiVideo[] }>(data, '/v1/videos')).data;
    return found?.progress.stage === 'encode' ? found : null;
  });
  const { ports } = await stateOf(data);
  const connection = await Connection.connect({ address: `127.0.0.1:${ports.temporal}` });
  const chunks = new WorkflowClient({ connection }).getHandle(`video/${video.id}/g1/chunks`);
  /** A chunk that this process works on, and has so much of already: one that has only begun is let go in any case. */
  const chunkOf = async (spot: ChildProcess, leastBytes: number): Promise<string | null> => {
    const { raw } = await chunks.describe();
    const found = raw.pendingActivities?.find((activity) => activity.lastWorkerIdentity?.startsWith(`${spot.pid}@`));
    const written = (await readdir(scratchOf(spot), { recursive: true })).filter((name) => name.endsWith('.mp4'));
    const sizes = await Promise.all(written.map(async (name) => (await stat(join(scratchOf(spot), name))).size));
    return found?.activityId && sizes.some((size) => size >= leastBytes) ? found.activityId : null;
  };
  const drained = async (spot: ChildProcess): Promise<{ code: number | null; tookMs: number }> => {
    const begunMs = Date.now();
    const [code] = spot.exitCode === null ? await once(spot, 'exit') : [spot.exitCode];
    return { code, tookMs: Date.now() - begunMs };
  };

  const patient = await startSpot({ SPOT_NOTICE_URL: `http://127.0.0.1:${(metadata.address() as AddressInfo).port}` });
  const hasty = await startSpot({ DRAIN_S: '5' });
  const released = await until('the hasty one is in mid-chunk', stack, () => chunkOf(hasty, 1));
  hasty.kill('SIGTERM');
  const second = await drained(hasty);
  // Noise at the quality's cap of 1.4 Mb/s: about half of a chunk of 24 s, so that the rest fits on a slow machine too.
  const finished = await until('the patient one is in mid-chunk', stack, () => chunkOf(patient, 2_000_000));
  noticeAt = new Date(Date.now() + 120_000);
  const first = await drained(patient);

  const done = await ended(data, video.id, stack);
  expect(done).toMatchObject({ status: 'ready', errors: [] });
  const attempts = chunkAttempts(await chunks.fetchHistory());
  await connection.close();
  const [earliest] = [...attempts].sort((a, b) => Number(a.atNs - b.atNs));
  console.info(`notice of 120 s: exit ${first.code} after ${first.tookMs} ms; of 5 s: exit ${second.code} after ${second.tookMs} ms`);
  // Of those that were not let go and begun again: what players wait for comes first.
  const chunkZero = Math.min(...attempts.map(({ id }) => Number(id)));
  expect([Number(earliest?.id), Number(released)]).toContain(chunkZero);
  expect(first.code).toBe(0);
  expect(first.tookMs).toBeLessThan(120_000);
  expect(second.code).toBe(0);
  expect(second.tookMs).toBeLessThan(5_000);
  expect(attempts.find(({ id }) => id === finished)).toMatchObject({ attempt: 1, by: expect.stringMatching(`^${patient.pid}@`) });
  expect(attempts.filter(({ attempt }) => attempt !== 1)).toEqual([expect.objectContaining({ id: released, attempt: 2, why: 'WORKER_DRAINING' })]);
}, 600_000);
