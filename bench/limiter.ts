import { createMemoryLimiter } from '../src/api/limiter.js';
import type { BenchContext } from './context.js';
import type { Row } from './figures.js';

const TENANTS = 1_000;
const DECISIONS = 2_000_000;
const TIMED = 200_000;
const PART = 'limiter';

/** Decisions of the limiter from this process's memory: half of them let in, half refused. */
export async function benchLimiter({ say }: BenchContext): Promise<Row[]> {
  const limiter = createMemoryLimiter();
  const keys = Array.from({ length: TENANTS }, (_, n) => `tenant-${n}`);
  const rate = { perS: 10, burst: DECISIONS / TENANTS / 2 };
  const decide = (n: number): boolean => limiter.take(keys[n % TENANTS] ?? '', rate).allowed;
  for (let n = 0; n < TIMED; n += 1) decide(n);

  let allowed = 0;
  const startMs = performance.now();
  for (let n = 0; n < DECISIONS; n += 1) if (decide(n)) allowed += 1;
  const perSecond = DECISIONS / ((performance.now() - startMs) / 1000);

  const times = new Float64Array(TIMED);
  for (let n = 0; n < TIMED; n += 1) {
    const fromMs = performance.now();
    decide(n);
    times[n] = performance.now() - fromMs;
  }
  times.sort();
  const p99Ms = times[Math.floor(TIMED * 0.99)] ?? Number.NaN;
  say(`  ${perSecond.toFixed(0)}/s over ${TENANTS} tenants, ${allowed} let in of ${DECISIONS}`);
  const note = `one process, its own memory, ${TENANTS} tenants`;
  return [
    { part: PART, name: 'decisions', value: perSecond, unit: '/s', digits: 0, goal: { atLeast: 100_000 }, note },
    { part: PART, name: 'a decision, p99', value: p99Ms, unit: 'ms', digits: 4, goal: { atMost: 1 }, note: 'with its own clock reading' },
  ];
}
