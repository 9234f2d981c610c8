import { appendFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import pLimit from 'p-limit';
import { partSizeFor } from '../../src/domain/upload.js';
import { partOf } from '../launcher.js';
import { type Client, type ClientEnd, startClient, UPLOADER } from './client-process.js';
import { createDealer } from './dealer.js';
import { killNext } from './killer.js';
import { lineOf, type Traffic, trafficOf } from './meter.js';
import { createMemoryWatch } from './peak-memory.js';
import type { ProxiedStack } from './proxied-stack.js';
import { faultOf, type UploadedVideo } from './rows.js';
import type { PlannedFault, Victim } from './schedule.js';
import { makePadded, sha256Of, sha256OfFile } from './sources.js';
import { type ExchangeEnd, NO_WATCH } from './watch.js';

interface StormOptions {
  readonly root: string;
  readonly folder: string;
  readonly clip: string;
  readonly files: number;
  readonly sizeBytes: number;
  readonly plan: readonly PlannedFault[];
  readonly stack: ProxiedStack;
  readonly limitMs: number;
  readonly say: (line: string) => void;
}

export interface Storm {
  readonly fileBytes: number;
  readonly partBytes: number;
  readonly faultsGiven: number;
  readonly flipsLeftOut: number;
  /** Uploads that their client reported as done. */
  readonly accepted: readonly { readonly videoId: string; readonly file: string; readonly sha256: string }[];
  /** Uploads that their client gave up, in words. */
  readonly failed: readonly string[];
  readonly traffic: Traffic;
  readonly apiPeakBytes: number;
  readonly clientPeakBytes: number;
  readonly uploadS: number;
}

/** Uploads so many at a time. */
const AT_ONCE = 2;

/** Parts that the files of a storm have together. */
export const partsOf = (files: number, sizeBytes: number): number => files * Math.max(1, Math.ceil(sizeBytes / partSizeFor(sizeBytes)));

/** All files through the product's uploader while the plan's faults are dealt. */
export async function storm(options: StormOptions): Promise<Storm> {
  const { stack, plan, folder, say } = options;
  const over = AbortSignal.timeout(options.limitMs);
  const clients = new Set<Client>();
  const kills: Promise<boolean>[] = [];
  const ends: ExchangeEnd[] = [];
  const find = (victim: Victim) =>
    victim === 'client' ? ([...clients].map((client) => client.mark()).find((mark) => mark !== null) ?? null) : partOf(stack, victim);
  const dealer = createDealer(plan, (victim) => {
    // One after the other: two kills of one part are two deaths.
    const before = kills.at(-1) ?? Promise.resolve(true);
    kills.push(before.then(() => killNext(() => find(victim), over)));
  });
  const memory = createMemoryWatch(() => [
    ...[...clients].flatMap((client) => marked('client', client.mark()?.pid)),
    ...marked('API', partOf(stack, 'API')?.pid),
  ]);
  const limit = pLimit(AT_ONCE);
  const startedMs = Date.now();
  const ended = (end: ExchangeEnd): void => {
    ends.push(end);
    appendFileSync(join(stack.data, 'logs', 'requests.log'), `${lineOf(end)}\n`);
  };
  stack.observe({ ...NO_WATCH, meet: dealer.meet, ended });
  try {
    const sources = await Promise.all(
      Array.from({ length: options.files }, (_, index) =>
        limit(async () => {
          const file = join(folder, `storm-${index + 1}.mp4`);
          const sizeBytes = await makePadded(options.clip, file, { sizeBytes: options.sizeBytes, name: basename(file) });
          const sha256 = await sha256OfFile(file);
          const end = await upload(file);
          await rm(file);
          say(`  ${basename(file)}: ${'fault' in end ? end.fault : `accepted as ${end.videoId}`}`);
          return { file: basename(file), sizeBytes, sha256, end };
        }),
      ),
    );
    const missed = (await Promise.all(kills)).filter((hit) => !hit).length;
    const fileBytes = sources.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    return {
      fileBytes,
      partBytes: partSizeFor(options.sizeBytes),
      faultsGiven: dealer.given().length - missed,
      flipsLeftOut: dealer.leftOut(),
      accepted: sources.flatMap(({ file, sha256, end }) => ('fault' in end ? [] : [{ videoId: end.videoId, file, sha256 }])),
      failed: sources.flatMap(({ file, end }) => ('fault' in end ? [`${file}: ${end.fault}`] : [])),
      traffic: trafficOf(ends, fileBytes, UPLOADER.resumes),
      apiPeakBytes: memory.peakBytes('API'),
      clientPeakBytes: memory.peakBytes('client'),
      uploadS: (Date.now() - startedMs) / 1000,
    };
  } finally {
    memory.close();
    stack.observe(NO_WATCH);
  }

  async function upload(file: string): Promise<ClientEnd> {
    const client = startClient({ root: options.root, apiUrl: stack.apiUrl, apiKey: stack.apiKey, file, signal: over });
    clients.add(client);
    try {
      return await client.ended;
    } finally {
      clients.delete(client);
    }
  }
}

const marked = (kind: string, pid: number | undefined): (readonly [string, number])[] => (pid === undefined ? [] : [[kind, pid]]);

/** Accepted uploads that are not published once, or whose stored source has other bytes than the file had. */
export async function checkAccepted(
  { accepted }: Storm,
  videos: readonly UploadedVideo[],
  stack: ProxiedStack,
): Promise<{ readonly lost: readonly string[]; readonly different: readonly string[] }> {
  const lost: string[] = [];
  const different: string[] = [];
  const store = stack.store();
  try {
    for (const { videoId, file, sha256 } of accepted) {
      const video = videos.find(({ id }) => id === videoId);
      const fault = faultOf(video);
      if (fault !== null) lost.push(`${file} (${videoId}): ${fault}`);
      const source = video ? await store.get(video.sourceKey) : null;
      if (source === null) different.push(`${file} (${videoId}): its source is not there`);
      else if ((await sha256Of(source.body)) !== sha256) different.push(`${file} (${videoId}): its source has other bytes`);
    }
  } finally {
    store.close();
  }
  return { lost, different };
}
