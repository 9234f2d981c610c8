import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { MIGRATIONS } from '../../src/catalogue/migrations/index.js';
import { createPostgresCatalogue, type PostgresCatalogueOptions } from '../../src/catalogue/postgres-catalogue.js';
import { PipelineError } from '../../src/domain/errors.js';
import { GENERATION_STATES } from '../../src/domain/generation.js';
import { CHECKSUM_ALGORITHMS, UPLOAD_STATES } from '../../src/domain/upload.js';
import { progressAt, VIDEO_STATES } from '../../src/domain/video.js';
import { describeCatalogue, draftFor, followEvents, planFor, reportFor } from '../contract/catalogue.js';
import { describeCatalogueDelete } from '../contract/catalogue-delete.js';
import { describeCatalogueEvents } from '../contract/catalogue-events.js';
import { describeCatalogueGenerations } from '../contract/catalogue-generations.js';
import type { CatalogueUnderTest } from '../contract/catalogue-harness.js';
import { describeCatalogueTenancy } from '../contract/catalogue-tenancy.js';
import { describeCatalogueVideos } from '../contract/catalogue-videos.js';
import { describeCatalogueWebhooks } from '../contract/catalogue-webhooks.js';
import { createTestDatabase, type TestDatabase } from '../contract/postgres-database.js';
import { explainLists, listsOf, seedVideos } from './list-plans.js';

const make = async (): Promise<CatalogueUnderTest> => {
  const database = await createTestDatabase();
  const catalogue = createPostgresCatalogue({ databaseUrl: database.url });
  return {
    catalogue,
    async atOneMoment(create) {
      const [before] = await database.query('select max(created_at) as at from videos');
      await create();
      await database.query('update videos set created_at = (select max(created_at) from videos) where created_at > $1', [before?.at]);
    },
    async close() {
      await catalogue.close();
      await database.drop();
    },
  };
};

describeCatalogue('postgres', make);
describeCatalogueEvents('postgres', make);
describeCatalogueWebhooks('postgres', make);
describeCatalogueDelete('postgres', make, 20);
describeCatalogueTenancy('postgres', make);
describeCatalogueGenerations('postgres', make);
describeCatalogueVideos('postgres', make);

describe('lists of many videos', () => {
  const ROWS = 30_000;
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    const catalogue = createPostgresCatalogue({ databaseUrl: database.url });
    await catalogue.migrate();
    await catalogue.close();
    await seedVideos(database.query, ROWS);
  });
  afterAll(() => database?.drop());

  it('are read by an index, a page or little more, however they are sorted and narrowed', async () => {
    const facts = await explainLists(database.url, ROWS);
    expect(facts.size).toBe(Object.keys(listsOf(ROWS)).length);
    for (const [name, { visited, scans }] of facts) {
      expect([name, scans, scans.includes('Seq Scan')]).toEqual([name, scans, false]);
      expect([name, visited, visited < ROWS / 10]).toEqual([name, visited, true]);
    }
  });
});

describe('the catalogue on a PostgreSQL that misbehaves', () => {
  let database: TestDatabase;
  const open: Catalogue[] = [];
  const connect = (options: Partial<PostgresCatalogueOptions> = {}): Catalogue => {
    const catalogue = createPostgresCatalogue({ databaseUrl: database.url, ...options });
    open.push(catalogue);
    return catalogue;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await Promise.all(open.map((catalogue) => catalogue.close()));
    await database?.drop();
  });

  it('is migrated once by four processes that start together', async () => {
    const four = [connect(), connect(), connect(), connect()];
    await Promise.all(four.map((catalogue) => catalogue.migrate()));
    expect(await database.query('select name from kysely_migration')).toEqual(Object.keys(MIGRATIONS).map((name) => ({ name })));
    for (const catalogue of four) await catalogue.ensureTenant('tnt_a', 'A');
  });

  it('allows exactly the states that the domain knows', async () => {
    const allowed = async (constraint: string): Promise<string[]> => {
      const [row] = await database.query('select pg_get_constraintdef(oid) as def from pg_constraint where conname = $1', [constraint]);
      return [...String(row?.def).matchAll(/'(\w+)'/g)].map((match) => String(match[1]));
    };
    expect(await allowed('videos_state')).toEqual([...VIDEO_STATES]);
    expect(await allowed('uploads_checksum')).toEqual([...CHECKSUM_ALGORITHMS]);
    expect(await allowed('uploads_state')).toEqual([...UPLOAD_STATES]);
    expect(await allowed('generations_state')).toEqual([...GENERATION_STATES]);
  });

  it('reads a video whole once for each of its versions, and asks each time whether it is there', async () => {
    const [catalogue, another] = [connect(), connect()];
    const draft = draftFor('tnt_a');
    await catalogue.createUpload(draft);
    const look = (tenantId = 'tnt_a') => catalogue.findVideo(tenantId, draft.videoId);
    const first = await look();
    expect(first).toMatchObject({ id: draft.videoId, title: null });
    expect(await look()).toBe(first);
    expect(await look('tnt_b')).toBeNull();
    await another.labelVideo('tnt_a', draft.videoId, { title: 'A title' }, null);
    const second = await look();
    expect(second).toMatchObject({ title: 'A title', version: (first?.version ?? 0) + 1 });
    expect(await look()).toBe(second);
    await another.deleteVideo('tnt_a', draft.videoId);
    expect(await look()).toBeNull();
  });

  it('goes on with statements that it has named while a migration adds a column', async () => {
    const catalogue = connect({ maxConnections: 4 });
    const draft = draftFor('tnt_a');
    await catalogue.createUpload(draft);
    const all = () => Promise.all(Array.from({ length: 40 }, () => catalogue.findVideo('tnt_a', draft.videoId)));
    const before = await all();
    expect(new Set(before.map((video) => video?.id))).toEqual(new Set([draft.videoId]));
    await database.query('alter table videos add column of_a_later_release text');
    expect(await all()).toEqual(before);
    await database.query('alter table videos drop column of_a_later_release');
    expect(await all()).toEqual(before);
  });

  it('finds no key that was revoked or has expired', async () => {
    const catalogue = connect();
    for (const id of ['key_live', 'key_revoked', 'key_expired']) {
      await catalogue.addApiKey({ id, tenantId: 'tnt_a', secretHash: 'ab'.repeat(32), name: id });
    }
    await database.query("update api_keys set revoked_at = now() where id = 'key_revoked'");
    await database.query("update api_keys set expires_at = now() - interval '1 second' where id = 'key_expired'");
    await database.query("update api_keys set expires_at = now() + interval '1 hour' where id = 'key_live'");
    expect(await catalogue.findApiKey('key_live')).not.toBeNull();
    expect(await catalogue.findApiKey('key_revoked')).toBeNull();
    expect(await catalogue.findApiKey('key_expired')).toBeNull();
  });

  it('gives an event that was written first and committed last the later position, and makes nobody wait for it', async () => {
    const catalogue = connect();
    const [slow, quick] = [draftFor('tnt_a'), draftFor('tnt_a')];
    await catalogue.createUpload(slow);
    await catalogue.createUpload(quick);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      await client.query('begin');
      await client.query(
        `insert into events (id, tenant_id, video_id, sequence, type, data, created_at)
         values ('evt_slow', 'tnt_a', $1, 3, 'video.updated', '{}', now())`,
        [slow.videoId],
      );
      await catalogue.closeUpload(quick.id, 'cancelled', null);
      const seen = await catalogue.listEvents(0, 100);
      expect(seen.map((event) => event.type)).toContain('video.cancelled');
      await client.query('commit');
      expect((await catalogue.listEvents(seen.at(-1)?.position ?? 0, 100)).map((event) => event.id)).toEqual(['evt_slow']);
    } finally {
      await client.end();
    }
  });

  it('shows no event before one that has the lower position, however long that one takes to commit', async () => {
    const catalogue = connect();
    const [slow, quick] = [draftFor('tnt_a'), draftFor('tnt_a')];
    await catalogue.createUpload(slow);
    await catalogue.createUpload(quick);
    const start = (await catalogue.listEvents(0, 1000)).at(-1)?.position ?? 0;
    // Runs in COMMIT too, behind the trigger that gives positions: its name sorts later.
    await database.query(`create function dawdle() returns trigger language plpgsql as $$ begin perform pg_sleep(0.4); return null; end $$`);
    await database.query(`create constraint trigger zz_dawdle after insert on events deferrable initially deferred
      for each row when (new.video_id = '${slow.videoId}') execute function dawdle()`);
    try {
      const reader = followEvents(catalogue, start, 100);
      const first = catalogue.attachMultipart(slow.id, 'mp');
      const second = sleep(150).then(() => catalogue.attachMultipart(quick.id, 'mp'));
      await reader.during([first, second]);
      expect(reader.seen.map((event) => event.videoId)).toEqual([slow.videoId, quick.videoId]);
    } finally {
      await database.query('drop trigger zz_dawdle on events');
    }
  });

  it.each([
    ['the video is at generation 2', 'update videos set generation = 2 where id = $1', 'queued'],
    ['the video is deleted', "update videos set state = 'deleted', deleted_at = now() where id = $1", 'deleted'],
  ])('does nothing about generation 1 once %s', async (_when, statement, state) => {
    const catalogue = connect();
    const draft = draftFor('tnt_a');
    await catalogue.createUpload(draft);
    await catalogue.completeUpload(draft.id, { sizeBytes: 1, etag: 'e' });
    await database.query("insert into generations (video_id, generation, upload_id, state, created_at) values ($1, 2, $2, 'queued', now())", [
      draft.videoId,
      draft.id,
    ]);
    await database.query(statement, [draft.videoId]);
    const rows = () =>
      database.query('select * from videos v, generations g where v.id = g.video_id and v.id = $1 order by g.generation', [draft.videoId]);
    const before = await rows();
    expect(await catalogue.publish(draft.videoId, 1, reportFor(draft))).toBe(false);
    expect(await catalogue.reject(draft.videoId, 1, { code: 'ENCODE_FAILED', message: 'late' })).toBe(false);
    expect(await catalogue.cancel(draft.videoId, 1)).toBe(false);
    await catalogue.savePlan(planFor(draft));
    await catalogue.saveProgress(draft.videoId, 1, progressAt('encode', 1, 2));
    await catalogue.markPlayable(draft.videoId, 1);
    await catalogue.park(draft.videoId, 1, { code: 'ENCODE_FAILED', message: 'late' });
    await catalogue.unpark(draft.videoId, 1);
    await catalogue.closeUpload(draft.id, 'cancelled', null);
    expect(await rows()).toEqual(before);
    expect((await catalogue.getVideo(draft.videoId))?.state).toBe(state);
  });

  it('survives the end of all its connections, idle and busy, and loses and doubles nothing', async () => {
    const applicationName = 'killed';
    const catalogue = connect({ applicationName, maxConnections: 4 });
    const drafts = Array.from({ length: 60 }, () => draftFor('tnt_a'));
    let kills = 0;
    let done = false;
    const killer = (async () => {
      while (!done) {
        const killed = await database.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [applicationName]);
        kills += killed.length;
        await sleep(150);
      }
    })();
    let unavailable = 0;
    const untilDone = async <T>(write: () => Promise<T>): Promise<T> => {
      for (;;) {
        try {
          return await write();
        } catch (error) {
          if (!(error instanceof PipelineError) || error.code !== 'CATALOGUE_UNAVAILABLE') throw error;
          unavailable += 1;
        }
      }
    };
    await Promise.all(
      drafts.map(async (draft) => {
        await untilDone(() => catalogue.createUpload(draft));
        await untilDone(() => catalogue.attachMultipart(draft.id, 'mp'));
        await untilDone(() => catalogue.completeUpload(draft.id, { sizeBytes: 1, etag: 'e' }));
        expect(await untilDone(() => catalogue.publish(draft.videoId, 1, reportFor(draft)))).toBe(true);
      }),
    );
    done = true;
    await killer;
    expect(kills).toBeGreaterThan(4);
    const wanted = ['video.created', 'upload.created', 'video.updated', 'upload.completed', 'video.playable', 'video.ready'];
    for (const draft of drafts) {
      const rows = await database.query('select type from events where video_id = $1 order by position', [draft.videoId]);
      expect(rows.map((row) => row.type)).toEqual(wanted);
    }
    // Nearly all broken connections are made good before anyone hears of them.
    expect(unavailable).toBeLessThan(kills / 4);
    await database.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [applicationName]);
    await catalogue.ping();
  });

  it('says that it is unavailable where nobody listens, and after it was closed', async () => {
    const nobody = connect({ databaseUrl: 'postgres://reelmill@127.0.0.1:1/reelmill' });
    await expect(nobody.ping()).rejects.toMatchObject({ code: 'CATALOGUE_UNAVAILABLE' });
    await expect(nobody.migrate()).rejects.toMatchObject({ code: 'CATALOGUE_UNAVAILABLE' });
    const closed = connect();
    await closed.ping();
    await Promise.all([closed.close(), closed.close()]);
    await expect(closed.ping()).rejects.toMatchObject({ code: 'CATALOGUE_UNAVAILABLE' });
  });

  it('gives up a statement that waits too long, and goes on', async () => {
    const catalogue = connect({ statementTimeoutMs: 200 });
    const draft = draftFor('tnt_a');
    await catalogue.createUpload(draft);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      await client.query('begin');
      await client.query('select 1 from videos where id = $1 for update', [draft.videoId]);
      await expect(catalogue.attachMultipart(draft.id, 'mp')).rejects.toMatchObject({ code: 'CATALOGUE_UNAVAILABLE' });
      await client.query('rollback');
    } finally {
      await client.end();
    }
    expect(await catalogue.attachMultipart(draft.id, 'mp')).toMatchObject({ multipartId: 'mp' });
  });

  it('gives up a server that falls silent, and does not use that connection again', async () => {
    const proxy = await createSilentProxy(new URL(database.url));
    const url = new URL(database.url);
    url.host = `127.0.0.1:${proxy.port}`;
    const catalogue = connect({ databaseUrl: url.href, statementTimeoutMs: 100, maxConnections: 1 });
    try {
      await catalogue.ping();
      proxy.silence();
      await expect(catalogue.ping()).rejects.toMatchObject({ code: 'CATALOGUE_UNAVAILABLE' });
      await catalogue.ping();
      expect(proxy.connections()).toBe(2);
    } finally {
      await catalogue.close();
      await proxy.close();
    }
  });

  it('calls a fault of our own making by its name, with the cause', async () => {
    const catalogue = connect();
    const fault = await catalogue.createUpload(draftFor('tnt_of_nobody')).catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'INTERNAL', details: { sqlState: '23503' } });
    expect((fault as PipelineError).cause).toBeInstanceOf(pg.DatabaseError);
  });

  it('lets no row point into another tenant', async () => {
    const catalogue = connect();
    await catalogue.ensureTenant('tnt_b', 'B');
    const draft = draftFor('tnt_a');
    await catalogue.createUpload(draft);
    for (const table of ['uploads', 'events']) {
      await expect(database.query(`update ${table} set tenant_id = 'tnt_b' where video_id = $1`, [draft.videoId])).rejects.toMatchObject({
        code: '23503',
      });
    }
  });
});

/** A TCP proxy whose open connections can fall silent, as a server behind a cut cable does. Later ones work. */
async function createSilentProxy(target: URL) {
  const sockets: Socket[] = [];
  let silenced: Socket[] = [];
  let count = 0;
  const server = createServer((near) => {
    count += 1;
    const far = createConnection(Number(target.port), target.hostname);
    sockets.push(near, far);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (bytes) => silenced.includes(from) || to.write(bytes));
      from.on('close', () => to.destroy());
      from.on('error', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    silence: () => {
      silenced = [...sockets];
    },
    connections: () => count,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
