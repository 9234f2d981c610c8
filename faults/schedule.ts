import { createRandom, type Random } from './random.js';

/**
 * - `kill encoder`, `kill control`: SIGKILL to the worker.
 * - `kill ffmpeg`: SIGKILL to one running ffmpeg; its worker lives on.
 * - `drain`: SIGTERM to an encoder, as at the end of a spot machine; the launcher starts it again.
 * - `freeze`: SIGSTOP to a worker and all below it for longer than the heartbeat time-out, then SIGCONT: a zombie.
 * - `pause`: the same, but short: nobody may notice.
 */
export type FaultKind = 'kill encoder' | 'kill control' | 'kill ffmpeg' | 'drain' | 'freeze' | 'pause';

export interface PlannedFault {
  readonly number: number;
  /** Milliseconds after the first upload; a run that is late keeps the gaps. */
  readonly atMs: number;
  readonly kind: FaultKind;
  /** The part of the stack that is hit; null: whichever ffmpeg runs, chosen by `pick`. */
  readonly part: string | null;
  /** 0 ≤ pick < 1. */
  readonly pick: number;
  /** Time between SIGSTOP and SIGCONT; 0 for the others. Milliseconds. */
  readonly lastsMs: number;
}

export const CONTROL_WORKER = 'control worker';
export const encoderName = (number: number): string => `encoder ${number}`;

/** Shares of each kind. The first of two that are owed the same comes first. */
const SHARES: readonly (readonly [FaultKind, number])[] = [
  ['kill encoder', 0.35],
  ['kill ffmpeg', 0.15],
  ['kill control', 0.15],
  ['pause', 0.15],
  ['freeze', 0.1],
  ['drain', 0.1],
];
const DEADLY: ReadonlySet<FaultKind> = new Set(['kill encoder', 'kill control', 'drain']);

/** Workers' heartbeats are missed after 30 s (src/workflows/activity-proxies.ts). */
const FREEZE_MS = [33_000, 42_000] as const;
const PAUSE_MS = [500, 8_000] as const;
const GAP_MS = [3_000, 12_000] as const;
const FIRST_GAP_MS = [2_000, 5_000] as const;
/**
 * The launcher gives a part up that dies 8 times in a row without living for a minute in between: a rule against broken
 * configurations. The schedule stays below it: after this many deaths in a row, the part is left alone for long enough.
 */
const DEATHS_IN_A_ROW = 4;
const LEFT_ALONE_MS = 85_000;

/** When what happens to whom. The same wish gives the same schedule, on every machine. */
export function drawSchedule(wish: { readonly seed: number; readonly faults: number; readonly encoders: number }): PlannedFault[] {
  const random = createRandom(wish.seed);
  const encoders = Array.from({ length: wish.encoders }, (_, index) => encoderName(index + 1));
  const health = new Map<string, Health>([...encoders, CONTROL_WORKER].map((part) => [part, { freeAtMs: 0, diedAtMs: null, streak: 0 }]));
  let clockMs = random.between(...FIRST_GAP_MS);
  return random.shuffle(kindsOf(wish.faults)).map((kind, index) => {
    const parts = kind === 'kill ffmpeg' ? [] : kind === 'kill control' ? [CONTROL_WORKER] : mayHit(kind, encoders);
    clockMs = Math.max(clockMs, earliest(kind, parts, health));
    const part = parts.length === 0 ? null : random.pick(parts.filter((name) => freeAt(kind, health.get(name)) <= clockMs));
    const lastsMs = Math.round(lasts(kind, random));
    const fault = { number: index + 1, atMs: Math.round(clockMs), kind, part, pick: random.next(), lastsMs };
    if (part !== null) health.set(part, after(kind, health.get(part), clockMs, lastsMs));
    clockMs += random.between(...GAP_MS);
    return fault;
  });
}

/** How many of each kind: their shares of the whole, rounded so that the sum is right. */
function kindsOf(faults: number): FaultKind[] {
  const owed = SHARES.map(([kind, share]) => ({ kind, whole: Math.floor(share * faults), rest: (share * faults) % 1 }));
  let left = faults - owed.reduce((sum, { whole }) => sum + whole, 0);
  const favoured = new Set<FaultKind>();
  for (const { kind } of [...owed].sort((a, b) => Math.round((b.rest - a.rest) * 1e6))) {
    if (left === 0) break;
    favoured.add(kind);
    left -= 1;
  }
  return owed.flatMap(({ kind, whole }) => Array.from({ length: whole + (favoured.has(kind) ? 1 : 0) }, () => kind));
}

function mayHit(kind: FaultKind, encoders: readonly string[]): string[] {
  return kind === 'freeze' || kind === 'pause' ? [...encoders, CONTROL_WORKER] : [...encoders];
}

interface Health {
  /** Until then it is frozen. */
  readonly freeAtMs: number;
  readonly diedAtMs: number | null;
  /** Deaths in a row, each soon after the one before. */
  readonly streak: number;
}

function freeAt(kind: FaultKind, health: Health | undefined): number {
  if (health === undefined) return 0;
  const tired = DEADLY.has(kind) && health.streak >= DEATHS_IN_A_ROW && health.diedAtMs !== null;
  return Math.max(health.freeAtMs, tired ? (health.diedAtMs ?? 0) + LEFT_ALONE_MS : 0);
}

function earliest(kind: FaultKind, parts: readonly string[], health: ReadonlyMap<string, Health>): number {
  return parts.length === 0 ? 0 : Math.min(...parts.map((part) => freeAt(kind, health.get(part))));
}

function lasts(kind: FaultKind, random: Random): number {
  if (kind === 'freeze') return random.between(...FREEZE_MS);
  return kind === 'pause' ? random.between(...PAUSE_MS) : 0;
}

function after(kind: FaultKind, before: Health | undefined, atMs: number, lastsMs: number): Health {
  const { diedAtMs = null, streak = 0 } = before ?? {};
  if (!DEADLY.has(kind)) return { freeAtMs: atMs + lastsMs, diedAtMs, streak };
  const inARow = diedAtMs !== null && atMs - diedAtMs < LEFT_ALONE_MS;
  return { freeAtMs: atMs, diedAtMs: atMs, streak: inARow ? streak + 1 : 1 };
}
