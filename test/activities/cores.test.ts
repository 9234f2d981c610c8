import { expect, test } from '@jest/globals';
import { createCores } from '../../src/activities/cores.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('never more at a time than there are cores', async () => {
  const cores = createCores(2);
  const never = new AbortController().signal;
  let now = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    most = Math.max(most, ++now);
    await pause(10);
    now -= 1;
  };
  await Promise.all(Array.from({ length: 8 }, () => cores.use(never, work)));
  expect(most).toBe(2);
});

test('who waits can leave at once; who works is not torn away', async () => {
  const cores = createCores(1);
  const stop = new AbortController();
  let finished = false;
  const working = cores.use(stop.signal, async () => {
    await pause(50);
    finished = true;
  });
  await pause(5);
  const waiting = cores.use(stop.signal, async () => pause(1));
  stop.abort(new Error('drained'));
  await expect(waiting).rejects.toThrow('drained');
  expect(finished).toBe(false);
  await working;
  expect(finished).toBe(true);
});
