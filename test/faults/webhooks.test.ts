import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type PostgresProxy, startPostgresProxy } from '../../faults/uploads/postgres-proxy.js';
import type { Statement } from '../../faults/uploads/postgres-wire.js';
import { NO_WATCH, type Watch } from '../../faults/uploads/watch.js';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { createPostgresCatalogue } from '../../src/catalogue/postgres-catalogue.js';
import { draftFor } from '../contract/catalogue.js';
import { createTestDatabase, type TestDatabase } from '../contract/postgres-database.js';
import { type Harness, openHarness } from '../workflows/harness.js';

/** The built control worker, killed (-9) between a state change and the receiver's answer, each time at another point. */
type Sight =
  | { readonly by: 'statement'; readonly is: (statement: Statement) => boolean }
  | { readonly by: 'committed'; readonly is: (statement: Statement) => boolean }
  | { readonly by: 'request' };
const says = (pattern: RegExp) => (statement: Statement) => pattern.test(statement.text);
const POINTS: Readonly<Record<string, Sight>> = {
  'it looks for webhooks with something to do': { by: 'statement', is: says(/from "webhooks".*wake_at <=/s) },
  'it takes over the events': { by: 'statement', is: says(/insert into deliveries/) },
  'the events are taken over, and it has not heard': { by: 'committed', is: says(/insert into deliveries/) },
  'the receiver has the request and has not answered': { by: 'request' },
  'the receiver has answered, and nothing is written down': { by: 'statement', is: says(/^update "deliveries"/) },
  'the answer is written down, and it has not heard': { by: 'committed', is: says(/^update "deliveries"/) },
};
/** A kill costs a heartbeat's and a sticky queue's time-out: one in every run, all of them on request: KILL_POINTS=all. */
const NAMES = Object.keys(POINTS).filter((_name, index) => process.env.KILL_POINTS === 'all' || index === 4);

let harness: Harness;
let database: TestDatabase;
let catalogue: Catalogue;
let proxy: PostgresProxy;
let server: Server;
let watch: Watch = NO_WATCH;
let onRequest: (() => void) | null = null;
const took: { id: string; sequence: number; videoId: string; text: string }[] = [];
let control: ChildProcess | null = null;
const output: string[] = [];

beforeAll(async () => {
  harness = await openHarness();
  database = await createTestDatabase();
  catalogue = createPostgresCatalogue({ databaseUrl: database.url });
  await catalogue.migrate();
  await catalogue.ensureTenant('t', 'T');
  proxy = await startPostgresProxy(
    'control → PostgreSQL',
    () => Number(new URL(database.url).port),
    () => watch,
  );
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      if (onRequest) return onRequest();
      const { data } = JSON.parse(text);
      took.push({ id: String(request.headers['webhook-id']), sequence: data.sequence, videoId: data.video_id, text });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  await catalogue.createWebhook({ id: 'whk_kill', tenantId: 't', url, description: '', eventTypes: [], secret });
  start();
}, 120_000);
afterAll(async () => {
  watch = NO_WATCH;
  control?.kill('SIGKILL');
  server?.close();
  server?.closeAllConnections();
  await proxy?.close();
  await catalogue?.close();
  await database?.drop();
  await harness?.close();
}, 60_000);

function start(): void {
  const url = new URL(database.url);
  url.host = `127.0.0.1:${proxy.port}`;
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    DATABASE_URL: url.href,
    TEMPORAL_NAMESPACE: harness.namespace,
    WEBHOOK_TARGETS: 'any',
    RECONCILE_EVERY_S: '86400',
  };
  control = spawn(process.execPath, [fileURLToPath(new URL('../../dist/workers/control.js', import.meta.url))], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [control.stdout, control.stderr]) stream?.on('data', (chunk) => output.push(String(chunk)));
}

/** Ends the process, dead beyond doubt, when the point is seen; whatever was seen is held until then. */
function trap(sight: Sight): Promise<void> {
  return new Promise((resolve) => {
    let set = true;
    const spring = async (): Promise<void> => {
      if (!set) return;
      set = false;
      onRequest = null;
      const dying = control;
      const dead = new Promise((gone) => dying?.once('exit', gone));
      dying?.kill('SIGKILL');
      await dead;
      resolve();
    };
    if (sight.by === 'request') onRequest = () => void spring();
    watch = {
      ...NO_WATCH,
      statement: (_line, statement) => (sight.by === 'statement' && sight.is(statement) ? spring() : undefined),
      committed: (_line, statements) => (sight.by === 'committed' && statements.some(sight.is) ? spring() : undefined),
    };
  });
}

async function until(what: string, limitMs: number, done: () => Promise<boolean>): Promise<void> {
  const endMs = Date.now() + limitMs;
  while (!(await done())) {
    if (Date.now() > endMs) throw new Error(`${what} did not come; the worker said: ${output.join('').slice(-3000)}`);
    await sleep(50);
  }
}

describe('a control worker that is killed', () => {
  test.each(NAMES)(
    'when %s: every event arrives, in order and under its id',
    async (name) => {
      const sight = POINTS[name];
      if (!sight) throw new Error(name);
      const sprung = trap(sight);
      const draft = draftFor('t');
      await catalogue.createUpload(draft);
      await catalogue.completeUpload(draft.id, { sizeBytes: 1, etag: 'e' });
      await Promise.race([sprung, sleep(40_000).then(() => Promise.reject(new Error(`"${name}" was not reached: ${output.join('').slice(-3000)}`)))]);
      watch = NO_WATCH;
      start();
      const wanted = (await catalogue.listTenantEvents({ tenantId: 't', videoId: draft.videoId, after: 0, limit: 10 })).map(({ id }) => id);
      expect(wanted).toHaveLength(3);
      const mine = () => took.filter(({ videoId }) => videoId === draft.videoId);
      await until('the last event', 90_000, async () => new Set(mine().map(({ id }) => id)).size === 3);
      const first = mine().filter(({ id }, index, all) => all.findIndex((each) => each.id === id) === index);
      expect(first.map(({ id }) => id)).toEqual(wanted);
      // What came twice is the same: byte for byte, and only what nobody had written down.
      for (const again of mine()) expect(again.text).toBe(first.find(({ id }) => id === again.id)?.text);
      expect(mine().length).toBeLessThanOrEqual(4);
      await until(
        'the log',
        30_000,
        async () =>
          (await catalogue.listDeliveries({ tenantId: 't', webhookId: 'whk_kill', limit: 1, after: null, states: ['pending'] }))?.length === 0,
      );
    },
    150_000,
  );
});
