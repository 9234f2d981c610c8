import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessMark, signalProcess } from '../stack/processes.js';
import { familyOf, ffmpegsBelow } from './family.js';
import type { GivenFault } from './lost-work.js';
import type { Sighting } from './pieces.js';
import type { PlannedFault } from './schedule.js';

export interface NemesisDeps {
  /** The living process of a part; null while it is being started again. */
  readonly partOf: (name: string) => ProcessMark | null;
  readonly encoders: readonly string[];
  /** What the worker with this process id, and so many ffmpegs, works at. */
  readonly sightingsAt: (worker: { readonly pid: number; readonly ffmpegs: number }) => Promise<readonly Sighting[]>;
  readonly say: (line: string) => void;
  /** Aborts at the time limit, and where the stack has ended. */
  readonly signal: AbortSignal;
}

export interface Nemesis {
  /** Gives the faults in their order; resolves when all are given and every frozen process runs again. */
  run(schedule: readonly PlannedFault[]): Promise<readonly GivenFault[]>;
  /** Lets everything run again, at once. */
  release(): void;
}

/** The launcher waits up to 15 s before it starts a part again. */
const VICTIM_MS = 60_000;

export function createNemesis({ partOf, encoders, sightingsAt, say, signal }: NemesisDeps): Nemesis {
  const frozen = new Map<string, readonly ProcessMark[]>();
  const thaw = (part: string): void => {
    for (const mark of frozen.get(part) ?? []) if (isAlive(mark)) signalProcess(mark.pid, 'SIGCONT');
    frozen.delete(part);
  };

  /** The process to hit and the worker that it belongs to. */
  const victimOf = async (fault: PlannedFault): Promise<{ mark: ProcessMark; part: string; worker: ProcessMark } | null> => {
    const endMs = Date.now() + VICTIM_MS;
    while (Date.now() < endMs && !signal.aborted) {
      const parts = (fault.part === null ? encoders : [fault.part]).filter((part) => !frozen.has(part));
      const found = parts.flatMap((part) => {
        const worker = partOf(part);
        if (worker === null) return [];
        return (fault.part === null ? ffmpegsBelow(worker.pid) : [worker]).map((mark) => ({ mark, part, worker }));
      });
      const chosen = found[Math.floor(fault.pick * found.length)];
      if (chosen) return chosen;
      await sleep(100);
    }
    return null;
  };

  const give = async (fault: PlannedFault, atMs: number, resumes: Promise<void>[]): Promise<GivenFault | null> => {
    const victim = await victimOf(fault);
    if (victim === null) {
      if (!signal.aborted) say(`  ${clock(atMs)}  ${fault.kind}: nobody to hit for ${VICTIM_MS / 1000} s, left out`);
      return null;
    }
    const { mark, part, worker } = victim;
    const sightings = fault.kind === 'kill control' ? [] : await sightingsAt({ pid: worker.pid, ffmpegs: ffmpegsBelow(worker.pid).length });
    // An ffmpeg may have come to its end while we asked what it works at: a fault that hits nobody is none.
    if (!isAlive(mark)) return give(fault, atMs, resumes);
    hit(fault, mark, part, resumes);
    const lasts = fault.lastsMs > 0 ? ` for ${(fault.lastsMs / 1000).toFixed(1)} s` : '';
    const work = sightings
      .map((at) => `${at.workflowId} activity ${at.activityId} attempt ${at.attempt}${at.running ? '' : ' (waiting)'}`)
      .join(', ');
    say(`  ${clock(atMs)}  ${fault.number}. ${fault.kind}, ${part} (process ${mark.pid})${lasts}${work ? `: ${work}` : ''}`);
    return { kind: fault.kind, part, sightings };
  };

  const hit = (fault: PlannedFault, mark: ProcessMark, part: string, resumes: Promise<void>[]): void => {
    if (fault.lastsMs === 0) {
      signalProcess(mark.pid, fault.kind === 'drain' ? 'SIGTERM' : 'SIGKILL');
      return;
    }
    // The worker first: else it would see its ffmpeg stand still.
    signalProcess(mark.pid, 'SIGSTOP');
    const family = [mark, ...familyOf(mark.pid)];
    for (const { pid } of family) signalProcess(pid, 'SIGSTOP');
    frozen.set(part, family);
    resumes.push(
      sleep(fault.lastsMs, undefined, { signal }).then(
        () => thaw(part),
        () => thaw(part),
      ),
    );
  };

  return {
    async run(schedule) {
      const given: GivenFault[] = [];
      const resumes: Promise<void>[] = [];
      const startedMs = Date.now();
      let lateMs = 0;
      for (const fault of schedule) {
        await sleep(Math.max(0, startedMs + lateMs + fault.atMs - Date.now()), undefined, { signal }).catch(() => undefined);
        if (signal.aborted) break;
        const done = await give(fault, Date.now() - startedMs, resumes);
        if (done !== null) given.push(done);
        // A fault that had to wait for its victim pushes the later ones back: gaps only ever grow.
        lateMs = Math.max(lateMs, Date.now() - startedMs - fault.atMs);
      }
      await Promise.all(resumes);
      return given;
    },
    release() {
      for (const part of [...frozen.keys()]) thaw(part);
    },
  };
}

const clock = (ms: number): string => `+${(ms / 1000).toFixed(1).padStart(6)} s`;
