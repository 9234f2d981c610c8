import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createDrain } from '../../src/activities/drain.js';
import { encodeChunk } from '../../src/activities/encode-chunk.js';
import { needJson } from '../../src/activities/json-objects.js';
import type { ChunkManifest } from '../../src/domain/artefact.js';
import { PipelineError } from '../../src/domain/errors.js';
import { chunkManifestKey, mediaPrefix, workPrefix } from '../../src/domain/keys.js';
import type { ObjectStore } from '../../src/storage/object-store.js';
import { act, at, type Bench, openBench } from './generation.js';

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
