import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StackFault, wordsOf } from './fault.js';
import type { Part } from './part.js';
import { endProcess, markOf, type ProcessMark, signalGroup } from './processes.js';
import { logTail, spawnPart } from './spawn-part.js';
import type { StateFile } from './state.js';

export interface Supervisor {
  /** Starts a part and resolves when it is ready; from then on it is started again whenever it ends. */
  start(part: Part): Promise<void>;
  /** Ends all parts, programs first, and resolves when none lives. Safe to repeat. */
  stop(): Promise<void>;
  /** SIGKILL to everything, now; `stop` then resolves at once. */
  kill(): void;
  /** Settles (rejects) when a part cannot be kept alive. */
  readonly broken: Promise<never>;
}

interface Options {
  readonly logs: string;
  readonly state: StateFile;
  readonly say: (line: string) => void;
  /** First pause before a part is started again; doubles up to 15 s. Milliseconds. */
  readonly backOffMs?: number;
  /** A part that lived this long is healthy: its next end counts from one again. Milliseconds. */
  readonly healthyMs?: number;
}

const FIRST_TRIES = 3;
const GIVE_UP_AFTER = 8;
const MAX_BACK_OFF_MS = 15_000;
const HEALTHY_MS = 60_000;

interface Running {
  readonly part: Part;
  child: ChildProcess;
  mark: ProcessMark | null;
  ended: Promise<string>;
}

export function createSupervisor(options: Options): Supervisor {
  const running = new Map<string, Running>();
  const stopping = new AbortController();
  let giveUp: (fault: StackFault) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  // Nobody may be listening yet when it settles.
  broken.catch(() => undefined);
  const logOf = (part: Part): string => join(options.logs, `${part.name.replaceAll(' ', '-')}.log`);

  const launch = async (part: Part): Promise<Running> => {
    const plan = await part.prepare();
    stopping.signal.throwIfAborted();
    const child = spawnPart(plan, { log: logOf(part), stackId: options.state.current.stackId });
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(wordsOf(error)));
      child.once('exit', (code, signal) => {
        // What it started in its group does not outlive it.
        if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
        resolve(signal ? `ended by ${signal}` : `exit code ${code}`);
      });
    });
    const mark = child.pid === undefined ? null : markOf(child.pid);
    if (mark) record(options.state, part, mark);
    const entry = { part, child, mark, ended };
    running.set(part.name, entry);
    return entry;
  };

  /** Launches and waits until ready; null and a reason where it ended or hung before that. */
  const bringUp = async (part: Part): Promise<{ entry: Running | null; reason: string }> => {
    const entry = await launch(part);
    const patience = new AbortController();
    const limit = sleep(part.readyMs, `not ready within ${part.readyMs / 1000} s`, { signal: patience.signal });
    limit.catch(() => undefined);
    try {
      const failure = await Promise.race([
        part.ready(AbortSignal.any([patience.signal, stopping.signal])).then(() => null, wordsOf),
        entry.ended,
        limit,
      ]);
      if (failure === null) return { entry, reason: '' };
      if (entry.mark) await endProcess(entry.mark, { signal: 'SIGTERM', graceMs: 2_000 });
      return { entry: null, reason: failure };
    } finally {
      patience.abort();
    }
  };

  const watch = async (first: Running): Promise<void> => {
    let entry = first;
    let deaths = 0;
    for (;;) {
      const bornMs = Date.now();
      const how = await entry.ended;
      forget(options.state, entry.part);
      if (stopping.signal.aborted) return;
      deaths = Date.now() - bornMs > (options.healthyMs ?? HEALTHY_MS) ? 1 : deaths + 1;
      const next = await revive(entry.part, how, deaths);
      if (next === null) return;
      entry = next;
    }
  };

  const revive = async (part: Part, how: string, deathsBefore: number): Promise<Running | null> => {
    let reason = how;
    for (let deaths = deathsBefore; deaths < GIVE_UP_AFTER; deaths += 1) {
      const pauseMs = Math.min((options.backOffMs ?? 500) * 2 ** (deaths - 1), MAX_BACK_OFF_MS);
      options.say(`${part.name} stopped (${reason}); starting it again${pauseMs >= 1000 ? ` in ${pauseMs / 1000} s` : ''}. Its log: ${logOf(part)}`);
      const waited = await sleep(pauseMs, true, { signal: stopping.signal }).catch(() => false);
      if (!waited) return null;
      const outcome = await bringUp(part).catch((error: unknown) => ({ entry: null, reason: wordsOf(error) }));
      if (stopping.signal.aborted) return null;
      if (outcome.entry) {
        options.say(`${part.name} is back.`);
        return outcome.entry;
      }
      reason = outcome.reason;
    }
    giveUp(new StackFault(`${part.name} cannot be kept running (${reason}). The end of its log:\n${logTail(logOf(part))}`));
    return null;
  };

  return {
    broken,
    async start(part) {
      let reason = '';
      for (let attempt = 1; attempt <= FIRST_TRIES; attempt += 1) {
        const outcome = await bringUp(part);
        stopping.signal.throwIfAborted();
        if (outcome.entry) {
          watch(outcome.entry).catch((error: unknown) => giveUp(new StackFault(`${part.name}: ${wordsOf(error)}`)));
          return;
        }
        reason = outcome.reason;
      }
      throw new StackFault(`${part.name} does not start (${reason}). The end of its log, ${logOf(part)}:\n${logTail(logOf(part))}`);
    },
    async stop() {
      stopping.abort();
      for (const tier of ['program', 'service'] as const) {
        const entries = [...running.values()].filter(({ part }) => part.tier === tier).reverse();
        await Promise.all(
          entries.map(async ({ part, mark }) => {
            if (mark) await endProcess(mark, { signal: part.stopSignal, graceMs: part.graceMs });
            forget(options.state, part);
          }),
        );
      }
    },
    kill() {
      stopping.abort();
      for (const { mark } of running.values()) if (mark) signalGroup(mark.pid, 'SIGKILL');
    },
  };
}

function record(state: StateFile, part: Part, mark: ProcessMark): void {
  state.change((before) => ({ ...before, parts: { ...before.parts, [part.name]: { ...mark, stopSignal: part.stopSignal } } }));
}

function forget(state: StateFile, part: Part): void {
  state.change(({ parts, ...rest }) => ({ ...rest, parts: Object.fromEntries(Object.entries(parts).filter(([name]) => name !== part.name)) }));
}
