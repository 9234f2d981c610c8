import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodeAudio } from '../../src/activities/encode-audio.js';
import { encodeChunk } from '../../src/activities/encode-chunk.js';
import { needJson, putJsonOnce } from '../../src/activities/json-objects.js';
import { makeImages } from '../../src/activities/make-images.js';
import { packageVideo } from '../../src/activities/package-video.js';
import { sweepGeneration } from '../../src/activities/sweep-generation.js';
import { createMemoryCatalogue } from '../../src/catalogue/memory-catalogue.js';
import { audioManifestKey, chunkManifestKey, imagesManifestKey, packageKey, reportKey } from '../../src/domain/keys.js';
import { asleepAt } from './asleep-at.js';
import { act, at, type Bench, makeAll, openBench } from './generation.js';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
}, 60_000);
afterAll(() => bench?.close());

test('attempts that sleep until all is published and swept leave nothing behind', async () => {
  const chunkZombie = asleepAt(bench.store, chunkManifestKey(at, 0), (store) =>
    act(encodeChunk({ ...bench.deps, store }), { ...at, index: 0, sizeClass: 'small' }),
  );
  const audioZombie = asleepAt(bench.store, audioManifestKey(at), (store) => act(encodeAudio({ ...bench.deps, store }), at));
  await Promise.all([chunkZombie.asleep, audioZombie.asleep]);
  for (let index = 0; index < bench.plan.grid.chunkCount; index += 1) await act(encodeChunk(bench.deps), { ...at, index, sizeClass: 'small' });
  // One sleeps before its commit, one in the middle: what it still has to read is swept meanwhile.
  const imagesZombie = asleepAt(bench.store, imagesManifestKey(at), (store) => act(makeImages({ store }), at));
  const halfZombie = asleepAt(bench.store, '/sprite_000.jpg', (store) => act(makeImages({ store }), at));
  await Promise.all([imagesZombie.asleep, halfZombie.asleep]);
  await makeAll(bench);
  const packageZombie = asleepAt(bench.store, packageKey(at), (store) => act(packageVideo({ store }), at));
  await packageZombie.asleep;
  await putJsonOnce(bench.store, reportKey(at), await needJson(bench.store, packageKey(at)));
  await act(sweepGeneration({ store: bench.store, catalogue: createMemoryCatalogue() }), at);
  const published = await allKeys();

  const zombies = [chunkZombie, audioZombie, imagesZombie, packageZombie];
  for (const zombie of zombies) zombie.wake();
  await Promise.all(zombies.map(({ end }) => end));
  halfZombie.wake();
  await expect(halfZombie.end).rejects.toMatchObject({ code: 'IMAGES_FAILED' });
  expect(await allKeys()).toEqual(published);
}, 60_000);

async function allKeys(): Promise<string[]> {
  return (await bench.store.list('')).objects.map(({ key }) => key);
}
