import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { createPartFeed } from '../../client/part-feed.js';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

test('parts come out once and in order, however many ask at once', async () => {
  const feed = createPartFeed(numbers(57), 3, async (batch) => {
    await sleep(1);
    return batch;
  });
  const seen: number[] = [];
  await Promise.all(
    numbers(5).map(async () => {
      for (let part = await feed.next(); part !== null; part = await feed.next()) {
        seen.push(part);
        await setImmediate();
      }
    }),
  );
  expect(seen).toEqual(numbers(57));
  expect(await feed.next()).toBeNull();
});

test('batches grow to sixteen, and only one is made ready ahead', async () => {
  const batches: (readonly number[])[] = [];
  const feed = createPartFeed(numbers(60), 4, async (batch) => {
    batches.push(batch);
    return batch;
  });
  await feed.next();
  expect(batches.map((batch) => batch.length)).toEqual([4, 8]);
  for (let taken = 1; taken < 60; taken += 1) await feed.next();
  expect(batches.map((batch) => batch.length)).toEqual([4, 8, 16, 16, 16]);
});

test('a batch that cannot be made ready fails whoever asks for it, and is nobody’s unheard error before', async () => {
  const feed = createPartFeed(numbers(4), 2, async (batch) => {
    if (batch.includes(3)) throw new Error('no signature');
    return batch;
  });
  expect([await feed.next(), await feed.next()]).toEqual([1, 2]);
  await sleep(10);
  await expect(feed.next()).rejects.toThrow('no signature');
});

test('nothing to send is told at once', async () => {
  const feed = createPartFeed([], 4, async (batch) => batch);
  expect(await feed.next()).toBeNull();
});
