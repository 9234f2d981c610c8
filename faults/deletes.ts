import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, WorkflowClient } from '@temporalio/client';
import pLimit from 'p-limit';
import { readVideo } from '../client/video-json.js';
import type { ObjectStore } from '../src/storage/object-store.js';
import { findRoot } from '../stack/root.js';
import { obtainFfmpeg } from '../stack/tools/ffmpeg.js';
import type { DeletesOptions } from './delete-arguments.js';
import { drawDeletions, type PlannedDeletion } from './delete-schedule.js';
import { type DeleteFindings, deletesJson, judgeDeletes } from './delete-verdict.js';
import { deleteAt, type GivenDeletion } from './delete-video.js';
import { type DeletedRow, readDeletedRows } from './deleted-videos.js';
import { prepareStack, type RunningStack, startLauncher, until } from './launcher.js';
import { inOwnFolder } from './own-folder.js';
import { makeSources } from './sources.js';
import { readVideoRows } from './videos.js';

const ENCODERS = 2;
/** Videos that are under way at a time. */
const PARALLEL = 2;
/** Long enough for several looks, short enough to wait for the last one. Late zombies come after it on purpose. */
const LATE_WRITES_S = 12;
const UP_MS = 240_000;
const PURGED_MS = 240_000;
/** A zombie that woke last has ended within this time. */
const QUIET_MS = 12_000;

/**
 * `deletes`: videos are deleted at seeded moments of their lives, on a stack of its own, and then everything that keeps
 * something is asked what is left. One video is not deleted, and must not notice. Resolves with the exit code.
 */
export async function deletes(options: DeletesOptions, say: (line: string) => void): Promise<number> {
  const { seed } = options;
  const startedMs = Date.now();
  return await inOwnFolder({ name: 'deletes', keep: options.keep, say }, async (folder) => {
    const ffmpegPath = (await obtainFfmpeg(process.env, say)).ffmpeg;
    await prepareStack(findRoot(), say);
    const schedule = drawDeletions({ seed, deletions: options.deletions });
    say(`Seed ${seed}: ${options.deletions} deletions, ${ENCODERS} encoders. Everything is in ${folder}`);
    for (const deletion of schedule) say(`  ${describe(deletion)}`);
    await mkdir(join(folder, 'sources'));
    const sources = await makeSources(ffmpegPath, 3, join(folder, 'sources'));
    const found = await onStack({ data: join(folder, 'data'), sources, schedule, say });
    return { rows: judgeDeletes(found), figures: deletesJson(found, { seed, wallS: (Date.now() - startedMs) / 1000 }) };
  });
}

function describe({ number, moment, waitMs, wakeMs, kill }: PlannedDeletion): string {
  const wake = wakeMs > 0 ? `, encoder 1 goes on ${(wakeMs / 1000).toFixed(1)} s later` : '';
  const killed = kill === null ? '' : `, ${kill.part} killed ${kill.afterMs} ms after it is asked for`;
  return `${String(number).padStart(3)}. ${moment} + ${(waitMs / 1000).toFixed(2)} s${wake}${killed}`;
}

interface Run {
  readonly data: string;
  /** The first is the one that stays. */
  readonly sources: readonly string[];
  readonly schedule: readonly PlannedDeletion[];
  readonly say: (line: string) => void;
}

async function onStack(run: Run): Promise<DeleteFindings> {
  const [bystander = '', ...others] = run.sources;
  const env = { LATE_WRITES_S: String(LATE_WRITES_S) };
  const stack = startLauncher({ root: findRoot(), data: run.data, args: ['--encoders', String(ENCODERS), bystander], env });
  try {
    const kept = await until('The stack is up and has published the video that stays', stack, UP_MS, async () => {
      const [row] = await readVideoRows(stack.databaseUrl());
      return row?.state === 'ready' ? row.id : null;
    });
    const refused: string[] = [];
    const limit = pLimit(PARALLEL);
    const one = async (deletion: PlannedDeletion): Promise<GivenDeletion[]> => {
      const source = others[deletion.number % others.length] ?? bystander;
      const given = await deleteAt(stack, source, deletion).catch((error: unknown) => {
        refused.push(`${deletion.number}. ${deletion.moment}: ${error instanceof Error ? error.message : String(error)}`);
        return null;
      });
      run.say(`  ${deletion.number}. ${deletion.moment}: ${given ? `${given.videoId} in ${Math.round(given.tookMs)} ms` : refused.at(-1)}`);
      return given ? [given] : [];
    };
    const given = (await Promise.all(run.schedule.map((deletion) => limit(() => one(deletion))))).flat();
    return await afterwards(run, stack, kept, given, refused);
  } finally {
    await stack.stop();
  }
}

async function afterwards(
  run: Run,
  stack: RunningStack,
  kept: string,
  given: readonly GivenDeletion[],
  refused: readonly string[],
): Promise<DeleteFindings> {
  run.say('  waiting until all is purged …');
  const connection = await Connection.connect({ address: stack.temporalAddress() });
  const store = stack.store();
  try {
    const client = new WorkflowClient({ connection });
    const running = await untilNoneRuns(client, stack);
    await sleep(QUIET_MS);
    const ids = given.map(({ videoId }) => videoId);
    const rows = await readDeletedRows(stack.databaseUrl(), ids);
    const isOthers = (key: string): boolean => !key.includes(kept);
    return {
      wanted: run.schedule.length,
      given: given.length,
      states: countStates(rows),
      slowestMs: Math.max(0, ...given.map(({ tookMs }) => tookMs)),
      refused,
      visible: given.flatMap(({ visible }) => visible),
      alive: ids.filter((id) => rows.find((row) => row.id === id)?.state !== 'deleted'),
      told: rows.filter(({ events }) => !toldOnce(events)).map(({ id, events }) => `${id}: ${events.join(', ')}`),
      unpurged: rows.filter(({ purged }) => !purged).map(({ id, was }) => `${id}, deleted when ${was}`),
      objects: (await allKeys(store)).filter(isOthers),
      multiparts: (await store.listMultiparts('')).map(({ key }) => key).filter(isOthers),
      running,
      failed: await workflows(client, "ExecutionStatus = 'Failed' OR ExecutionStatus = 'Terminated' OR ExecutionStatus = 'TimedOut'"),
      hurt: await damageTo(stack, kept),
    };
  } finally {
    store.close();
    await connection.close();
  }
}

/** Ids of those that still run when the time is up. */
async function untilNoneRuns(client: WorkflowClient, stack: RunningStack): Promise<string[]> {
  const endMs = Date.now() + PURGED_MS;
  for (;;) {
    const running = await workflows(client, "ExecutionStatus = 'Running'");
    if (running.length === 0 || Date.now() > endMs || stack.hasEnded()) return running;
    await sleep(1_000);
  }
}

async function workflows(client: WorkflowClient, query: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { workflowId, status } of client.list({ query })) found.push(`${workflowId} (${status.name})`);
  return found;
}

const toldOnce = (events: readonly string[]): boolean =>
  events.filter((type) => type === 'video.deleted').length === 1 && events.at(-1) === 'video.deleted';

function countStates(rows: readonly DeletedRow[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { was } of rows) counts[was] = (counts[was] ?? 0) + 1;
  return counts;
}

async function allKeys(store: Pick<ObjectStore, 'list'>): Promise<string[]> {
  const keys: string[] = [];
  for (let after: string | null = null; ; ) {
    const page: Awaited<ReturnType<ObjectStore['list']>> = await store.list('', after);
    keys.push(...page.objects.map(({ key }) => key));
    after = page.next;
    if (after === null) return keys;
  }
}

/** The video that stays is ready, and each file of its playlists can be fetched. */
async function damageTo(stack: RunningStack, id: string): Promise<string[]> {
  const answer = await stack.api().request({ method: 'GET', path: `/v1/videos/${id}`, signal: AbortSignal.timeout(60_000) });
  const video = readVideo(answer?.body);
  if (video.status !== 'ready' || video.playback === null) return [`${id} is ${video.status}`];
  const { status } = await fetch(video.playback.hls);
  return status === 200 ? [] : [`${video.playback.hls}: ${status}`];
}
