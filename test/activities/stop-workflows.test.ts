import { expect, test } from '@jest/globals';
import type { Runs } from '../../src/activities/runs.js';
import { stopWorkflows } from '../../src/activities/stop-workflows.js';
import { act } from './generation.js';

/** Workflows that end by themselves so many looks after they were asked; `null`: never. */
function createRuns(lives: Record<string, number | null>) {
  const steps: string[] = [];
  const left = new Map(Object.entries(lives));
  const asked = new Set<string>();
  const runs: Runs = {
    async isRunning(id) {
      const looks = left.get(id);
      if (looks === undefined) return false;
      if (asked.has(id) && looks !== null) {
        if (looks <= 0) left.delete(id);
        else left.set(id, looks - 1);
      }
      return left.has(id);
    },
    async cancel(id) {
      steps.push(`cancel ${id}`);
      asked.add(id);
    },
    async terminate(id) {
      steps.push(`terminate ${id}`);
      left.delete(id);
    },
  };
  return { runs, steps, running: () => [...left.keys()] };
}
const stop = (runs: Runs, groups: string[][]) => act(stopWorkflows({ runs, stopGraceMs: 600 }), groups);

test('asks one group after the other, and waits until each has ended', async () => {
  const { runs, steps, running } = createRuns({ upload: 1, video: 1, chunks: 0 });
  expect(await stop(runs, [['upload', 'never was'], ['video'], ['chunks']])).toEqual({ cancelled: 3, terminated: 0 });
  expect(steps).toEqual(['cancel upload', 'cancel video', 'cancel chunks']);
  expect(running()).toEqual([]);
});

test('terminates what does not end by itself, and goes on', async () => {
  const { runs, steps, running } = createRuns({ stuck: null, video: 0 });
  expect(await stop(runs, [['stuck'], ['video']])).toEqual({ cancelled: 1, terminated: 1 });
  expect(steps).toEqual(['cancel stuck', 'terminate stuck', 'cancel video']);
  expect(running()).toEqual([]);
});

test('finds nothing to do where all have ended', async () => {
  const { runs, steps } = createRuns({});
  expect(await stop(runs, [['upload'], ['video']])).toEqual({ cancelled: 0, terminated: 0 });
  expect(steps).toEqual([]);
});
