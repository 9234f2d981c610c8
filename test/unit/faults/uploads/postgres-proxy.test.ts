import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { startPostgresProxy } from '../../../../faults/uploads/postgres-proxy.js';
import { createFrontendReader, mentions, type Statement, saysCommitted } from '../../../../faults/uploads/postgres-wire.js';
import { NO_WATCH, type Watch } from '../../../../faults/uploads/watch.js';

const message = (letter: string, ...fields: (string | Buffer)[]): Buffer => {
  const content = Buffer.concat(fields.map((field) => (typeof field === 'string' ? Buffer.from(`${field}\0`) : field)));
  const length = Buffer.alloc(4);
  length.writeInt32BE(content.length + 4);
  return Buffer.concat([Buffer.from(letter), length, content]);
};
const startUp = message('', Buffer.from([0, 3, 0, 0]), 'user', 'reelmill', '');
const encryption = message('', Buffer.from([0x04, 0xd2, 0x16, 0x2f]));
const extended = (sql: string, ...values: string[]): Buffer =>
  Buffer.concat([
    message('P', '', sql, Buffer.alloc(2)),
    message('B', '', '', ...values),
    message('D', 'P', ''),
    message('E', '', Buffer.alloc(4)),
    message('S'),
  ]);
const simple = (sql: string): Buffer => message('Q', sql);

const session = [
  startUp,
  message('p', 'password'),
  simple('begin'),
  extended('update "uploads" set "state" = $1 where "id" = $2', 'completed', 'upl_1'),
  simple('commit'),
  message('X'),
];

test('statements are found with their values, however the bytes are cut', () => {
  const bytes = Buffer.concat(session);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 12 }), (cuts) => {
      const reader = createFrontendReader();
      const edges = [0, ...[...new Set(cuts)].sort((a, b) => a - b), bytes.length];
      const found = edges.slice(1).flatMap((end, index) => reader.take(bytes.subarray(edges[index], end)));
      expect(found.map(({ text }) => text)).toEqual(['', '', 'begin', 'update "uploads" set "state" = $1 where "id" = $2', 'commit', '']);
      expect(Buffer.concat(found.map(({ raw }) => raw)).equals(bytes)).toBe(true);
      expect(found.map((statement) => mentions(statement, 'upl_1'))).toEqual([false, false, false, true, false, false]);
    }),
    { numRuns: 100 },
  );
});

test('a statement that has a name is known by it from then on', () => {
  const reader = createFrontendReader();
  const first = Buffer.concat([message('P', 's1', 'select 1', Buffer.alloc(2)), message('B', '', 's1'), message('S')]);
  const again = Buffer.concat([message('B', '', 's1', 'upl_1'), message('E', '', Buffer.alloc(4)), message('S')]);
  const found = reader.take(Buffer.concat([startUp, first, extended('select 2'), again]));
  expect(found.map(({ text }) => text)).toEqual(['', 'select 1', 'select 2', 'select 1']);
});

test('a request for encryption comes before the start-up, and both have no letter', () => {
  const reader = createFrontendReader();
  expect(reader.take(Buffer.concat([encryption, startUp, simple('select 1')])).map(({ text }) => text)).toEqual(['', '', 'select 1']);
});

test('a commit is told from every other answer', () => {
  expect(saysCommitted(Buffer.concat([message('C', 'COMMIT'), message('Z', Buffer.from('I'))]))).toBe(true);
  expect(saysCommitted(Buffer.concat([message('C', 'UPDATE 1'), message('Z', Buffer.from('T'))]))).toBe(false);
  expect(saysCommitted(message('D', Buffer.from('COMMIT')))).toBe(false);
  expect(saysCommitted(Buffer.alloc(0))).toBe(false);
});

const closers: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A server that remembers what it gets and says COMMIT to a commit, behind a proxy. */
async function world(watch: Partial<Watch>) {
  let got = Buffer.alloc(0);
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      got = Buffer.concat([got, chunk]);
      if (chunk.includes('commit')) socket.write(message('C', 'COMMIT'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const proxy = await startPostgresProxy(
    'control → PostgreSQL',
    () => port,
    () => ({ ...NO_WATCH, ...watch }),
  );
  closers.push(() => proxy.close());
  const client: Socket = connect(proxy.port, '127.0.0.1');
  client.on('error', () => undefined);
  closers.push(() => client.destroy());
  return { client, got: () => got };
}

const heard = (client: Socket): Promise<string> => new Promise((resolve) => client.once('data', (chunk) => resolve(chunk.toString('latin1'))));

test('the statements of a transaction are shown with its commit, before the server has it and before the client hears of it', async () => {
  const shown: string[] = [];
  const texts = (statements: readonly Statement[]): string => statements.map(({ text }) => text.split(' ')[0]).join('+');
  const { client, got } = await world({
    async statement(_line, { text }, before) {
      if (text !== 'commit') return;
      await sleep(10);
      shown.push(`sent ${texts(before)} ${got().includes('commit')}`);
    },
    async committed(_line, statements) {
      await sleep(10);
      shown.push(`committed ${texts(statements)}`);
    },
  });
  client.write(Buffer.concat(session.slice(0, 5)));
  expect(await heard(client)).toContain('COMMIT');
  expect(shown).toEqual(['sent update false', 'committed update']);
});

test('what a client had not sent when it died does not come to the server', async () => {
  let died: () => void = () => undefined;
  const dead = new Promise<void>((resolve) => {
    died = resolve;
  });
  const { client, got } = await world({ statement: (_line, { text }) => (text === 'commit' ? dead : undefined) });
  client.write(Buffer.concat(session.slice(0, 5)));
  for (const endMs = Date.now() + 2_000; !got().includes('update') && Date.now() < endMs; ) await sleep(5);
  client.destroy();
  await sleep(50);
  died();
  await sleep(50);
  expect(got().includes('update')).toBe(true);
  expect(got().includes('commit')).toBe(false);
});
