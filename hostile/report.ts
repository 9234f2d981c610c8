import { isErrorCode, kindOf } from '../src/domain/errors.js';
import type { HostileRun } from './run.js';

/** The run in figures. Every count but `n`, `published` and the times has to be 0. */
export interface HostileReport {
  readonly ok: boolean;
  readonly n: number;
  readonly seed: number;
  readonly hangs: number;
  readonly connections: number;
  readonly opensOutside: number;
  readonly workerDeaths: number;
  readonly withoutCode: number;
  /** Ended with a code that is tried again for hours, though nothing but the file was at fault. */
  readonly blamedOnTheWorld: number;
  readonly silentPartials: number;
  readonly published: number;
  readonly probeMs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly peakRssMib: number;
  /** Programs whose opened files and connections were watched; null where strace is not there. */
  readonly audited: number | null;
  readonly codes: Readonly<Record<string, number>>;
}

/** Frames that rounding to the grid may lose at either end. */
const SLACK_FRAMES = 1;
const MOST_PROBE_MS = 2_000;
const MOST_RSS_MIB = 1024;
/** Not "what to do", but "we do not know": no file may lead there. */
const NO_ANSWERS = ['none', 'INTERNAL'];
/** The watchdogs of the product ended it: bounded, but a hang. */
const HANGS = ['INSPECT_STALLED', 'ENCODE_STALLED'];

export function reportOf(run: HostileRun, wish: { readonly seed: number; readonly heldTimes: boolean }): { report: HostileReport; faults: string[] } {
  const { outcomes, audit } = run;
  const stalled = outcomes.filter(({ end }) => HANGS.includes(end));
  const codeless = outcomes.filter(({ end }) => NO_ANSWERS.includes(end));
  const unending = outcomes.filter(({ end }) => isErrorCode(end) && kindOf(end) === 'transient');
  const partial = outcomes.filter(
    ({ frames, wholeFrames, flagged }) => frames !== null && wholeFrames !== null && frames < wholeFrames - SLACK_FRAMES && !flagged,
  );
  const times = outcomes.map(({ probeMs }) => probeMs).sort((a, b) => a - b);
  const at = (share: number): number => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);
  const connections = run.connections + (audit?.connected.length ?? 0);
  const codes: Record<string, number> = {};
  for (const { end } of outcomes) codes[end] = (codes[end] ?? 0) + 1;
  const probeMs = { p50: at(0.5), p99: at(0.99), max: at(1) };
  const peakRssMib = Math.round(run.peakKib / 1024);
  const faults = [
    ...run.hangs.map((name) => `hang: ${name}`),
    ...stalled.map(({ name, end }) => `hang: ${name} (${end})`),
    ...run.deaths.map((name) => `worker died: ${name}`),
    ...codeless.map(({ name, end, stage, error }) => `no code: ${name} (${end} in ${stage}) ${error ?? ''}`),
    ...unending.map(({ name, end, stage }) => `blamed on the world, and so tried again for hours: ${name} (${end} in ${stage})`),
    ...partial.map(({ name, frames, wholeFrames }) => `silent partial: ${name}, ${frames} of ${wholeFrames} frames`),
    ...(run.connections > 0 ? [`${run.connections} connections to the canary`] : []),
    ...(audit?.connected ?? []).map((line) => `connection: ${line}`),
    ...(audit?.opened ?? []).map((line) => `opened outside: ${line}`),
    ...(audit !== null && audit.programs === 0 ? ['the audit saw no program'] : []),
    ...(wish.heldTimes && probeMs.p99 > MOST_PROBE_MS ? [`p99 of inspection is ${probeMs.p99} ms; ${MOST_PROBE_MS} are promised`] : []),
    ...(peakRssMib > MOST_RSS_MIB ? [`${peakRssMib} MiB were used; ${MOST_RSS_MIB} are promised`] : []),
  ];
  return {
    report: {
      ...{ ok: faults.length === 0, n: outcomes.length + run.hangs.length + run.deaths.length, seed: wish.seed },
      ...{ hangs: run.hangs.length + stalled.length, connections, opensOutside: audit?.opened.length ?? 0, workerDeaths: run.deaths.length },
      ...{ withoutCode: codeless.length, blamedOnTheWorld: unending.length, silentPartials: partial.length, published: codes.published ?? 0 },
      ...{ probeMs, peakRssMib, audited: audit?.programs ?? null, codes },
    },
    faults,
  };
}
