import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { createMemoryCatalogue } from '../../../src/catalogue/memory-catalogue.js';
import { createS3ObjectStore } from '../../../src/storage/s3-object-store.js';
import { type Api, KEYS, startApi } from '../../api/harness.js';
import { readAll, sha256 } from '../../contract/object-store-harness.js';
import { dropBucket, realS3 } from '../../storage/real-s3.js';
import { type ApiDoor, startApiDoor } from './api-door.js';
import { type PartProxy, startPartProxy } from './part-proxy.js';
import { type CliRun, runCli } from './run-cli.js';

jest.setTimeout(90_000);

/** The command itself, killed and disturbed, on the API and a real S3 server; what the store is sent is counted between the two. */
const MIB = 1024 * 1024;
const PART = 8 * MIB;
const PARTS = 6;
const SIZE = (PARTS - 1) * PART + 12_345;

const folder = mkdtempSync(join(tmpdir(), 'reelmill-cli-'));
const s3 = realS3();
const bytes = randomBytes(SIZE);
const film = join(folder, 'film.mp4');
const running: CliRun[] = [];
let proxy: PartProxy;
let door: ApiDoor;
let api: Api;
let store: ReturnType<typeof createS3ObjectStore>;
let catalogue: ReturnType<typeof createMemoryCatalogue>;
let state: string;

beforeAll(async () => {
  writeFileSync(film, bytes);
  const bucket = createS3ObjectStore(s3);
  await bucket.prepareBucket({ corsOrigins: ['*'] });
  bucket.close();
}, 30_000);
beforeEach(async () => {
  state = mkdtempSync(join(folder, 'state-'));
  proxy = await startPartProxy(s3.endpoint);
  store = createS3ObjectStore({ ...s3, publicEndpoint: proxy.url });
  catalogue = createMemoryCatalogue();
  door = await startApiDoor();
  await openApi();
});
afterEach(async () => {
  for (const { child, exit } of running.splice(0)) {
    child.kill('SIGKILL');
    await exit;
  }
  await Promise.all([api.close(), door.close(), proxy.close()]);
  store.close();
});
afterAll(async () => {
  const bucket = createS3ObjectStore(s3);
  await dropBucket(bucket, s3);
  bucket.close();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

/** An API on the same catalogue and store; the door leads to it. */
async function openApi(partUrlTtlS = 900): Promise<void> {
  const config = {
    version: '9.9.9',
    publicUrl: null,
    cdnBaseUrl: 'https://cdn.test/m',
    corsOrigins: ['*'],
    uploadTtlS: 3600,
    partUrlTtlS,
    uploadTokenSecrets: ['one-secret-of-the-tests-and-it-is-long'],
  };
  api = await startApi({ catalogue, store, config });
  door.lead(Number(new URL(api.url).port));
}

function cli(...args: string[]): CliRun {
  const run = runCli([...args, '--url', door.url, '--key', KEYS.acme], { XDG_STATE_HOME: state });
  running.push(run);
  return run;
}

async function until(what: string, look: () => boolean, limitMs = 60_000): Promise<void> {
  for (const end = Date.now() + limitMs; !look(); await sleep(5)) if (Date.now() > end) throw new Error(`${what}: did not happen`);
}

const uploadOf = (run: CliRun): string => run.events().find(({ event }) => event === 'session')?.upload_id;
const stored = async (uploadId: string): Promise<string> => {
  const object = await store.get((await catalogue.getUpload(uploadId))?.key ?? '');
  return object ? sha256(await readAll(object.body)) : 'nothing';
};
const remembered = (): string[] => {
  const uploads = join(state, 'reelmill', 'uploads');
  return readdirSync(uploads).filter((name) => name.endsWith('.json'));
};
const done = (): number[] => proxy.puts.filter(({ status }) => status === 200).map(({ part }) => part);

test.each(['crc32c', 'sha256', 'none'])('a whole file arrives as it is, with %s', async (checksum) => {
  const run = cli('upload', film, '--json', '--checksum', checksum);
  expect([await run.exit, run.err()]).toEqual([0, '']);
  expect(await stored(uploadOf(run))).toBe(sha256(bytes));
  expect(proxy.puts.map(({ part }) => part).sort()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(proxy.puts.slice(0, 2).map(({ part }) => part)).toEqual(expect.arrayContaining([1, PARTS]));
  expect(run.events().at(-1)).toMatchObject({ event: 'uploaded', size_bytes: SIZE });
  expect(remembered()).toEqual([]);
});

test('kill -9 in mid-upload, and the same command again sends only what is missing', async () => {
  proxy.setPause(300);
  const first = cli('upload', film, '--json', '--concurrency', '2');
  await until('three parts are there', () => done().length >= 3);
  first.child.kill('SIGKILL');
  expect(await first.exit).toBe('SIGKILL');
  const uploadId = uploadOf(first);
  // What was on its way when it died may still come to its end.
  await sleep(1_000);
  const missing = (await api.call('GET', `/v1/uploads/${uploadId}`)).body.missing_parts as number[];
  expect(missing.length).toBeGreaterThan(0);
  expect(missing.length).toBeLessThanOrEqual(PARTS - 3);
  expect(remembered()).toHaveLength(1);

  const before = proxy.puts.length;
  const second = cli('upload', film, '--json', '--concurrency', '2');
  expect([await second.exit, second.err()]).toEqual([0, '']);
  const again = proxy.puts.slice(before);
  expect(again.map(({ part }) => part).sort()).toEqual([...missing].sort());
  expect(again.reduce((sum, put) => sum + put.bytes, 0)).toBe(
    missing.reduce((sum, part) => sum + (part === PARTS ? SIZE - (PARTS - 1) * PART : PART), 0),
  );
  expect(second.events()[0]).toMatchObject({ event: 'session', upload_id: uploadId, resumed: true });
  expect(await stored(uploadId)).toBe(sha256(bytes));
  expect(remembered()).toEqual([]);
  expect(api.pipeline.started).toHaveLength(1);
});

test('a crash between the create call and its answer leaves no second session', async () => {
  const port = Number(new URL(api.url).port);
  door.lead(port, true);
  const first = cli('upload', film, '--json');
  await until('the session exists', () => api.pipeline.started.length === 1);
  expect(remembered()).toHaveLength(1);
  first.child.kill('SIGKILL');
  await first.exit;
  door.lead(port);
  const second = cli('upload', film, '--json');
  expect(await second.exit).toBe(0);
  expect((await api.call('GET', '/v1/videos')).body.data).toHaveLength(1);
  expect(uploadOf(second)).toBe(api.pipeline.started[0]?.uploadId);
});

test.each(['crc32c', 'sha256'])('a bit that flips on the way is found by the store’s %s, and the part is sent again', async (checksum) => {
  proxy.setFault((part, nth) => (part === 3 && nth <= 2 ? { kind: 'flip' } : null));
  const run = cli('upload', film, '--json', '--checksum', checksum);
  expect(await run.exit).toBe(0);
  expect(run.events().filter(({ event }) => event === 'part_failed')).toMatchObject([
    { part_number: 3, why: 'the store answered 400 BadDigest' },
    { part_number: 3, why: 'the store answered 400 BadDigest' },
  ]);
  expect(proxy.puts.filter(({ part }) => part === 3).map(({ status }) => status)).toEqual([400, 400, 200]);
  expect(await stored(uploadOf(run))).toBe(sha256(bytes));
});

test('without a checksum the same flip goes unseen: it is the checksum that finds it', async () => {
  proxy.setFault((part, nth) => (part === 3 && nth === 1 ? { kind: 'flip' } : null));
  const run = cli('upload', film, '--json', '--checksum', 'none');
  expect(await run.exit).toBe(0);
  expect(await stored(uploadOf(run))).not.toBe(sha256(bytes));
});

test('URLs that end before the store looks at them are signed again', async () => {
  await api.close();
  await openApi(2);
  proxy.setFault((part, nth) => (part <= 2 && nth === 1 ? { kind: 'late', ms: 3_500 } : null));
  const run = cli('upload', film, '--json');
  expect(await run.exit).toBe(0);
  for (const part of [1, 2]) {
    const [first, ...more] = proxy.puts.filter((put) => put.part === part).map(({ status }) => status);
    // The store may close the connection with its refusal, before the proxy has read it.
    expect([403, null]).toContain(first);
    expect(more).toEqual([200]);
  }
  expect(await stored(uploadOf(run))).toBe(sha256(bytes));
});

test('a network that resets every part once, in its middle, and a store that answers 503 are lived through', async () => {
  proxy.setFault((part, nth) => {
    if (nth === 1) return { kind: 'reset', afterBytes: part === PARTS ? 5_000 : part * MIB };
    return nth === 2 && part % 2 === 0 ? { kind: 'answer', status: 503 } : null;
  });
  const run = cli('upload', film, '--json');
  expect(await run.exit).toBe(0);
  expect(run.events().filter(({ event }) => event === 'part_failed').length).toBe(PARTS + PARTS / 2);
  expect(await stored(uploadOf(run))).toBe(sha256(bytes));
});

test('an API that is away for some seconds in mid-upload is waited for', async () => {
  proxy.setPause(200);
  const run = cli('upload', film, '--json', '--concurrency', '1');
  await until('a part is there', () => done().length >= 1);
  door.lead(null);
  await api.close();
  await sleep(3_000);
  expect(run.child.exitCode).toBeNull();
  await openApi();
  expect(await run.exit).toBe(0);
  expect(run.err()).toContain('does not answer');
  expect(await stored(uploadOf(run))).toBe(sha256(bytes));
});

test('an API that stays away ends it with exit code 1, and the same command goes on later', async () => {
  proxy.setPause(200);
  const run = cli('upload', film, '--json', '--concurrency', '1', '--patience', '0.03');
  await until('a part is there', () => done().length >= 1);
  door.lead(null);
  expect(await run.exit).toBe(1);
  expect(run.events().at(-1)).toMatchObject({ event: 'failed', code: 'API_UNAVAILABLE' });
  door.lead(Number(new URL(api.url).port));
  const again = cli('upload', film, '--json');
  expect(await again.exit).toBe(0);
  expect(again.events()[0]).toMatchObject({ resumed: true });
});

test('Ctrl-C ends it with 130 and says how to go on; a second process on the same file is refused meanwhile', async () => {
  proxy.setPause(300);
  const run = cli('upload', film, '--concurrency', '1');
  await until('a part is there', () => done().length >= 1);
  const rival = cli('upload', film, '--json');
  expect(await rival.exit).toBe(1);
  expect(rival.events().at(-1)).toMatchObject({ event: 'failed', code: 'UPLOAD_BUSY', message: expect.stringContaining(String(run.child.pid)) });
  run.child.kill('SIGINT');
  expect(await run.exit).toBe(130);
  expect(run.err()).toContain(`reelmill upload ${film} --concurrency 1`);
  expect(run.err()).not.toContain(KEYS.acme);
});

test('a file that changed after the break is a new upload, and the old one is given up', async () => {
  const changing = join(folder, 'changing.mp4');
  writeFileSync(changing, bytes);
  proxy.setPause(300);
  const first = cli('upload', changing, '--json', '--concurrency', '1');
  await until('a part is there', () => done().length >= 1);
  first.child.kill('SIGKILL');
  await first.exit;
  proxy.setPause(0);
  const other = randomBytes(PART + 1);
  writeFileSync(changing, other);
  const second = cli('upload', changing, '--json');
  expect(await second.exit).toBe(0);
  expect(second.events()[0]).toMatchObject({ event: 'note', text: expect.stringContaining('has changed') });
  expect(uploadOf(second)).not.toBe(uploadOf(first));
  expect((await catalogue.getUpload(uploadOf(first)))?.state).toBe('cancelled');
  expect(await stored(uploadOf(second))).toBe(sha256(other));
});

test('status, list and cancel tell and end what was begun', async () => {
  proxy.setPause(300);
  const run = cli('upload', film, '--json', '--concurrency', '1');
  await until('a part is there', () => done().length >= 1);
  run.child.kill('SIGKILL');
  await run.exit;
  const uploadId = uploadOf(run);
  const one = cli('status', uploadId);
  expect(await one.exit).toBe(0);
  expect(one.out()).toMatch(/film\.mp4 {2}42\.0 MB {2}uploading, \d of 6 parts are there/);
  const all = cli('status');
  expect(await all.exit).toBe(0);
  expect(all.out()).toContain(`reelmill upload ${film}`);
  const list = cli('list', '--json', '--limit', '5');
  expect(await list.exit).toBe(0);
  expect(list.events()).toMatchObject([{ name: 'film.mp4', status: 'uploading' }]);
  const cancel = cli('cancel', list.events()[0].id);
  expect(await cancel.exit).toBe(0);
  expect((await catalogue.getUpload(uploadId))?.state).toBe('cancelled');
  expect(remembered()).toEqual([]);
  const twice = cli('cancel', uploadId);
  expect(await twice.exit).toBe(0);
  const download = cli('download', list.events()[0].id, '--json');
  expect(await download.exit).toBe(1);
  expect(download.events()).toMatchObject([{ code: 'NOT_PUBLISHED' }]);
});

test('files that cannot be sent are told one by one, and do not keep the others', async () => {
  const small = join(folder, 'small.mp4');
  writeFileSync(small, Buffer.from([0, 1, 2]));
  const run = cli('upload', join(folder, 'absent.mp4'), folder, small, '--json');
  expect(await run.exit).toBe(1);
  expect(run.events().filter(({ event }) => event === 'failed')).toMatchObject([{ code: 'FILE_NOT_READABLE' }, { code: 'FILE_NOT_READABLE' }]);
  expect(run.events().filter(({ event }) => event === 'uploaded')).toMatchObject([{ file: small }]);
});

test('a wrong key is told with its code, and doctor says whether the API is there', async () => {
  const wrong = runCli(['upload', film, '--url', door.url, '--key', 'rm_test_x_y'], { XDG_STATE_HOME: state });
  running.push(wrong);
  expect(await wrong.exit).toBe(1);
  expect(wrong.out()).toContain('UNAUTHENTICATED');
  const doctor = cli('doctor');
  expect(await doctor.exit).toBe(0);
  expect(doctor.out()).toContain(`${door.url} (--url) answers and takes the key`);
  door.lead(null);
  const away = cli('doctor', '--json', '--patience', '0.01');
  expect(await away.exit).toBe(1);
  expect(away.events()).toMatchObject([{ api: { ok: false } }]);
});
