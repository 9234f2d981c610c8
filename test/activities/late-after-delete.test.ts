import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodeAudio } from '../../src/activities/encode-audio.js';
import { encodeChunk } from '../../src/activities/encode-chunk.js';
import { growPlaylists } from '../../src/activities/grow-playlists.js';
import { makeImages } from '../../src/activities/make-images.js';
import { mendSource } from '../../src/activities/mend-source.js';
import { packageVideo } from '../../src/activities/package-video.js';
import { purgeVideo } from '../../src/activities/purge-video.js';
import { remuxSource } from '../../src/activities/remux-source.js';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { createMemoryCatalogue } from '../../src/catalogue/memory-catalogue.js';
import {
  audioManifestKey,
  chunkManifestKey,
  growingMasterKey,
  imagesManifestKey,
  initKey,
  masterKey,
  mendManifestKey,
  packageKey,
  planKey,
  remuxManifestKey,
} from '../../src/domain/keys.js';
import type { ObjectStore } from '../../src/storage/object-store.js';
import { draftFor } from '../contract/catalogue.js';
import { asleepAt } from './asleep-at.js';
import { act, at, type Bench, makeAll, openBench } from './generation.js';

let bench: Bench;
let catalogue: Catalogue;
beforeAll(async () => {
  bench = await openBench();
  catalogue = createMemoryCatalogue();
  await catalogue.ensureTenant('dev', 'Development');
  await catalogue.createUpload({ ...draftFor('dev'), id: 'upl_t', videoId: at.videoId, key: bench.plan.source.key });
  const { sizeBytes, etag } = bench.plan.source;
  await catalogue.completeUpload('upl_t', { sizeBytes, etag });
}, 60_000);
afterAll(() => bench?.close());

/** Asleep, as by SIGSTOP, right before the write of a key that ends like this; a deletion and a purge pass meanwhile. */
test('attempts that sleep through the deletion of their video leave nothing behind, each by itself', async () => {
  const chunk = (index: number) => (store: ObjectStore) => act(encodeChunk({ ...bench.deps, store }), { ...at, index, sizeClass: 'small' });
  const zombies = [
    asleepAt(bench.store, initKey(at, bench.plan.rungs[0]?.name ?? ''), chunk(0)),
    asleepAt(bench.store, '/00.m4s', chunk(1)),
    asleepAt(bench.store, chunkManifestKey(at, 2), chunk(2)),
    asleepAt(bench.store, audioManifestKey(at), (store) => act(encodeAudio({ ...bench.deps, store }), at)),
    asleepAt(bench.store, remuxManifestKey(at), (store) =>
      act(remuxSource({ ...bench.deps, store }), { ...at, probe: { ...bench.probe, seekable: false } }),
    ),
    asleepAt(bench.store, mendManifestKey(at), (store) => act(mendSource({ ...bench.deps, store }), at)),
  ];
  await Promise.all(zombies.map(({ asleep }) => asleep));
  for (let index = 0; index < bench.plan.grid.chunkCount; index += 1) await act(encodeChunk(bench.deps), { ...at, index, sizeClass: 'small' });
  await act(encodeAudio(bench.deps), at);
  const images = ['/sprite_000.jpg', imagesManifestKey(at)].map((ending) => asleepAt(bench.store, ending, (store) => act(makeImages({ store }), at)));
  await Promise.all(images.map(({ asleep }) => asleep));
  await makeAll(bench);
  const later = [
    asleepAt(bench.store, packageKey(at), (store) => act(packageVideo({ store }), at)),
    asleepAt(bench.store, masterKey(at), (store) => act(packageVideo({ store }), at)),
    asleepAt(bench.store, growingMasterKey(at), (store) => act(growPlaylists({ store, catalogue }).growPlaylists, at)),
  ];
  await Promise.all(later.map(({ asleep }) => asleep));

  expect(await catalogue.deleteVideo('dev', at.videoId)).not.toBeNull();
  const first = await act(purgeVideo({ store: bench.store, catalogue, lateWritesMs: 60_000 }), at.videoId);
  expect(first.objects).toBeGreaterThan(20);
  expect(await allKeys()).toEqual([]);

  for (const zombie of [...zombies, ...images, ...later]) {
    zombie.wake();
    await zombie.end.catch(() => undefined);
    expect({ zombie: zombie.ending, left: await allKeys() }).toEqual({ zombie: zombie.ending, left: [] });
  }
  expect((await catalogue.getVideo(at.videoId))?.playable).toBe(false);
  expect(await act(purgeVideo({ store: bench.store, catalogue, lateWritesMs: 0 }), at.videoId)).toEqual({
    objects: 0,
    multiparts: 0,
    lookAgainMs: null,
  });
}, 120_000);

test('a chunk whose source is gone fails at once and for good, with a code that says so', async () => {
  const bytes = Buffer.from(JSON.stringify(bench.plan));
  await bench.store.put(planKey(at), bytes, { contentType: 'application/json', sha256: createHash('sha256').update(bytes).digest('hex') });
  await expect(act(encodeChunk(bench.deps), { ...at, index: 0, sizeClass: 'small' })).rejects.toMatchObject({
    code: 'SOURCE_CHANGED',
    kind: 'input',
  });
  await bench.store.delete([planKey(at)]);
  expect(await allKeys()).toEqual([]);
}, 60_000);

async function allKeys(): Promise<string[]> {
  const multiparts = await bench.store.listMultiparts('');
  return [...(await bench.store.list('')).objects.map(({ key }) => key), ...multiparts.map(({ key }) => `${key} (multipart)`)];
}
