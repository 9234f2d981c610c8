import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../client/api-client.js';
import { uploadFile } from '../client/upload-file.js';
import { isSettled, type VideoRow } from './videos.js';

interface FeedDeps {
  readonly api: ApiClient;
  readonly sources: readonly string[];
  readonly videos: () => Promise<readonly VideoRow[]>;
  /** Aborts when the last fault was given. */
  readonly signal: AbortSignal;
}

export interface FeedResult {
  /** Uploads beyond the first of each source that the API acknowledged as complete. */
  readonly accepted: number;
  readonly faults: readonly string[];
}

const PAUSE_MS = 1_000;
/** Videos in flight at the least: enough that every encoder has work. */
const LEAST_IN_FLIGHT = 3;

/** Uploads the sources again, as new videos, whenever few are left in flight, so that every fault finds work. */
export async function feed({ api, sources, videos, signal }: FeedDeps): Promise<FeedResult> {
  const faults: string[] = [];
  let accepted = 0;
  let next = 0;
  while (!signal.aborted) {
    await sleep(PAUSE_MS);
    const rows = await videos().catch(() => null); // the database is not hit, but this look may come late
    const inFlight = rows?.filter((row) => !isSettled(row)).length ?? LEAST_IN_FLIGHT;
    const file = sources[next % sources.length];
    if (signal.aborted || file === undefined || inFlight >= LEAST_IN_FLIGHT) continue;
    next += 1;
    try {
      // Begun is finished: an upload is never given up because the last fault was given.
      await uploadFile({ api, file, signal: new AbortController().signal, onVideoId: () => undefined, onProgress: () => undefined });
      accepted += 1;
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { accepted, faults };
}
