import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { pino } from 'pino';
import { createEventFeed, type EventFeed, type Frame, type Scope } from '../../src/api/event-feed.js';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { createMemoryCatalogue } from '../../src/catalogue/memory-catalogue.js';
import { draftFor } from '../contract/catalogue.js';

/** A catalogue whose answers take their time, before and after they were read: the moments in which a gap or a double would come about. */
function slowly(catalogue: Catalogue): Catalogue {
  const late =
    <A extends unknown[], R>(read: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await sleep(Math.random() * 6);
      const rows = await read(...args);
      await sleep(Math.random() * 6);
      return rows;
    };
  return { ...catalogue, listEvents: late(catalogue.listEvents), listTenantEvents: late(catalogue.listTenantEvents) };
}

let catalogue: Catalogue;
/** As the feed sees it. */
let watched: Catalogue;
let feed: EventFeed;
beforeEach(async () => {
  catalogue = createMemoryCatalogue();
  for (const tenant of ['a', 'b']) await catalogue.ensureTenant(tenant, tenant);
  watched = slowly(catalogue);
  feed = createEventFeed({ catalogue: watched, logger: pino({ level: 'silent' }) });
});
afterEach(() => feed.close());

const follow = async (scope: Scope, after: number | null): Promise<{ ids: string[]; stop: () => void }> => {
  const ids: string[] = [];
  const take = (frames: readonly Frame[]): void => void ids.push(...frames.map(({ text }) => /^id: (\S+)/.exec(text)?.[1] ?? ''));
  return { ids, stop: await feed.follow(scope, { after, take, room: async () => undefined }) };
};
const idsAfter = async (scope: Scope, after: number): Promise<string[]> =>
  (await catalogue.listTenantEvents({ ...scope, after, limit: 100_000 })).map(({ id }) => id);
async function settled(reader: { ids: string[] }, count: number): Promise<void> {
  for (let tries = 0; reader.ids.length < count && tries < 300; tries += 1) await sleep(10);
  await sleep(30);
}

test('whoever joins at any moment and any position gets every event from there once and in order', async () => {
  const own = draftFor('a');
  await catalogue.createUpload(own);
  let writing = true;
  const writer = (async () => {
    for (let n = 0; n < 250; n += 1) {
      await catalogue.createUpload(draftFor(n % 5 === 0 ? 'b' : 'a'));
      if (n === 125) await catalogue.completeUpload(own.id, { sizeBytes: 1, etag: 'e' });
      await sleep(Math.random() * 3);
    }
    writing = false;
  })();
  const readers: { scope: Scope; after: number; reader: { ids: string[] } }[] = [];
  while (writing) {
    const scope = Math.random() < 0.3 ? { tenantId: 'a', videoId: own.videoId } : { tenantId: Math.random() < 0.7 ? 'a' : 'b' };
    const after = Math.floor(Math.random() * (await catalogue.lastEventPosition()));
    readers.push({ scope, after, reader: await follow(scope, after) });
    await sleep(8);
  }
  await writer;
  expect(readers.length).toBeGreaterThan(20);
  for (const { scope, after, reader } of readers) {
    const wanted = await idsAfter(scope, after);
    await settled(reader, wanted.length);
    expect(reader.ids).toEqual(wanted);
  }
}, 60_000);

test('who follows from now on gets what comes from now on, until he stops', async () => {
  await catalogue.createUpload(draftFor('a'));
  const reader = await follow({ tenantId: 'a' }, null);
  const start = await catalogue.lastEventPosition();
  await catalogue.createUpload(draftFor('a'));
  await settled(reader, 2);
  expect(reader.ids).toEqual(await idsAfter({ tenantId: 'a' }, start));
  reader.stop();
  await catalogue.createUpload(draftFor('a'));
  await sleep(60);
  expect(reader.ids).toHaveLength(2);
});

test('reads nothing while nobody follows, and begins anew with the next one', async () => {
  const first = await follow({ tenantId: 'a' }, 0);
  await catalogue.createUpload(draftFor('a'));
  await settled(first, 2);
  const listEvents = jest.spyOn(watched, 'listEvents');
  first.stop();
  // The reader that is under way ends at its next look.
  await sleep(1_200);
  const before = listEvents.mock.calls.length;
  for (let n = 0; n < 5; n += 1) {
    await catalogue.createUpload(draftFor('a'));
    await sleep(30);
  }
  expect(listEvents.mock.calls.length).toBe(before);
  const [resumed, fresh] = [await follow({ tenantId: 'a' }, 0), await follow({ tenantId: 'a' }, null)];
  const start = await catalogue.lastEventPosition();
  await catalogue.createUpload(draftFor('a'));
  await settled(resumed, 14);
  expect([resumed.ids, fresh.ids]).toEqual([await idsAfter({ tenantId: 'a' }, 0), await idsAfter({ tenantId: 'a' }, start)]);
});

test('whoever comes in the moment in which the last one leaves misses nothing', async () => {
  for (let n = 0; n < 80; n += 1) {
    const [reader, position] = [await follow({ tenantId: 'a' }, null), await catalogue.lastEventPosition()];
    await catalogue.createUpload(draftFor('a'));
    await settled(reader, 2);
    expect(reader.ids).toEqual(await idsAfter({ tenantId: 'a' }, position));
    reader.stop();
    // Wakes the one reader, which finds itself alone.
    await catalogue.createUpload(draftFor('a'));
    await sleep(Math.random() * 40);
  }
}, 60_000);

test('a video of another tenant tells nothing, be it named', async () => {
  const draft = draftFor('a');
  await catalogue.createUpload(draft);
  const stranger = await follow({ tenantId: 'b', videoId: draft.videoId }, 0);
  const owner = await follow({ tenantId: 'a', videoId: draft.videoId }, 0);
  await settled(owner, 2);
  await catalogue.completeUpload(draft.id, { sizeBytes: 1, etag: 'e' });
  await settled(owner, 3);
  expect([owner.ids.length, stranger.ids.length]).toEqual([3, 0]);
});

test('a read that fails is made again, and the follower misses nothing', async () => {
  await catalogue.createUpload(draftFor('a'));
  let fails = 2;
  const { listTenantEvents } = catalogue;
  feed.close();
  feed = createEventFeed({
    catalogue: {
      ...catalogue,
      listTenantEvents: (query) => {
        fails -= 1;
        return fails >= 0 ? Promise.reject(new Error('away')) : listTenantEvents(query);
      },
    },
    logger: pino({ level: 'silent' }),
  });
  const reader = await follow({ tenantId: 'a' }, 0);
  await catalogue.createUpload(draftFor('a'));
  await settled(reader, 4);
  expect(reader.ids).toEqual(await idsAfter({ tenantId: 'a' }, 0));
});
