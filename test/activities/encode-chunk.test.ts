import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { collectCosts } from '../../src/activities/collect-costs.js';
import type { EncoderDeps } from '../../src/activities/deps.js';
import { createDrain } from '../../src/activities/drain.js';
import { encodeChunk } from '../../src/activities/encode-chunk.js';
import { createEncoderActivities } from '../../src/activities/index.js';
import { needJson, putJsonOnce } from '../../src/activities/json-objects.js';
import { createMemoryCatalogue } from '../../src/catalogue/memory-catalogue.js';
import type { ChunkManifest } from '../../src/domain/artefact.js';
import type { AttemptCost } from '../../src/domain/cost.js';
import { PipelineError } from '../../src/domain/errors.js';
import { chunkManifestKey, costPrefix, mediaPrefix, planKey, workPrefix } from '../../src/domain/keys.js';
import type { ObjectStore } from '../../src/storage/object-store.js';
import { draftFor } from '../contract/catalogue.js';
import { act, actAs, at, type Bench, openBench } from './generation.js';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
}, 60_000);
afterAll(() => bench?.close());

const keys = async (prefix: string): Promise<string[]> => (await bench.store.list(prefix)).objects.map((object) => object.key);
const manifest = (index: number) => needJson<ChunkManifest>(bench.store, chunkManifestKey(at, index));
const named = (chunk: ChunkManifest): string[] => chunk.tracks.flatMap((track) => track.segments.map((segment) => segment.key));

describe('encoding a chunk', () => {
  test('commits exactly its frames, with every segment on the grid', async () => {
    const facts = await act(encodeChunk(bench.deps), { ...at, index: 1, sizeClass: 'small' });
    const chunk = await manifest(1);
    expect(chunk).toMatchObject({ index: 1, startFrame: 24, frameCount: 48 });
    for (const track of chunk.tracks) {
      expect(track.segments.map((segment) => segment.packetCount)).toEqual([24, 24]);
      expect(track.segments[0]?.startTicks).toBe((24 * track.timescale) / 24);
    }
    expect(facts.sourceBytesRead).toBeGreaterThan(0);
  });

  test('done again, it encodes nothing and answers the same', async () => {
    const before = await manifest(1);
    const first = await act(encodeChunk({ ...bench.deps, ffmpegPath: '/nonexistent' }), { ...at, index: 1, sizeClass: 'small' });
    expect(first).toMatchObject({ index: 1, ...before.cost });
    expect(await manifest(1)).toEqual(before);
  });

  test('of two that race, one stands, and the other leaves nothing behind', async () => {
    await Promise.all([
      act(encodeChunk(bench.deps), { ...at, index: 2, sizeClass: 'small' }),
      act(encodeChunk(bench.deps), { ...at, index: 2, sizeClass: 'small' }),
    ]);
    const stored = (await keys(mediaPrefix(at))).filter((key) => key.includes('/0002-'));
    expect(stored.sort()).toEqual(named(await manifest(2)).sort());
    const { attempt } = await manifest(2);
    expect((await keys(`${workPrefix(at)}pictures/0002-`)).filter((key) => !key.includes(attempt))).toEqual([]);
  });

  test('a zombie that wakes after its chunk was committed by another changes nothing', async () => {
    let resume: () => void = () => undefined;
    const asleep = new Promise<void>((wake) => {
      resume = wake;
    });
    // Pauses at the last moment before the commit, as a stopped process would.
    const paused: ObjectStore = {
      ...bench.store,
      put: async (key, body, options) => {
        if (key === chunkManifestKey(at, 0)) await asleep;
        return bench.store.put(key, body, options);
      },
    };
    const zombie = act(encodeChunk({ ...bench.deps, store: paused }), { ...at, index: 0, sizeClass: 'small' });
    await act(encodeChunk(bench.deps), { ...at, index: 0, sizeClass: 'small' });
    const winner = await manifest(0);
    resume();
    await zombie;
    expect(await manifest(0)).toEqual(winner);
    expect((await keys(mediaPrefix(at))).filter((key) => key.includes('/0000-')).sort()).toEqual(named(winner).sort());
  });

  test('a drain lets go of it with a code of its own, and no scratch stays', async () => {
    const drain = createDrain();
    await bench.store.delete([chunkManifestKey(at, 2)]);
    drain.begin(1000);
    await expect(act(encodeChunk({ ...bench.deps, drain }), { ...at, index: 2, sizeClass: 'small' })).rejects.toMatchObject({
      code: 'WORKER_DRAINING',
    });
    const folder = await bench.deps.scratch.dir('probe');
    expect((await readdir(`${folder.path}/..`)).filter((name) => name.includes('chunk-'))).toEqual([]);
    await folder.remove();
  });

  test('a store that fails in mid-read is a fault of the world, not of the content', async () => {
    await bench.store.delete([chunkManifestKey(at, 2)]);
    const broken: ObjectStore = {
      ...bench.store,
      get: async (key, options) => {
        if (key.startsWith('sources/')) {
          throw new PipelineError('STORAGE_UNAVAILABLE');
        }
        return bench.store.get(key, options);
      },
    };
    await expect(act(encodeChunk({ ...bench.deps, store: broken }), { ...at, index: 2, sizeClass: 'small' })).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
    });
  });
});

describe('what an attempt has used', () => {
  const metered = (deps: EncoderDeps) => createEncoderActivities(deps).encodeChunk;
  const job = { ...at, index: 0, sizeClass: 'small' } as const;
  const collected = async () => {
    const catalogue = createMemoryCatalogue();
    await catalogue.ensureTenant('dev', 'dev');
    const draft = { ...draftFor('dev'), videoId: at.videoId };
    await catalogue.createUpload(draft);
    await catalogue.completeUpload(draft.id, { sizeBytes: 1, etag: 'e' });
    await collectCosts({ store: bench.store, catalogue }, at);
    return (await catalogue.getVideo(at.videoId))?.cost;
  };

  test('is told by each attempt, the one that lost, the one that failed and the one before a kill, and taken once', async () => {
    await bench.store.delete((await keys(workPrefix(at))).filter((key) => key !== planKey(at)));
    await expect(actAs({ attempt: 1, activityId: '4' }, metered({ ...bench.deps, ffmpegPath: '/nonexistent' }), job)).rejects.toThrow();
    // Attempt 2 was killed: the next one has its last heartbeat.
    const heartbeatDetails = { contentFaults: 1, spent: { attempt: 2, cpuMs: 1234 } };
    await Promise.all([
      actAs({ attempt: 3, activityId: '4', heartbeatDetails }, metered(bench.deps), job),
      actAs({ attempt: 4, activityId: '4' }, metered(bench.deps), job),
    ]);
    await actAs({ attempt: 5, activityId: '4' }, metered(bench.deps), job);
    const told = await keys(costPrefix(at));
    expect(told).toHaveLength(4);
    const copies = await Promise.all(told.map(async (key) => ({ key, cost: await needJson<AttemptCost>(bench.store, key) })));
    expect(copies.map(({ cost }) => cost.outcome).sort()).toEqual(['committed', 'done', 'wasted', 'wasted']);
    const receipt = await collected();
    expect(await keys(costPrefix(at))).toEqual([]);
    const rungs = Object.fromEntries(bench.plan.rungs.map((rung) => [rung.name, 1000]));
    expect(receipt).toMatchObject({ attempts: 4, encodedMs: rungs, wasted: { attempts: 3 }, unreported: { attempts: 1, cpuMs: 1234 } });
    // Two encodes, of which one was for nothing; each read the source and wrote segments.
    const [used, lost] = [receipt?.cpuMs ?? 0, receipt?.wasted.cpuMs ?? 0];
    expect(lost).toBeGreaterThan(0);
    expect(used).toBeGreaterThan(lost);
    expect(receipt?.wasted.bytesWritten).toBeGreaterThan(0);
    expect(receipt?.bytesRead).toBeGreaterThan(bench.probe.source.sizeBytes / 2);
    // A collector that died before it removed them finds them again.
    for (const { key, cost } of copies) await putJsonOnce(bench.store, key, cost);
    expect(await collected()).toEqual(receipt);
  });

  test('is never what an attempt fails by', async () => {
    const store: ObjectStore = {
      ...bench.store,
      put: (key, body, options) =>
        key.startsWith(costPrefix(at)) ? Promise.reject(new PipelineError('STORAGE_UNAVAILABLE')) : bench.store.put(key, body, options),
    };
    expect(await actAs({ attempt: 1, activityId: '9' }, metered({ ...bench.deps, store }), job)).toMatchObject({ index: 0 });
  });
});
