import { createHash, randomBytes } from 'node:crypto';
import { appendFile, copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createS3ObjectStore } from '../../src/storage/s3-object-store.js';
import { obtainChromium } from './browser/chromium.js';
import { type CountingProxy, type Passed, startCountingProxy } from './browser/counting-proxy.js';
import { startUppyBrowser, type UppyBrowser } from './browser/open-page.js';
import { api, ended, ffmpeg, processesOf, remove, type Stack, start, stateOf, until, workFolder } from './stack.js';

const MIB = 1024 * 1024;
const found = await obtainChromium();
if (found.path === null) process.stderr.write(`The tests of Uppy in a browser are skipped: ${found.why}\n`);

interface Session {
  readonly id: string;
  readonly video_id: string;
  readonly client_url: string;
  readonly status: string;
}

let folder: string;
let data: string;
let stack: Stack;
let proxy: CountingProxy;
let browser: UppyBrowser;
let store: ReturnType<typeof createS3ObjectStore>;
const file = (name: string): string => join(folder, name);

(found.path === null ? describe.skip : describe)('an unchanged Uppy in a browser', () => {
  beforeAll(async () => {
    folder = await workFolder();
    data = file('data');
    await ffmpeg(
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=320x180:r=25:d=2',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p',
      file('small.mp4'),
    );
    await padded('large.mp4', 110 * MIB);
    await padded('middle.mp4', 17 * MIB);
    stack = start(['--data', data, '--encoders', '1', file('small.mp4')]);
    await until('the stack is up', stack, async () => (await api<{ data: unknown[] }>(data, '/v1/videos')).data.length > 0, 400_000);
    proxy = await startCountingProxy();
    browser = await startUppyBrowser(found.path ?? '', proxy.address);
    const { ports, secrets } = JSON.parse(await readFile(join(data, 'state.json'), 'utf8'));
    store = createS3ObjectStore({
      endpoint: `http://127.0.0.1:${ports.s3}`,
      region: 'us-east-1',
      bucket: 'reelmill',
      credentials: { accessKeyId: secrets.s3AccessKey, secretAccessKey: secrets.s3SecretKey },
    });
  }, 480_000);
  afterAll(async () => {
    await browser?.close();
    await proxy?.close();
    store?.close();
    if (stack) {
      const { stackId } = await stateOf(data);
      stack.child.kill('SIGINT');
      await stack.exit;
      expect(await processesOf(stackId)).toEqual([]);
    }
    if (folder) await remove(folder);
  }, 60_000);

  test('110 MiB: paused, resumed, reloaded in the middle, picked again; only what was missing is sent', async () => {
    const session = await newSession();
    proxy.slowPutsMs = 80;
    const page = await browser.open({ endpoint: session.client_url, title: 'large' });
    await page.setInputFiles('input', file('large.mp4'));
    await page.click('#upload');
    await partsOf(session, (parts) => parts.size >= 4);
    await page.click('#pause');
    await browser.untilState(page, 'paused');
    await browser.picture(page, '1-paused');
    await sleep(500);
    const paused = puts(session).length;
    await sleep(700);
    expect(puts(session)).toHaveLength(paused);

    await page.click('#resume');
    const before = await partsOf(session, (parts) => parts.size >= 9);
    await browser.picture(page, '2-resumed');
    // The retriever notes how far it is twice a second.
    await sleep(700);
    proxy.holdsPutsAfterBytes = 2 * MIB;
    const cut = await until('a part is under way', stack, async () => puts(session).slice(-1).find(isHeld));
    await page.reload();
    await browser.untilState(page, 'ghost');
    await browser.picture(page, '3-reloaded');
    proxy.holdsPutsAfterBytes = null;
    const atReload = puts(session).length;
    // The store makes of it what it makes of it, a moment after the connection is gone.
    await sleep(500);
    const kept = (await storedParts(session)).find((part) => part.partNumber === partNumber(cut));
    process.stderr.write(
      `reload: part ${partNumber(cut)} was cut after ${cut.sentBytes} bytes; the store lists it with ${kept?.sizeBytes ?? 'no'} bytes\n`,
    );
    await page.setInputFiles('input', file('large.mp4'));
    proxy.slowPutsMs = 0;
    await page.click('#go-on');
    await browser.untilState(page, 'done');
    await browser.picture(page, '4-done');

    const size = (await readFile(file('large.mp4'))).length;
    const count = Math.ceil(size / (5 * MIB));
    const sent = puts(session);
    expect([...new Set(sent.map(partNumber))].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    // What was on its way at the pause and at the reload is sent again, and so is the last part that S3 has at the reload: it may have broken off.
    const sentAgain = sent.length - count;
    expect(sentAgain).toBeLessThanOrEqual(3);
    for (const put of sent.slice(atReload)) expect([...before]).not.toContain(partNumber(put));
    const sentBytes = sent.reduce((sum, put) => sum + put.sentBytes, 0);
    process.stderr.write(
      `reload: ${count} parts, ${sent.length - atReload} sent after the reload, ${sentAgain} sent twice, ${sentBytes - size} bytes more than the file\n`,
    );
    expect(sentBytes - size).toBeLessThanOrEqual(3 * 5 * MIB);
    expect(sent.slice(atReload).map(partNumber)).toContain(partNumber(cut));
    expect(await sourceSha256(session)).toBe(await sha256('large.mp4'));
    expect(await ended(data, session.video_id, stack)).toMatchObject({ status: 'ready', errors: [] });
    await page.close();
  }, 180_000);

  test('an answer to complete that is lost: Uppy’s own retry ends well, and no part is sent again', async () => {
    const session = await newSession();
    const page = await browser.open({ endpoint: session.client_url, title: 'lost answer', parts: true });
    proxy.losesAnswerTo = ({ method, url, status }) => method === 'POST' && url.pathname.endsWith('/complete') && status === 200;
    await page.setInputFiles('input', file('middle.mp4'));
    await page.click('#upload');
    await browser.untilState(page, 'failed');
    await browser.picture(page, '5-answer-lost');
    proxy.losesAnswerTo = null;
    expect((await readSession(session)).status).toBe('completed');
    const sent = puts(session).length;
    await page.click('#retry');
    await browser.untilState(page, 'done');
    await browser.picture(page, '6-retried');
    expect(puts(session)).toHaveLength(sent);
    expect(await sourceSha256(session)).toBe(await sha256('middle.mp4'));
    await page.close();
  }, 90_000);

  test('cancelled in the middle: nothing of it stays in S3', async () => {
    const session = await newSession();
    proxy.slowPutsMs = 400;
    const page = await browser.open({ endpoint: session.client_url, title: 'cancelled', parts: true });
    await page.setInputFiles('input', file('middle.mp4'));
    await page.click('#upload');
    await partsOf(session, (parts) => parts.size >= 2);
    const [key] = (await store.listMultiparts('sources/')).map((open) => open.key).filter((each) => each.includes(session.id));
    expect(key).toBeDefined();
    await page.click('#cancel');
    proxy.slowPutsMs = 0;
    await until('the session is cancelled', stack, async () => (await readSession(session)).status === 'cancelled', 30_000);
    await browser.picture(page, '7-cancelled');
    // Its workflow clears away what lies in the store; the API has already said that it is over.
    await until('nothing of it stays in S3', stack, async () => (await store.listMultiparts(key ?? '')).length === 0, 30_000);
    expect(await store.head(key ?? '')).toBeNull();
    await page.close();
  }, 90_000);

  test('a small file goes by a form, and is found and published without another call', async () => {
    const session = await newSession();
    await copyFile(file('small.mp4'), file('a form ü.mp4'));
    const page = await browser.open({ endpoint: session.client_url, title: 'small' });
    await page.setInputFiles('input', file('a form ü.mp4'));
    await page.click('#upload');
    await browser.untilState(page, 'done');
    await browser.picture(page, '8-small');
    expect(proxy.passed.filter(({ method, status }) => method === 'POST' && status === 201)).toHaveLength(1);
    await until('the file is found', stack, async () => (await readSession(session)).status === 'completed', 45_000);
    expect(await sourceSha256(session)).toBe(await sha256('small.mp4'));
    expect(await ended(data, session.video_id, stack)).toMatchObject({ status: 'ready', name: 'a form ü.mp4' });
    await page.close();
  }, 150_000);
});

/** A session of which nothing is said: all that a page is given is its address. */
async function newSession(): Promise<Session> {
  const { ports } = await stateOf(data);
  const key = (await readFile(join(data, 'api-key'), 'utf8')).trim();
  const answer = await fetch(`http://127.0.0.1:${ports.api}/v1/uploads`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: '{}',
  });
  expect(answer.status).toBe(201);
  return (await answer.json()) as Session;
}

const readSession = (session: Session): Promise<Session> => api<Session>(data, `/v1/uploads/${session.id}`);

/** The film with an empty box behind it: as large as wanted, and still a film. */
async function padded(name: string, sizeBytes: number): Promise<void> {
  await copyFile(file('small.mp4'), file(name));
  const box = randomBytes(sizeBytes);
  box.writeUInt32BE(sizeBytes, 0);
  box.write('free', 4, 'latin1');
  await appendFile(file(name), box);
}

/** One that had come further than where the next ones are held stays where it was. */
const isHeld = (put: Passed): boolean => put.status === null && put.sentBytes >= 2 * MIB && put.sentBytes < 5 * MIB;

const puts = (session: Session): Passed[] => proxy.passed.filter(({ method, url }) => method === 'PUT' && url.pathname.includes(session.id));
const partNumber = (put: Passed): number => Number(put.url.searchParams.get('partNumber'));

async function storedParts(session: Session) {
  const [open] = (await store.listMultiparts('sources/')).filter(({ key }) => key.includes(session.id));
  return (open && (await store.listParts(open.key, open.multipartId))) ?? [];
}

/** The numbers of the parts that S3 has taken, as soon as they are enough. */
async function partsOf(session: Session, enough: (parts: ReadonlySet<number>) => boolean): Promise<ReadonlySet<number>> {
  return await until(
    'parts are sent',
    stack,
    async () => {
      const parts = new Set(
        puts(session)
          .filter((put) => put.status === 200)
          .map(partNumber),
      );
      return enough(parts) ? parts : null;
    },
    60_000,
  );
}

const sha256 = async (name: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(file(name)))
    .digest('hex');

async function sourceSha256(session: Session): Promise<string> {
  const [object] = (await store.list('sources/')).objects.filter(({ key }) => key.includes(session.id));
  const source = object && (await store.get(object.key));
  if (!source) throw new Error('there is no source');
  const hash = createHash('sha256');
  for await (const piece of source.body) hash.update(piece as Buffer);
  return hash.digest('hex');
}
