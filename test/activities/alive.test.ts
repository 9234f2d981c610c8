import { readdirSync, readFileSync } from 'node:fs';
import { MockActivityEnvironment } from '@temporalio/testing';
import { type ControlDeps, createControlActivities } from '../../src/activities/index.js';

/** What workflows call by proxies whose server waits for a sign of life: without one a slow end would be begun again and again. */
const WORKFLOWS = new URL('../../src/workflows/', import.meta.url);
const text = readdirSync(WORKFLOWS).map((name) => readFileSync(new URL(name, WORKFLOWS), 'utf8'));
const ends = [...new Set(text.flatMap((each) => [...each.matchAll(/\bsettle\.(\w+)\(/g)].map(([, name]) => name)))];

test('the ends of a story are found in the workflows', () => {
  expect(ends).toEqual(expect.arrayContaining(['publishVideo', 'cancelVideo', 'rejectVideo', 'closeUpload', 'sweepGeneration']));
});

test.each([...ends, 'completeUpload'])('%s says that it lives before it does anything', async (name) => {
  const activities = createControlActivities({ store: {} } as ControlDeps) as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  const environment = new MockActivityEnvironment();
  let beats = 0;
  environment.on('heartbeat', () => {
    beats += 1;
  });
  const at = { videoId: 'vid_1', generation: 1 };
  // There is nothing that it could work with.
  await expect(environment.run(async () => await activities[name ?? '']?.(at))).rejects.toThrow(TypeError);
  expect(beats).toBe(1);
});
