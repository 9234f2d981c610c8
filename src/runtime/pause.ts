import { setTimeout as sleep } from 'node:timers/promises';

/** Waits so long or until the signal, whichever comes first; resolves either way. With `ref: false` it keeps no process alive. */
export async function pause(ms: number, signal: AbortSignal, { ref = true }: { readonly ref?: boolean } = {}): Promise<void> {
  await sleep(ms, undefined, { signal, ref }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
