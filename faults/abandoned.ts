import { join } from 'node:path';
import { Connection, WorkflowClient } from '@temporalio/client';
import pLimit from 'p-limit';
import { z } from 'zod';
import type { ApiClient } from '../client/api-client.js';
import { findRoot } from '../stack/root.js';
import type { AbandonedOptions } from './abandoned-arguments.js';
import { type AbandonedSession, drawSessions } from './abandoned-plan.js';
import { type AbandonedFindings, abandonedJson, abandonedRows, type EndedSession } from './abandoned-verdict.js';
import { prepareStack, type RunningStack, startLauncher, until } from './launcher.js';
import { keysUnder } from './leftovers.js';
import { inOwnFolder } from './own-folder.js';
import { runningWorkflows } from './settle.js';
import { isSettled, readVideoRows } from './videos.js';

/** A session's life: long enough to send everything on a busy machine, short enough to wait for its end. */
const LIFE_S = 45;
const PARALLEL = 8;
const UP_MS = 180_000;
/** On top of the life: the last look, inspections of what is whole, a few runs of reconciling. */
const END_MS = 180_000;
const END_MS_A_SESSION = 1_000;

/**
 * `abandoned`: sessions that nobody comes back to, on a stack of their own. Resolves with the exit code: 0 where every
 * promise held. Its folder goes away then, and stays otherwise.
 */
export async function abandoned(options: AbandonedOptions, say: (line: string) => void): Promise<number> {
  const startedMs = Date.now();
  return await inOwnFolder({ name: 'abandoned', keep: options.keep, say }, async (folder) => {
    const plan = drawSessions(options);
    say(`Seed ${options.seed}: ${plan.length} sessions of ${LIFE_S} s. Everything is in ${folder}`);
    const env = { UPLOAD_TTL_S: String(LIFE_S), RECONCILE_EVERY_S: '5', RECONCILE_GRACE_S: '10', RECONCILE_START_GRACE_S: '5' };
    await prepareStack(findRoot(), say);
    const stack = startLauncher({ root: findRoot(), data: join(folder, 'data'), args: ['--encoders', '1'], env });
    try {
      const found = await leaveAlone(stack, plan, say);
      const rows = abandonedRows(found);
      return { rows, figures: abandonedJson(found, { seed: options.seed, wallS: (Date.now() - startedMs) / 1000 }) };
    } finally {
      await stack.stop();
    }
  });
}

async function leaveAlone(stack: RunningStack, plan: readonly AbandonedSession[], say: (line: string) => void): Promise<AbandonedFindings> {
  // The launcher makes and publishes a sample of its own: from then on nothing else is under way.
  const videos = () => readVideoRows(stack.databaseUrl());
  await until('The stack is up and has published its sample', stack, UP_MS, async () =>
    (await videos()).some(({ state }) => state === 'ready') ? true : null,
  );
  const others = (await videos()).length;
  const api = stack.api();
  const limit = pLimit(PARALLEL);
  say('  Beginning sessions, and leaving them alone …');
  const begun = await Promise.all(plan.map((session) => limit(() => begin(api, session))));
  say(`  ${begun.length} left alone; waiting until their time is over …`);
  const connection = await Connection.connect({ address: stack.temporalAddress() });
  const store = stack.store();
  try {
    const client = new WorkflowClient({ connection });
    const limitMs = LIFE_S * 1000 + END_MS + begun.length * END_MS_A_SESSION;
    const ended = until('Every session is over and every video settled', stack, limitMs, async () => {
      const { open_uploads } = await readLedger(api);
      return open_uploads === 0 && (await videos()).every(isSettled) && (await runningWorkflows(client)).length === 0 ? true : null;
    });
    // What did not come to its end is told by the table, not by a stack trace.
    await ended.catch((error: unknown) => say(error instanceof Error ? error.message : String(error)));
    const sessions = await Promise.all(begun.map((each) => limit(() => endOf(api, each))));
    const keys = await sourcesOf(stack);
    return {
      wanted: plan.length,
      sessions,
      ledger: await readLedger(api),
      others,
      multiparts: (await store.listMultiparts('')).map(({ key, multipartId }) => `${key} (${multipartId})`),
      objects: (await keysUnder(store, 'sources/')).filter((key) => !keys.has(key)),
      workflows: await runningWorkflows(client),
      alarms: (await readLedger(api)).alarms,
    };
  } finally {
    store.close();
    await connection.close();
  }
}

interface Begun {
  readonly session: AbandonedSession;
  readonly uploadId: string;
  readonly videoId: string;
}

const created = z.object({ id: z.string(), video_id: z.string(), part_count: z.number() });
const signed = z.object({ parts: z.array(z.object({ part_number: z.number(), url: z.string(), size_bytes: z.number() })) });

/** As far as the plan says, and not one request further. */
async function begin(api: ApiClient, session: AbandonedSession): Promise<Begun> {
  const post = async (path: string, body: unknown): Promise<unknown> =>
    (
      await api.request({
        method: 'POST',
        path,
        body,
        idempotencyKey: `abandoned-${session.number}-${path.split('/').at(-1)}`,
        signal: AbortSignal.timeout(LIFE_S * 1000),
      })
    )?.body;
  const upload = created.parse(await post('/v1/uploads', { file_name: `${session.number}.mp4`, size_bytes: session.sizeBytes }));
  const begun = { session, uploadId: upload.id, videoId: upload.video_id };
  if (session.point === 'created') return begun;
  const part_numbers = Array.from({ length: upload.part_count }, (_, index) => index + 1);
  const { parts } = signed.parse(await post(`/v1/uploads/${upload.id}/parts`, { part_numbers }));
  const wanted = session.point === 'all parts' ? parts : session.point === 'some parts' ? parts.slice(1) : [];
  for (const part of wanted) await putBytes(part.url, Buffer.alloc(part.size_bytes, session.number));
  return begun;
}

async function putBytes(url: string, body: Buffer<ArrayBuffer>): Promise<void> {
  const answer = await fetch(url, { method: 'PUT', body, signal: AbortSignal.timeout(LIFE_S * 1000) });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`a part was answered with ${answer.status}`);
}

const status = z.object({ status: z.string() });

async function endOf(api: ApiClient, { session, uploadId, videoId }: Begun): Promise<EndedSession> {
  const read = async (path: string): Promise<string> =>
    status.parse((await api.request({ method: 'GET', path, signal: AbortSignal.timeout(60_000) }))?.body).status;
  return { point: session.point, uploadId, upload: await read(`/v1/uploads/${uploadId}`), video: await read(`/v1/videos/${videoId}`) };
}

const figure = z.number();
const ledger = z.object({
  accepted: figure,
  in_flight: figure,
  gap: figure,
  open_uploads: figure,
  reserved_bytes: figure,
  reconciler: z.object({ alarms: z.array(z.object({ what: z.string(), subject: z.string() })) }).nullable(),
});

async function readLedger(api: ApiClient) {
  const answer = await api.request({ method: 'GET', path: '/v1/ops/ledger?tenants=all', signal: AbortSignal.timeout(60_000) });
  const { reconciler, ...figures } = ledger.parse(answer?.body);
  const alarms = reconciler === null ? ['reconciling has not run'] : reconciler.alarms.map(({ what, subject }) => `${what}: ${subject}`);
  return { ...figures, alarms };
}

/** Keys of the sources that accepted uploads have. */
async function sourcesOf(stack: RunningStack): Promise<Set<string>> {
  return new Set((await readVideoRows(stack.databaseUrl())).flatMap(({ sourceKey, generation }) => (generation > 0 ? [sourceKey] : [])));
}
