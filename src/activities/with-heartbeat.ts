import { Context } from '@temporalio/activity';
import { meter } from './meter.js';

const EVERY_MS = 3000;

/**
 * Sends the latest progress while `work` runs, on a timer. It says only "this process lives": that the work moves is
 * watched where the work is (run-ffmpeg's stall watchdog, deadlines of every S3 call), which ends it when it does not.
 * `work` gets the activity's cancellation signal.
 */
export async function withHeartbeat<T>(work: (beat: (fraction: number) => void, signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  const kept = faultsSoFar();
  const own = meter();
  const { attempt } = context.info;
  let fraction = 0;
  const spent = () => (own === undefined ? {} : { spent: { attempt, cpuMs: own.cpuMs } });
  const send = (): void => context.heartbeat({ ...kept, fraction, ...spent() } satisfies HeartbeatDetails);
  send();
  const timer = setInterval(send, EVERY_MS);
  try {
    return await work((value) => {
      fraction = Math.max(fraction, Math.min(1, value));
    }, context.cancellationSignal);
  } finally {
    clearInterval(timer);
  }
}

/** An activity that says only that it lives. */
export const alive =
  <A extends unknown[], R>(act: (...args: A) => Promise<R>) =>
  (...args: A): Promise<R> =>
    withHeartbeat(() => act(...args));

/** What travels from one attempt to the next. Under 1 kB. */
export interface HeartbeatDetails {
  /** Attempts that ended in a fault that may lie in the content. Lost machines are not counted. */
  readonly contentFaults: number;
  readonly fraction?: number;
  /** What this attempt has used: whoever comes after it tells, should it die without a word. */
  readonly spent?: { readonly attempt: number; readonly cpuMs: number };
}

export function faultsSoFar(): HeartbeatDetails {
  const details = Context.current().info.heartbeatDetails as Partial<HeartbeatDetails> | undefined;
  return { contentFaults: typeof details?.contentFaults === 'number' ? details.contentFaults : 0 };
}

/** What was last heard of the attempt right before this one; null: nothing. */
export function spentBefore(): { readonly cpuMs: number } | null {
  const { heartbeatDetails, attempt } = Context.current().info;
  const spent = (heartbeatDetails as Partial<HeartbeatDetails> | undefined)?.spent;
  return spent?.attempt === attempt - 1 && typeof spent.cpuMs === 'number' ? { cpuMs: spent.cpuMs } : null;
}
