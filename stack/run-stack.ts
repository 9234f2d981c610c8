import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { tryLock } from '#stack/lock.mjs';
import { unreadable } from '../client/source-file.js';
import type { RunOptions } from './arguments.js';
import { endOrphans } from './end-orphans.js';
import { StackFault, wordsOf } from './fault.js';
import { type Interrupt, onInterrupt } from './interrupt.js';
import { createLedger, type Ledger } from './ledger.js';
import { succeeded, writeReport } from './report.js';
import type { Screen } from './screen.js';
import { serveFiles } from './serve-files.js';
import { openState, type StateFile } from './state.js';
import { createSupervisor } from './supervise.js';

export interface RunContext {
  /** The checkout. */
  readonly root: string;
  /** The user's folder: relative names start here. */
  readonly here: string;
  readonly screen: Screen;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What the parser gave, with the data folder found. */
export type StackOptions = RunOptions & { readonly data: string };

const INTERRUPTED = 130;

/** Brings the stack up, takes the files through it, and stays or ends. Resolves with the exit code; leaves no process. */
export async function runStack(options: StackOptions, context: RunContext): Promise<number> {
  const { screen, here } = context;
  const sample = join(options.data, 'sample.mp4');
  const ledger = createLedger(options.files.length > 0 ? options.files : [sample], { here, exportTo: options.exportTo });
  const report = (rows = ledger.rows()): void => {
    if (options.reportTo !== null) writeReport(resolve(here, options.reportTo), rows);
  };
  if (options.once && options.files.length > 0 && (await noneReadable(ledger, screen))) {
    report();
    return 1;
  }
  const lock = takeDataFolder(options.data);
  const interrupt = onInterrupt();
  try {
    const state = openState(options.data);
    return await underSupervision(options, context, { state, ledger, sample, interrupt, report });
  } catch (error) {
    report(ledger.closedWith('STACK_FAILED', wordsOf(error)));
    throw error;
  } finally {
    interrupt.close();
    lock.release();
  }
}

interface Run {
  readonly state: StateFile;
  readonly ledger: Ledger;
  /** Where the sample clip is, or is made. */
  readonly sample: string;
  readonly interrupt: Interrupt;
  readonly report: (rows?: ReturnType<Ledger['rows']>) => void;
}

async function underSupervision(options: StackOptions, context: RunContext, run: Run): Promise<number> {
  const { state, ledger, interrupt, report } = run;
  const say = (line: string): void => context.screen.say(line);
  await endOrphans(state, say);
  const supervisor = createSupervisor({ logs: join(options.data, 'logs'), state, say });
  interrupt.onSecond(() => supervisor.kill());
  let done = false;
  const work = async (): Promise<number> => {
    await serveFiles(options, context, { ...run, supervisor, signal: interrupt.signal });
    done = true;
    report();
    if (options.once) return ledger.rows().every(succeeded) ? 0 : 1;
    say('Ctrl-C stops everything; what is in the data folder stays.');
    return await interrupt.happened;
  };
  try {
    return await Promise.race([work(), supervisor.broken, interrupt.happened]);
  } catch (error) {
    if (!interrupt.byUser) throw error;
    if (!done) report(ledger.closedWith('INTERRUPTED', 'The stack was stopped before this file was done. It goes on at the next start.'));
    return done ? 0 : INTERRUPTED;
  } finally {
    context.screen.settle();
    say(interrupt.byUser ? 'Stopping (Ctrl-C again: at once) …' : 'Stopping …');
    interrupt.abort();
    await supervisor.stop();
    say('Everything has stopped.');
  }
}

function takeDataFolder(data: string) {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const lock = tryLock(join(data, 'launcher.lock'));
  if (lock.held) return lock;
  throw new StackFault(`A stack already runs on ${data} (process ${lock.pid}). Stop it with Ctrl-C, or start this one with another --data folder.`);
}

/** Whether no file can be opened, so that nothing has to be started; the rows say why. */
async function noneReadable(ledger: Ledger, screen: Screen): Promise<boolean> {
  const faults = await Promise.all(ledger.jobs.map(({ path }) => unreadable(path)));
  if (faults.some((fault) => fault === null)) return false;
  for (const [index, row] of ledger.rows().entries()) {
    ledger.set(index, { ...row, state: 'errored', code: 'FILE_NOT_READABLE', message: faults[index] ?? null });
    screen.say(`  ${row.file}: errored FILE_NOT_READABLE: ${faults[index]}`);
  }
  return true;
}
