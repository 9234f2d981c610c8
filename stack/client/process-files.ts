import { basename } from 'node:path';
import pLimit from 'p-limit';
import { type ApiClient, bodyOf } from '../../client/api-client.js';
import type { Video } from '../../client/api-types.js';
import { describe } from '../../client/describe-video.js';
import { watchVideo } from '../../client/watch-video.js';
import type { Ledger } from '../ledger.js';
import type { LiveLine, Screen } from '../screen.js';
import { processFile } from './process-file.js';

const PARALLEL_UPLOADS = 2;

interface Options {
  readonly screen: Screen;
  readonly signal: AbortSignal;
  /** Videos of an earlier run: followed on the screen, not in the ledger. */
  readonly earlier: readonly Video[];
}

/** Takes all files of the ledger, and what an earlier run left, to their ends, with a live line for each. */
export async function processFiles(api: ApiClient, ledger: Ledger, { screen, signal, earlier }: Options): Promise<void> {
  const lines = new Map<string, LiveLine>();
  const show = (key: string, name: string, doing: string, milestone: string): void => {
    lines.set(key, { key, text: `  ${name}  ${doing}`, milestone: `  ${name}: ${milestone}` });
    screen.live([...lines.values()]);
  };
  const upload = pLimit(PARALLEL_UPLOADS);
  const files = ledger.jobs.map(async (job, index) => {
    const name = basename(job.file);
    const row = await processFile(api, job, {
      signal,
      upload,
      tell(track) {
        ledger.set(index, track.row);
        show(`file ${index}`, name, track.doing, track.milestone);
      },
    });
    ledger.set(index, row);
  });
  const others = earlier.map(async ({ id, name }) => {
    await watchVideo(api, id, (video) => show(id, `${name} (earlier run)`, describe(video), describe(video, true)), signal);
  });
  await Promise.all([...files, ...others]);
  screen.settle();
}

/** Videos that were accepted in an earlier run and are still on their way. */
export async function videosInFlight(api: ApiClient, signal: AbortSignal): Promise<readonly Video[]> {
  return (await bodyOf(api.GET('/v1/videos', { params: { query: { status: 'queued,preparing', limit: 100 } }, signal }))).data;
}
