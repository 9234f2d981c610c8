import { Connection, Client as TemporalClient } from '@temporalio/client';
import pLimit from 'p-limit';
import { workflowId } from '../src/workflows/contract.js';
import { type ApiTarget, apiTarget, openUpload, readyVideo } from './api-target.js';
import type { BenchContext } from './context.js';
import type { Row } from './figures.js';
import { createHttpClient, type Shot } from './http-client.js';
import { httpLoad, type LoadResult } from './http-load.js';
import { type OpenResult, openLoad } from './open-load.js';
import { type BenchStack, withStack } from './stack.js';
import { isGood } from './tally.js';

const CONNECTIONS = 16;
/** As a balancer in front keeps them open, in calm and in overload: who finds none free waits, and his time runs. */
const KEPT_CONNECTIONS = 500;
/** Code that is interpreted still takes twice as long, in the API as in the workers: no server that is asked for too much has just been started. */
const WARM_UP_S = 20;
const LOOK_S = 20;
/** Of what it answers as fast as it can, the share that it is asked for in calm. */
const CALM_SHARE = 0.8;
const TIMES = 10;
/** Few, so that ten times the rate is more than creates can do, and not more than one process can read from its sockets. */
const READS_A_CREATE = 2;
/** Of clients whose uploads are under way. The same in calm and in overload: they were let in before. */
const SIGNS_A_SECOND = 20;
const PART = 'overload';
const KINDS = ['read', 'create', 'sign'] as const;

/**
 * What the API answers of ten times as many requests as it sustains, two reads to a create, while uploads that are under way go on.
 * Calm lasts as long: of few requests the 99th percentile says little.
 * Open loop: requests come whether or not others were answered.
 */
export async function benchOverload({ root, options, say }: BenchContext): Promise<Row[]> {
  return withStack({ root, encoders: 1 }, async (stack) => {
    const target = apiTarget(stack);
    const [uploadId, { id }] = [await openUpload(stack), await readyVideo(stack)];
    const shots = shotsFor(uploadId, id);
    const mixed = (n: number): Shot => (n % (READS_A_CREATE + 1) === 0 ? shots.create : shots.read);
    await httpLoad({ ...target, connections: CONNECTIONS, warmUpS: 0, seconds: WARM_UP_S, request: mixed });
    const most = await httpLoad({ ...target, connections: CONNECTIONS, seconds: LOOK_S, request: mixed });
    say(
      `  as fast as it answers: ${most.perSecond.toFixed(0)}/s, ${wholeMix(most).toFixed(0)}/s of the whole mix, over ${CONNECTIONS} connections, p99 ${most.p99Ms.toFixed(1)} ms`,
    );

    const client = createHttpClient({ ...target, connections: KEPT_CONNECTIONS });
    const acknowledged: string[] = [];
    const offer = (perSecond: number, seconds: number): Promise<OpenResult> =>
      openLoad({
        ...{ client, seconds },
        seed: options.seed,
        kinds: {
          read: { perSecond: (perSecond * READS_A_CREATE) / (READS_A_CREATE + 1), shot: () => shots.read },
          create: { perSecond: perSecond / (READS_A_CREATE + 1), shot: () => shots.create },
          sign: { perSecond: SIGNS_A_SECOND, shot: shots.sign },
        },
        onAnswer: (kind, status, text) => {
          if (kind === 'create' && isGood(status)) acknowledged.push((JSON.parse(text) as { id: string }).id);
        },
      });
    try {
      await Promise.all(Array.from({ length: KEPT_CONNECTIONS }, () => client.send({ method: 'GET', path: '/healthz' })));
      const sustained = wholeMix(most) * CALM_SHARE;
      const calm = await offer(sustained, options.seconds);
      say(`  ${sustained.toFixed(0)}/s: ${text(calm)}`);
      const over = await offer(sustained * TIMES, options.seconds);
      say(
        `  ${(sustained * TIMES).toFixed(0)}/s for ${options.seconds} s: ${text(over)}; this process was late by ${over.worstLateMs.toFixed(0)} ms at most`,
      );
      const lost = await missing(stack, target, acknowledged);
      say(`  ${acknowledged.length} uploads were acknowledged, ${lost} of them are not there`);
      return rowsOf({ calm, over, sustained, seconds: options.seconds, acknowledged: acknowledged.length, lost });
    } finally {
      await client.close();
    }
  });
}

/** Of the mix that was asked for: whoever turns creates away at once serves more reads, and sustains no more. */
function wholeMix({ perSecond, statuses }: LoadResult): number {
  const [reads, creates] = [statuses[200] ?? 0, statuses[201] ?? 0];
  return (perSecond * Math.min(reads / READS_A_CREATE, creates) * (READS_A_CREATE + 1)) / Math.max(1, reads + creates);
}

function shotsFor(uploadId: string, videoId: string) {
  return {
    read: { method: 'GET', path: `/v1/videos/${videoId}` },
    create: { method: 'POST', path: '/v1/uploads', body: { file_name: 'bench.mp4', size_bytes: 1_000_000, content_type: 'video/mp4' } },
    sign: (n: number): Shot => ({ method: 'POST', path: `/v1/uploads/${uploadId}/parts`, body: { part_numbers: [1 + (n % 100)] } }),
  } as const;
}

/** Read back one by one: the row through the API, and the workflow from Temporal itself. @returns how many lack one of them */
async function missing(stack: BenchStack, target: ApiTarget, ids: readonly string[]): Promise<number> {
  const client = createHttpClient({ ...target, connections: 8 });
  const connection = await Connection.connect({ address: stack.temporalAddress() });
  const { workflow } = new TemporalClient({ connection });
  const few = pLimit(8);
  try {
    const there = await Promise.all(
      ids.map((id) =>
        few(async () => {
          const { status } = await client.send({ method: 'GET', path: `/v1/uploads/${id}` });
          const run = await workflow
            .getHandle(workflowId.upload(id))
            .describe()
            .catch(() => null); // not found, which is what is counted
          return status === 200 && run !== null;
        }),
      ),
    );
    return there.filter((isThere) => !isThere).length;
  } finally {
    await Promise.all([client.close(), connection.close()]);
  }
}

function rowsOf(seen: {
  readonly calm: OpenResult;
  readonly over: OpenResult;
  readonly sustained: number;
  readonly seconds: number;
  readonly acknowledged: number;
  readonly lost: number;
}): Row[] {
  const { calm, over, sustained, seconds, acknowledged, lost } = seen;
  const count = (result: OpenResult, kinds: readonly string[], match: (status: number) => boolean): number =>
    kinds
      .flatMap((kind) => Object.entries(result.tallies[kind]?.statuses() ?? {}))
      .reduce((total, [status, times]) => (match(Number(status)) ? total + times : total), 0);
  const row = (name: string, value: number, unit: string, goal: Row['goal'], note: string): Row => ({
    ...{ part: PART, name, value, unit, goal, note },
    digits: unit === '×' ? 2 : 0,
  });
  const p99 = (result: OpenResult, kind: string): number => result.tallies[kind]?.quantileMs(0.99) ?? Number.NaN;
  const good = count(over, ['read', 'create'], isGood);
  return [
    row(
      'answers that are no 2xx, 429 or 503',
      count(over, KINDS, (status) => !isGood(status) && ![0, 429, 503].includes(status)),
      '',
      { atMost: 0 },
      '',
    ),
    row(
      'requests without an answer',
      count(over, KINDS, (status) => status === 0),
      '',
      { atMost: 0 },
      '',
    ),
    row(
      `served of ${(sustained * TIMES).toFixed(0)}/s`,
      good / seconds,
      '/s',
      null,
      `of ${sustained.toFixed(0)}/s in calm ${(count(calm, ['read', 'create'], isGood) / seconds).toFixed(0)}/s; ${count(over, KINDS, (status) => status === 503)} times 503`,
    ),
    ...KINDS.map((kind) =>
      row(
        `${kind}: p99 of who is served, overload / calm`,
        p99(over, kind) / p99(calm, kind),
        '×',
        { atMost: 2 },
        `${p99(over, kind).toFixed(1)} ms / ${p99(calm, kind).toFixed(1)} ms`,
      ),
    ),
    row(
      'signs of uploads under way that were refused',
      count(over, ['sign'], (status) => !isGood(status)),
      '',
      { atMost: 0 },
      `${SIGNS_A_SECOND}/s`,
    ),
    row('acknowledged uploads without row or workflow', lost, '', { atMost: 0 }, `of ${acknowledged}`),
  ];
}

const text = ({ tallies }: OpenResult): string =>
  Object.entries(tallies)
    .map(([kind, tally]) => `${kind} ${JSON.stringify(tally.statuses())} p99 ${tally.quantileMs(0.99).toFixed(1)} ms`)
    .join(', ');
