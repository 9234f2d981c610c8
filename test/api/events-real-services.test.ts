import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { createPostgresCatalogue } from '../../src/catalogue/postgres-catalogue.js';
import { PipelineError } from '../../src/domain/errors.js';
import { draftFor } from '../contract/catalogue.js';
import { createTestDatabase, type TestDatabase } from '../contract/postgres-database.js';
import { type Api, KEYS, startApi } from './harness.js';
import { openSse, type SseReader } from './sse-reader.js';

/** Streams over a real PostgreSQL, whose connections are cut meanwhile. */
let database: TestDatabase;
let catalogue: Catalogue;
let writer: Catalogue;
let api: Api;
const readers: SseReader[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  catalogue = createPostgresCatalogue({ databaseUrl: database.url, applicationName: 'streams' });
  writer = createPostgresCatalogue({ databaseUrl: database.url, applicationName: 'writer' });
  await catalogue.migrate();
  api = await startApi({ catalogue });
}, 60_000);
afterAll(async () => {
  for (const reader of readers) reader.close();
  await api?.close();
  await Promise.all([catalogue?.close(), writer?.close()]);
  await database?.drop();
});

const begin = async (): Promise<void> => {
  const hex = (): string => randomBytes(16).toString('hex');
  await writer.createUpload({ ...draftFor('acme'), id: `upl_${hex()}`, videoId: `vid_${hex()}` });
};
const follow = async (): Promise<SseReader> => {
  const reader = await openSse(`${api.url}/v1/events`, { authorization: `Bearer ${KEYS.acme}` });
  readers.push(reader);
  return reader;
};

test('a notification brings an event to every stream long before the next look', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, follow));
  await sleep(500);
  const lagsMs: number[] = [];
  for (let n = 1; n <= 15; n += 1) {
    await begin();
    const committedMs = performance.now();
    for (const reader of all) lagsMs.push(((await reader.until(2 * n)).at(-1)?.atMs ?? Number.POSITIVE_INFINITY) - committedMs);
    await sleep(20);
  }
  const median = lagsMs.sort((a, b) => a - b)[Math.floor(lagsMs.length / 2)];
  // By looking alone it would be half a second.
  expect(median).toBeLessThan(300);
}, 60_000);

test('streams live through the loss of every connection to the database, and miss nothing', async () => {
  const start = await catalogue.lastEventPosition();
  const reader = await follow();
  let writing = true;
  const cutting = (async () => {
    for (let kills = 0; writing; kills += 1) {
      const names = kills % 2 === 0 ? ['streams listens'] : ['streams', 'streams listens'];
      await database.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = any($1)', [names]);
      await sleep(60);
    }
  })();
  for (let n = 0; n < 60; n += 1) {
    await begin().catch((error: unknown) => {
      if (!(error instanceof PipelineError)) throw error;
    });
    await sleep(15);
  }
  writing = false;
  await cutting;
  const wanted = (await writer.listTenantEvents({ tenantId: 'acme', after: start, limit: 1000 })).map(({ id }) => id);
  expect(wanted.length).toBeGreaterThanOrEqual(100);
  await reader.until(wanted.length);
  expect(reader.events.map(({ id }) => id)).toEqual(wanted);
}, 60_000);
