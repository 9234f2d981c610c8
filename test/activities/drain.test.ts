import { describe, expect, test } from '@jest/globals';
import { createDrain, worthFinishing } from '../../src/activities/drain.js';

describe('a drain', () => {
  test('tells every listener once, late ones at once, and forgets those that ended', () => {
    let nowMs = 1000;
    const drain = createDrain(() => nowMs);
    const heard: string[] = [];
    drain.onBegin((leftMs) => heard.push(`a ${leftMs}`));
    drain.onBegin(() => heard.push('gone'))();
    drain.begin(120_000);
    drain.begin(5000);
    nowMs += 20_000;
    drain.onBegin((leftMs) => heard.push(`late ${leftMs}`));
    expect(heard).toEqual(['a 120000', 'late 100000']);
    expect(drain.draining).toBe(true);
  });

  test.each([
    { fraction: 0, elapsedMs: 1, leftMs: 120_000, worth: false },
    { fraction: 0.5, elapsedMs: 30_000, leftMs: 120_000, worth: true },
    { fraction: 0.1, elapsedMs: 30_000, leftMs: 120_000, worth: false },
    { fraction: 0.9, elapsedMs: 30_000, leftMs: 5000, worth: false },
    { fraction: 0.99, elapsedMs: 30_000, leftMs: 5000, worth: true },
  ])('a job at $fraction after $elapsedMs ms with $leftMs ms left: worth finishing is $worth', ({ worth, leftMs, ...job }) => {
    expect(worthFinishing(job, leftMs)).toBe(worth);
  });
});
