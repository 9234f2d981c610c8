import type { Plan } from './plan.js';
import { frameTimeUs } from './rational.js';
import { dayOf, type Spent } from './tier.js';
import { isOpenState, type Upload } from './upload.js';

/** What a change adds to one day of a tenant's, or takes from it. */
export interface DaySpent extends Spent {
  readonly day: string;
}

/** What one upload and the generation that is made stand for. */
export interface Spender {
  readonly upload: Pick<Upload, 'state' | 'sizeBytes' | 'createdAt'> | null;
  readonly generation: { readonly generation: number; readonly plan: Plan | null } | null;
}

/**
 * How a change of rows moves what a tenant has used: the difference of what they stand for before and after, so a repeat,
 * which changes no row, moves nothing.
 * - Bytes count for the day on which the upload began: announced while it is open, found once it is complete, and none if it
 *   ended otherwise.
 * - Minutes count for the day on which a generation got its plan, once; whatever becomes of it, the machines had that work.
 */
export function spentMore(before: Spender, after: Spender, now: string): DaySpent[] {
  const bytes = bytesOf(after.upload) - bytesOf(before.upload);
  const same = before.generation?.generation === after.generation?.generation;
  const encodeMs = encodeMsOf(after.generation) - (same ? encodeMsOf(before.generation) : 0);
  return [
    ...(bytes !== 0 && after.upload !== null ? [{ day: dayOf(after.upload.createdAt), bytes, encodeMs: 0 }] : []),
    ...(encodeMs !== 0 ? [{ day: dayOf(now), bytes: 0, encodeMs }] : []),
  ];
}

/** What a new upload stands for. */
export const begunBy = (upload: Pick<Upload, 'state' | 'sizeBytes' | 'createdAt'>): DaySpent => ({
  day: dayOf(upload.createdAt),
  bytes: bytesOf(upload),
  encodeMs: 0,
});

function bytesOf(upload: Spender['upload']): number {
  return upload !== null && (isOpenState(upload.state) || upload.state === 'completed') ? (upload.sizeBytes ?? 0) : 0;
}

function encodeMsOf(generation: Spender['generation']): number {
  const plan = generation?.plan ?? null;
  return plan === null ? 0 : Math.round(frameTimeUs(plan.grid.frameCount, plan.grid.rate) / 1000);
}
