import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { event as eventSchema } from '../../src/api/schemas.js';
import { progressAt } from '../../src/domain/video.js';
import { draftFor } from '../contract/catalogue.js';
import { type Api, KEYS, startApi, type TenantName } from './harness.js';
import { openSse, type SseReader } from './sse-reader.js';

let api: Api;
const readers: SseReader[] = [];
beforeEach(async () => {
  api = await startApi();
});
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  await api.close();
});

const source = { sizeBytes: 20_000_000, etag: 'e' };
const hex = (): string => Array.from({ length: 32 }, () => Math.floor(Math.random() * 16).toString(16)).join('');
/** A video with its first two events. */
const begun = async (tenantId: TenantName = 'acme') => {
  const draft = { ...draftFor(tenantId), id: `upl_${hex()}`, videoId: `vid_${hex()}` };
  await api.catalogue.createUpload(draft);
  return draft;
};
const follow = async (path: string, headers: Record<string, string> = {}, as: TenantName = 'acme'): Promise<SseReader> => {
  const reader = await openSse(api.url + path, { authorization: `Bearer ${KEYS[as]}`, ...headers });
  readers.push(reader);
  return reader;
};
const types = (events: readonly { readonly event: string }[]): string[] => events.map(({ event }) => event);

describe('the stream of one video', () => {
  test('begins with its first event, goes on live, and ends when it is deleted', async () => {
    const draft = await begun();
    const reader = await follow(`/v1/videos/${draft.videoId}/events`);
    expect([reader.status, reader.headers['content-type']]).toEqual([200, 'text/event-stream']);
    await reader.until(2);
    await begun();
    await api.catalogue.completeUpload(draft.id, source);
    await api.catalogue.saveProgress(draft.videoId, 1, progressAt('encode', 0, 2));
    await reader.until(4);
    await api.catalogue.deleteVideo('acme', draft.videoId);
    expect(await reader.ended).toBe('ended');
    expect(types(reader.events)).toEqual(['video.created', 'upload.created', 'upload.completed', 'video.updated', 'video.deleted']);
    expect(reader.events.map(({ data }) => data.sequence)).toEqual([1, 2, 3, 4, 5]);
    for (const { data } of reader.events) expect(eventSchema.safeParse(data).error?.issues ?? []).toEqual([]);
    expect(reader.events[3]?.data).toMatchObject({ video_id: draft.videoId, data: { status: 'preparing', live_generation: null, errors: [] } });
    expect(reader.events.map(({ id, data }) => id === data.id)).not.toContain(false);
  });

  test('of a deleted video ends with that, and is gone for who has had it all', async () => {
    const draft = await begun();
    await api.catalogue.deleteVideo('acme', draft.videoId);
    const reader = await follow(`/v1/videos/${draft.videoId}/events`);
    const events = await reader.until(4);
    expect(await reader.ended).toBe('ended');
    expect(events.at(-1)?.event).toBe('video.deleted');
    const again = await follow(`/v1/videos/${draft.videoId}/events`, { 'last-event-id': events.at(-1)?.id ?? '' });
    expect(again.status).toBe(404);
  });

  test('is not there for another tenant, and its events are no place to go on from', async () => {
    const draft = await begun();
    expect((await follow(`/v1/videos/${draft.videoId}/events`, {}, 'rival')).status).toBe(404);
    const [first] = (await api.call('GET', `/v1/videos/${draft.videoId}/events`)).body.data;
    expect((await follow('/v1/events', { 'last-event-id': first.id }, 'rival')).status).toBe(400);
    expect((await api.call('GET', `/v1/events?after=${first.id}`, { as: 'rival' })).status).toBe(400);
    expect((await api.call('GET', '/v1/events', { as: 'rival' })).body.data).toEqual([]);
  });
});

describe('the stream of a tenant', () => {
  test('begins now, and has the events of all its videos and of no other tenant', async () => {
    await begun();
    const reader = await follow('/v1/events');
    const draft = await begun();
    await begun('rival');
    await api.catalogue.completeUpload(draft.id, source);
    expect(types(await reader.until(3))).toEqual(['video.created', 'upload.created', 'upload.completed']);
    await sleep(50);
    expect(new Set(reader.events.map(({ data }) => data.video_id))).toEqual(new Set([draft.videoId]));
  });

  test('goes on after the last event, wherever it broke, without a gap or a double', async () => {
    const start = (await api.call('GET', '/v1/events?limit=1')).body.last_id;
    expect(start).toBeNull();
    await begun();
    const [origin] = (await api.call('GET', '/v1/events?limit=1')).body.data;
    let writing = true;
    const writer = (async () => {
      for (let n = 0; n < 150; n += 1) {
        await begun();
        if (n % 10 === 0) await sleep(1);
      }
      writing = false;
    })();
    const seen: string[] = [];
    let last: string = origin.id;
    while (writing || seen.length < 301) {
      const reader = await follow('/v1/events', { 'last-event-id': last });
      await reader.until(1);
      await sleep(Math.random() * 4);
      reader.close();
      const got = reader.events.map(({ id }) => id);
      seen.push(...got);
      last = got.at(-1) ?? last;
    }
    await writer;
    const all = (await api.catalogue.listTenantEvents({ tenantId: 'acme', after: 1, limit: 10_000 })).map(({ id }) => id);
    expect(seen).toEqual(all);
  });

  test('holds what was told while the catalogue was away, and misses nothing', async () => {
    const reader = await follow('/v1/events');
    const { listEvents } = api.catalogue;
    api.catalogue.listEvents = () => Promise.reject(new Error('away'));
    await begun();
    await sleep(100);
    expect(reader.events).toEqual([]);
    api.catalogue.listEvents = listEvents;
    expect(types(await reader.until(2))).toEqual(['video.created', 'upload.created']);
    expect(api.logs.filter((line) => line.includes('events cannot be read'))).toHaveLength(1);
  });

  test('lets a client go that does not read, tells it, and gives it the rest when it comes again', async () => {
    await begun();
    const [origin] = (await api.call('GET', '/v1/events?limit=1')).body.data;
    // A bare socket that reads its first bytes and no more.
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
    socket.write(`GET /v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${KEYS.acme}\r\nAccept: text/event-stream\r\n\r\n`);
    await once(socket, 'readable');
    const told = (): boolean => api.logs.some((line) => line.includes('not read fast enough'));
    let count = 0;
    for (; !told() && count < 30_000; count += 100) {
      for (let n = 0; n < 100; n += 1) await begun();
      await sleep(1);
    }
    expect(told()).toBe(true);
    socket.on('error', () => undefined);
    socket.resume();
    await once(socket, 'close');
    // Another who reads has had it all the while.
    const reader = await follow('/v1/events', { 'last-event-id': origin.id });
    expect((await reader.until(2 * count + 1)).length).toBe(2 * count + 1);
    const { body: figures } = await api.call('GET', '/metrics', { as: null });
    expect(figures).toMatch(/^reelmill_streams_open 1$/m);
    expect(figures).toMatch(/^reelmill_streams_dropped_total 1$/m);
  }, 60_000);

  test('ends when the process stops', async () => {
    const reader = await follow('/v1/events');
    const startedMs = performance.now();
    await api.close();
    expect(await reader.ended).toBe('ended');
    expect(performance.now() - startedMs).toBeLessThan(900);
  });
});

describe('a page of events', () => {
  test('goes on from the last one, and says where to go on', async () => {
    for (let n = 0; n < 3; n += 1) await begun();
    const first = (await api.call('GET', '/v1/events?limit=4')).body;
    expect([first.data.length, first.has_more, first.last_id]).toEqual([4, true, first.data[3].id]);
    const second = (await api.call('GET', `/v1/events?limit=4&after=${first.last_id}`)).body;
    expect([second.data.length, second.has_more]).toEqual([2, false]);
    const none = (await api.call('GET', `/v1/events?after=${second.last_id}`)).body;
    expect(none).toEqual({ object: 'list', data: [], last_id: second.last_id, has_more: false });
    expect((await api.call('GET', '/v1/events?after=nonsense')).status).toBe(400);
  });
});

test('a stream from now on says where it began: who loses it before its first event misses none, and nobody else can use it', async () => {
  await begun();
  const first = await follow('/v1/events');
  const began = String(first.headers['last-event-id']);
  first.close();
  const missed = await begun();
  await begun('rival');
  const again = await follow('/v1/events', { 'last-event-id': began });
  const events = await again.until(2);
  expect(events.map(({ event, data }) => [event, data.video_id])).toEqual([
    ['video.created', missed.videoId],
    ['upload.created', missed.videoId],
  ]);
  expect((await api.call('GET', `/v1/events?after=${began}`)).body.data.map(({ id }: { id: string }) => id)).toEqual(events.map(({ id }) => id));
  expect((await api.call('GET', `/v1/events?after=${began}`, { as: 'rival' })).status).toBe(400);
});
