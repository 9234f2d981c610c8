import { createRandom } from './random.js';

/** How far a client gets before it is never heard of again. */
export const POINTS = ['created', 'signed', 'some parts', 'all parts'] as const;
export type Point = (typeof POINTS)[number];

export interface AbandonedSession {
  readonly number: number;
  readonly point: Point;
  readonly sizeBytes: number;
}

/** The API's smallest part, bytes: a file that is larger has two. */
const PART_BYTES = 8 * 1024 * 1024;
/** Of the sessions that send everything, so many send a whole large part too. */
const LARGE_ONE_IN = 10;

/** Sessions in the order in which they begin. The first four are one of each point, so that a small run has them all. */
export function drawSessions(options: { readonly seed: number; readonly sessions: number }): AbandonedSession[] {
  const random = createRandom(options.seed);
  const small = (): number => Math.floor(random.between(1, 65_536));
  const sizeFor = (point: Point): number => {
    const large = point === 'some parts' || (point === 'all parts' && random.next() < 1 / LARGE_ONE_IN);
    return large ? PART_BYTES + small() : small();
  };
  return Array.from({ length: options.sessions }, (_, index) => {
    const point = POINTS[index] ?? random.pick(POINTS);
    return { number: index + 1, point, sizeBytes: sizeFor(point) };
  });
}
