import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until `probe` resolves; each try is short. Rejects only when `signal` aborts. */
export async function waitUntil(probe: () => Promise<unknown>, signal: AbortSignal, everyMs = 100): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const answered = await probe().then(
      () => true,
      // Not there yet is what this waits for; the limit and the log of the part tell the rest.
      () => false,
    );
    if (answered) return;
    await sleep(everyMs, undefined, { signal });
  }
}

/** Resolves when an HTTP server answers with a status that `accept` takes. */
export async function httpAnswers(url: string, accept: (status: number) => boolean): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000), redirect: 'manual' });
  await response.arrayBuffer();
  if (!accept(response.status)) throw new Error(`${url} answered ${response.status}`);
}
