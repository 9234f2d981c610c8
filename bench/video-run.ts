import { Client, Connection } from '@temporalio/client';
import { z } from 'zod';
import { uploadFile } from '../client/upload-file.js';
import { watchVideo } from '../client/watch-video.js';
import { workflowId } from '../src/workflows/contract.js';
import { type ActivityTimes, activityTimes } from './activity-times.js';
import { cpuMsOf, peakRssMib, treeOf } from './proc.js';
import type { BenchStack } from './stack.js';
import { readHistory } from './temporal-history.js';

/** What became of one video, from the moment when its upload was complete. */
export interface VideoRun {
  readonly videoId: string;
  /** Complete to published, by the product's own clock (`uploaded_at`, `published_at`). */
  readonly publishedMs: number;
  /** The same to `playable_at`; null where the product does not say. */
  readonly playableMs: number | null;
  /** From the last byte of the upload to the end of the video's workflow: all processes of the stack together. */
  readonly cpuMs: number;
  /** Highest resident size of one process, by its name: `node`, `ffmpeg`. */
  readonly rssMib: ReadonlyMap<string, number>;
  readonly uploadedAtMs: number;
  readonly publishedAtMs: number;
  readonly activities: readonly ActivityTimes[];
  readonly chunks: readonly { readonly index: number; readonly wallMs: number; readonly sourceBytesRead: number }[];
}

const SAMPLE_MS = 250;
const LIMIT_MS = 60 * 60_000;
const times = z.object({ uploaded_at: z.string(), playable_at: z.string().nullable(), published_at: z.string() });
const chunkResult = z.object({ index: z.number(), wallMs: z.number(), sourceBytesRead: z.number() });

/** Uploads a file to a running stack and follows it to the end of its workflow. @throws Error where it is not published */
export async function runVideo(stack: BenchStack, file: string): Promise<VideoRun> {
  const [api, signal] = [stack.api(), AbortSignal.timeout(LIMIT_MS)];
  let [videoId, cpuBefore] = ['', 0];
  const cpuNow = (): number => cpuMsOf(treeOf(stack.pid));
  const rss = new Map<string, number>();
  const sampler = setInterval(() => sampleRss(stack.pid, rss), SAMPLE_MS);
  const connection = await Connection.connect({ address: stack.temporalAddress() });
  try {
    await uploadFile({
      ...{ api, file, signal },
      onVideoId: (id) => {
        videoId = id;
      },
      onProgress: (sent, size) => {
        if (sent === size) cpuBefore = cpuNow();
      },
    });
    const end = await watchVideo(api, videoId, () => undefined, signal);
    if (end.status !== 'ready') throw new Error(`${file}: ${end.status} ${end.errors.map((error) => `${error.code} ${error.message}`).join(' ')}`);
    const client = new Client({ connection });
    await client.workflow.getHandle(workflowId.processVideo(videoId, 1)).result();
    const cpuMs = cpuNow() - cpuBefore;
    const answer = await api.request({ method: 'GET', path: `/v1/videos/${videoId}`, signal });
    const said = times.parse(answer?.body);
    const [uploadedAtMs, publishedAtMs] = [Date.parse(said.uploaded_at), Date.parse(said.published_at)];
    const histories = await Promise.all(
      [workflowId.processVideo(videoId, 1), workflowId.encodeChunks(videoId, 1)].map((id) => readHistory(client, id)),
    );
    const activities = histories.flatMap(({ events }) => activityTimes(events)).sort((a, b) => a.startedMs - b.startedMs);
    return {
      ...{ videoId, cpuMs, rssMib: rss, uploadedAtMs, publishedAtMs, activities },
      publishedMs: publishedAtMs - uploadedAtMs,
      playableMs: said.playable_at === null ? null : Date.parse(said.playable_at) - uploadedAtMs,
      chunks: activities.filter(({ activity }) => activity === 'encodeChunk').map(({ result }) => chunkResult.parse(result)),
    };
  } finally {
    clearInterval(sampler);
    await connection.close();
  }
}

function sampleRss(root: number, rss: Map<string, number>): void {
  for (const { pid, name } of treeOf(root)) rss.set(name, Math.max(rss.get(name) ?? 0, peakRssMib(pid) ?? 0));
}
