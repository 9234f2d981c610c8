/**
 * Runs work with a signal that aborts after `ms`, or with the caller's own. By a timer that keeps the process: a
 * connection that is cut as it is made can leave nothing that would, and the process would end in the middle of its work.
 */
export async function withDeadline<T>(ms: number, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`no answer within ${ms / 1000} s`)), ms);
  try {
    return await work(AbortSignal.any([signal, late.signal]));
  } finally {
    clearTimeout(timer);
  }
}
