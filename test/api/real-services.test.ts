import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { fuzzApi, obtainSchemathesis } from '../../fuzz/schemathesis.js';
import { hashSecret } from '../../src/api/api-key.js';
import { UPLOAD_COMMANDS } from '../../src/api/docs/guide.js';
import { createPostgresCatalogue } from '../../src/catalogue/postgres-catalogue.js';
import { SCOPES } from '../../src/domain/scopes.js';
import { createS3ObjectStore } from '../../src/storage/s3-object-store.js';
import { obtainProgram } from '../stack/debian-package.js';
import { scratchFolder } from '../stack/scratch-folder.js';
import { type Api, EVENTS_SECRET, KEYS, sendFile, startApi } from './harness.js';

/** The API on a real database and a real object store: what memory adapters cannot show. */
const name = `api_test_${process.pid}_${Date.now()}`;
const bucket = name.replaceAll('_', '-');
const { DATABASE_URL = '', S3_ENDPOINT = '', S3_REGION = 'us-east-1', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = process.env;
const sql = async (text: string): Promise<void> => {
  const client = new pg.Client({ connectionString: DATABASE_URL });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
};
const databaseUrl = new URL(DATABASE_URL || 'postgres://x');
databaseUrl.pathname = `/${name}`;
const catalogue = createPostgresCatalogue({ databaseUrl: databaseUrl.href });
const store = createS3ObjectStore({
  endpoint: S3_ENDPOINT,
  region: S3_REGION,
  bucket,
  credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
});
let api: Api;
const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = scratchFolder();

beforeAll(async () => {
  await sql(`create database ${name}`);
  await catalogue.migrate();
  await store.prepareBucket({ corsOrigins: ['*'] });
  api = await startApi({ catalogue, store });
}, 30_000);
afterAll(async () => {
  await api?.close();
  for (const { key } of (await store.list('sources/')).objects) await store.delete([key]);
  for (const { key, multipartId } of await store.listMultiparts('sources/')) await store.abortMultipart(key, multipartId);
  store.close();
  await catalogue.close();
  await sql(`drop database if exists ${name} with (force)`);
}, 30_000);

test('a file of two parts and an empty file go all the way', async () => {
  for (const size of [9 * 1024 * 1024, 0]) {
    const { uploadId, videoId } = await sendFile(api, Buffer.alloc(size, 7));
    expect((await api.call('GET', `/v1/uploads/${uploadId}`)).body).toMatchObject({ status: 'uploading', missing_parts: [] });
    const done = await api.call('POST', `/v1/uploads/${uploadId}/complete`);
    expect(done.body).toMatchObject({ status: 'completed', size_bytes: size });
    expect((await api.call('GET', `/v1/videos/${videoId}`)).body).toMatchObject({ status: 'queued', source: { size_bytes: size } });
  }
}, 30_000);

test('the commands of the guide upload a file as they stand', async () => {
  const jq = await obtainProgram(['/usr/bin/jq', '/usr/local/bin/jq'], 'jq');
  const folder = join(scratch, 'guide');
  mkdirSync(folder);
  const file = randomBytes(300_000);
  writeFileSync(join(folder, 'clip.mp4'), file);
  const env = { PATH: `${dirname(jq)}:${process.env.PATH}`, REELMILL_URL: api.url, REELMILL_API_KEY: KEYS.acme };
  const said: string[] = [];
  for (const command of UPLOAD_COMMANDS) {
    // Nobody works on it here: it would be waited for to the end.
    const words = ['-euo', 'pipefail', '-c', command.replace('?wait=30', '?wait=1')];
    said.push((await promisify(execFile)('bash', words, { cwd: folder, env, timeout: 60_000 })).stdout);
  }
  const [completed, seen] = said.slice(-2).map((text) => JSON.parse(text));
  expect(completed).toMatchObject({ object: 'upload', status: 'completed' });
  expect(seen).toMatchObject({ id: completed.video_id, status: 'queued', source: { size_bytes: file.length } });
  const stored = await store.get((await catalogue.getUpload(completed.id))?.key ?? '');
  expect(stored && (await buffer(stored.body))).toEqual(file);
}, 120_000);

test('first signings that race leave one multipart, and a part of another size is refused', async () => {
  const { body } = await api.call('POST', '/v1/uploads', { body: { file_name: 'a.mp4', size_bytes: 20 } });
  const signed = await Promise.all(
    Array.from({ length: 8 }, () => api.call('POST', `/v1/uploads/${body.id}/parts`, { body: { part_numbers: [1] } })),
  );
  const key = (await catalogue.getUpload(body.id))?.key ?? '';
  expect(await store.listMultiparts(key)).toHaveLength(1);
  for (const reply of signed) expect(await api.putPart(reply.body.parts[0].url, Buffer.alloc(20))).toBe(200);
  expect(await api.putPart(signed[0]?.body.parts[0].url, Buffer.alloc(21))).toBe(403);
  expect((await api.call('GET', `/v1/uploads/${body.id}`)).body.missing_parts).toEqual([]);
}, 30_000);

test('30 equal creates at once make one row, and pages hold every video once', async () => {
  const same = await Promise.all(
    Array.from({ length: 30 }, () =>
      api.call('POST', '/v1/uploads', { as: 'rival', body: { file_name: 'Ferien 🏖️.mp4', size_bytes: 1 }, headers: { 'idempotency-key': 'one' } }),
    ),
  );
  expect(new Set(same.map((reply) => `${reply.status} ${JSON.stringify(reply.body)}`)).size).toBe(1);
  await Promise.all(
    Array.from({ length: 12 }, (_, n) => api.call('POST', '/v1/uploads', { as: 'rival', body: { file_name: `${n}`, size_bytes: 1 } })),
  );
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { body } = await api.call('GET', `/v1/videos?limit=4${cursor ? `&cursor=${cursor}` : ''}`, { as: 'rival' });
    seen.push(...body.data.map((video: { id: string }) => video.id));
    cursor = body.next_cursor;
  }
  expect([seen.length, new Set(seen).size]).toEqual([13, 13]);
}, 30_000);

describe('the process', () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill('SIGKILL'));

  const start = async (): Promise<string> => {
    child = spawn(process.execPath, [fileURLToPath(new URL('../../dist/src/api/main.js', import.meta.url))], {
      env: {
        ...{ DATABASE_URL: databaseUrl.href, S3_ENDPOINT, S3_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, S3_BUCKET: bucket },
        ...{ TEMPORAL_ADDRESS: process.env.TEMPORAL_ADDRESS, API_PORT: '0', API_DRAIN_S: '1', UPLOAD_TOKEN_SECRET: 'x'.repeat(32) },
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
      const { msg, port } = JSON.parse(line);
      if (msg !== 'api is listening') continue;
      child.stdout?.resume();
      return `http://127.0.0.1:${port}`;
    }
    throw new Error('It ended before it listened.');
  };
  /** Resolves with the status once all has come, else with what broke. `onData`: of a stream. */
  const ask = (url: string, options: { agent?: Agent; body?: unknown; accept?: string; onData?: () => void } = {}): Promise<number | string> =>
    new Promise((resolve) => {
      const { agent, body, accept, onData } = options;
      const headers = {
        authorization: `Bearer ${KEYS.acme}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(accept ? { accept } : {}),
      };
      const sent = request(url, { method: body ? 'POST' : 'GET', headers, ...(agent ? { agent } : {}) }, (answer) => {
        answer.on('data', () => onData?.());
        answer.once('end', () => resolve(answer.statusCode ?? 0));
        answer.once('error', (error) => resolve(String(error)));
      });
      sent.once('error', (error) => resolve(String(error)));
      sent.end(body ? JSON.stringify(body) : undefined);
    });

  test('told to stop under load, fails no request on connections that are kept, and brings its streams to their end', async () => {
    const { body: upload } = await api.call('POST', '/v1/uploads', { body: { file_name: 'a.mp4', size_bytes: 20 } });
    const url = await start();
    while ((await ask(`${url}/readyz`)) !== 200) await sleep(100);
    const agent = new Agent({ keepAlive: true, maxSockets: 12 });
    let begun = 0;
    const streams = Array.from({ length: 5 }, () => {
      let isOpen = false;
      const onData = (): void => {
        if (!isOpen) begun += 1;
        isOpen = true;
      };
      return ask(`${url}/v1/events`, { accept: 'text/event-stream', onData });
    });
    let isReady = true;
    const outcomes: (number | string)[] = [];
    // As behind a load balancer: nothing new goes to who says that he is not ready.
    const clients = Array.from({ length: 10 }, async (_, n) => {
      while (isReady) {
        const sign = { agent, body: { part_numbers: [1] } };
        outcomes.push(await (n % 2 === 0 ? ask(`${url}/v1/videos`, { agent }) : ask(`${url}/v1/uploads/${upload.id}/parts`, sign)));
      }
    });
    while (begun < 5 || outcomes.length < 50) await sleep(20);
    child?.kill('SIGTERM');
    const exit = once(child as ChildProcess, 'exit');
    const before = outcomes.length;
    while (isReady) isReady = (await ask(`${url}/readyz`, { agent })) === 200;
    await Promise.all(clients);
    expect(new Set(outcomes)).toEqual(new Set([200]));
    expect(outcomes.length).toBeGreaterThanOrEqual(before);
    expect(await Promise.all(streams)).toEqual(Array(5).fill(200));
    expect((await exit)[0]).toBe(0);
    agent.destroy();
  }, 60_000);
});

test('the client as it is published, in an empty folder: uploads, lists and follows from JavaScript, and types a program', async () => {
  const here = join(scratch, 'app');
  mkdirSync(here);
  const npm = (args: readonly string[], cwd: string) => promisify(execFile)('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd });
  // The repository's .npmrc lets no script run, this package's own build among them.
  await npm(['pack', '--ignore-scripts=false', '--pack-destination', scratch], join(root, 'client'));
  const [packed = ''] = readdirSync(scratch).filter((file) => file.endsWith('.tgz'));
  writeFileSync(join(here, 'package.json'), '{"private":true,"type":"module"}');
  await npm(['install', '--ignore-scripts', '--prefer-offline', join(scratch, packed)], here);
  writeFileSync(join(here, 'clip.mp4'), randomBytes(9 * 1024 * 1024));
  writeFileSync(join(here, 'app.mjs'), JAVASCRIPT);
  const env = { ...process.env, REELMILL_URL: api.url, REELMILL_API_KEY: KEYS.acme, NODE_OPTIONS: '' };
  const { stdout } = await promisify(execFile)(process.execPath, ['app.mjs'], { cwd: here, env });
  expect(JSON.parse(stdout)).toEqual({ status: 'completed', listed: true, ends: ['video.created', 'video.deleted'], fault: 'NOT_FOUND' });
  writeFileSync(join(here, 'app.ts'), TYPESCRIPT);
  const tsc = [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '--noEmit', '--strict', '--module', 'nodenext', '--types', '', 'app.ts'];
  const wrong = await promisify(execFile)(process.execPath, tsc, { cwd: here }).then(
    () => '',
    (error: { readonly stdout: string }) => error.stdout,
  );
  expect(wrong.trim().split('\n')).toEqual([expect.stringMatching(/^app\.ts\(6,\d+\): error TS2367/)]);
}, 90_000);

const JAVASCRIPT = `
import { env } from 'node:process';
import { ClientFault, createClient } from '@reelmill/client';

const reelmill = createClient({ baseUrl: env.REELMILL_URL, apiKey: env.REELMILL_API_KEY });
const upload = await reelmill.upload('clip.mp4');
const { data: page } = await reelmill.api.GET('/v1/videos', { params: { query: { limit: 100 } } });
const types = [];
for await (const event of reelmill.events({ videoId: upload.video_id })) {
  types.push(event.type);
  if (types.length === 1) await reelmill.api.DELETE('/v1/videos/{video_id}', { params: { path: { video_id: upload.video_id } } });
}
const fault = await reelmill.waitForVideo(upload.video_id).catch((error) => error instanceof ClientFault && error.code);
const listed = page.data.some((video) => video.id === upload.video_id);
console.log(JSON.stringify({ status: upload.status, listed, ends: [types[0], types.at(-1)], fault }));
`;

const TYPESCRIPT = `
import { createClient, type Video } from '@reelmill/client';
const reelmill = createClient({ baseUrl: 'https://api.example.com', apiKey: 'rm_live_x' });
const video: Video = await reelmill.waitForVideo('vid_x');
const percent: number = video.progress.percent;
if (video.status === 'finished') console.log(percent);
export {};
`;

test('whatever is asked, as the description allows or not, gets an answer that it lists', async () => {
  const [, , id = '', secret = ''] = FUZZ_KEY.split('_');
  await catalogue.addApiKey({ id, tenantId: 'acme', secretHash: hashSecret(secret), name: 'fuzz', scopes: SCOPES });
  const python = await obtainSchemathesis(root, process.env, (line) => process.stderr.write(`${line}\n`));
  const wish = { seed: 1, examples: 2, phases: ['fuzzing'], limitMs: 100_000, out: scratch } as const;
  const report = await fuzzApi(python, { ...wish, root, env: process.env, url: api.url, apiKey: FUZZ_KEY, eventsSecret: EVENTS_SECRET });
  if (!report.ok) process.stderr.write(report.words);
  expect(report).toMatchObject({ ok: true, failures: 0, errors: 0, tested: report.operations });
  expect(report.operations).toBeGreaterThan(40);
}, 300_000);

const FUZZ_KEY = 'rm_test_fuzz1_0123456789abcdef0123';
