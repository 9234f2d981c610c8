import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, Client as TemporalClient } from '@temporalio/client';
import pLimit from 'p-limit';
import { workflowId } from '../src/workflows/contract.js';
import { type ApiTarget, apiTarget, openUpload, readyVideo } from './api-target.js';
import type { BenchContext } from './context.js';
import { median, type Row, ratioRow, sum } from './figures.js';
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

/** Between the parts of a round: who came again late is served, and the places are as many as before. */
const REST_S = 5;

interface Round {
  /** Requests a second in calm, without signatures. */
  readonly sustained: number;
  readonly calm: OpenResult;
  readonly over: OpenResult;
}

/**
 * What the API answers of ten times as many requests as it sustains, two reads to a create, while uploads that are under way go on.
 * Calm lasts as long: of few requests the 99th percentile says little. What it sustains is looked for in each round, since the
 * machine is not as fast in all of them.
 * Open loop: requests come whether or not others were answered.
 */
export async function benchOverload({ root, options, say }: BenchContext): Promise<Row[]> {
  return withStack({ root, encoders: 1 }, async (stack) => {
    const target = apiTarget(stack);
    const [uploadId, { id }] = [await openUpload(stack), await readyVideo(stack)];
    const shots = shotsFor(uploadId, id);
    const mixed = (n: number): Shot => (n % (READS_A_CREATE + 1) === 0 ? shots.create : shots.read);
    await httpLoad({ ...target, connections: CONNECTIONS, warmUpS: 0, seconds: WARM_UP_S, request: mixed });

    const client = createHttpClient({ ...target, connections: KEPT_CONNECTIONS });
    const acknowledged: string[] = [];
    const offer = async (perSecond: number): Promise<OpenResult> => {
      await sleep(REST_S * 1000);
      return openLoad({
        ...{ client, seconds: options.seconds, seed: options.seed },
        kinds: {
          read: { perSecond: (perSecond * READS_A_CREATE) / (READS_A_CREATE + 1), shot: () => shots.read },
          create: { perSecond: perSecond / (READS_A_CREATE + 1), shot: () => shots.create },
          sign: { perSecond: SIGNS_A_SECOND, shot: shots.sign },
        },
        onAnswer: (kind, status, text) => {
          if (kind === 'create' && isGood(status)) acknowledged.push((JSON.parse(text) as { id: string }).id);
        },
      });
    };
    const rounds: Round[] = [];
    try {
      await Promise.all(Array.from({ length: KEPT_CONNECTIONS }, () => client.send({ method: 'GET', path: '/healthz' })));
      for (let round = 1; round <= options.runs; round += 1) {
        const most = await httpLoad({ ...target, connections: CONNECTIONS, seconds: LOOK_S, request: mixed });
        const sustained = wholeMix(most) * CALM_SHARE;
        const calm = await offer(sustained);
        const over = await offer(sustained * TIMES);
        rounds.push({ sustained, calm, over });
        say(`  round ${round}: as fast as it answers ${wholeMix(most).toFixed(0)}/s of the mix, over ${CONNECTIONS} connections`);
        say(`    ${sustained.toFixed(0)}/s: ${text(calm)}`);
        say(`    ${(sustained * TIMES).toFixed(0)}/s: ${text(over)}; this process was late by ${over.worstLateMs.toFixed(0)} ms at most`);
      }
      const lost = await missing(stack, target, acknowledged);
      say(`  ${acknowledged.length} uploads were acknowledged, ${lost} of them are not there`);
      return rowsOf({ rounds, seconds: options.seconds, acknowledged: acknowledged.length, lost });
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

function rowsOf(seen: { readonly rounds: readonly Round[]; readonly seconds: number; readonly acknowledged: number; readonly lost: number }): Row[] {
  const { rounds, seconds, acknowledged, lost } = seen;
  const count = ({ tallies }: OpenResult, kinds: readonly string[], match: (status: number) => boolean): number =>
    sum(kinds.flatMap((kind) => Object.entries(tallies[kind]?.statuses() ?? {}).map(([status, times]) => (match(Number(status)) ? times : 0))));
  const inAll = (kinds: readonly string[], match: (status: number) => boolean): number => sum(rounds.map(({ over }) => count(over, kinds, match)));
  const row = (name: string, value: number, unit: string, goal: Row['goal'], note: string): Row => ({
    ...{ part: PART, name, value, unit, digits: 0, goal, note },
  });
  const p99 = (result: OpenResult, kind: string): number => result.tallies[kind]?.quantileMs(0.99) ?? Number.NaN;
  const served = (result: OpenResult): number => count(result, ['read', 'create'], isGood) / seconds;
  const each = (figure: (round: Round) => number): string => rounds.map((round) => figure(round).toFixed(0)).join(', ');
  return [
    row(
      'answers that are no 2xx, 429 or 503',
      inAll(KINDS, (status) => !isGood(status) && ![0, 429, 503].includes(status)),
      '',
      { atMost: 0 },
      '',
    ),
    row(
      'requests without an answer',
      inAll(KINDS, (status) => status === 0),
      '',
      { atMost: 0 },
      '',
    ),
    row(
      `served of ${TIMES} times what is sustained`,
      median(rounds.map(({ over }) => served(over))),
      '/s',
      null,
      `${each(({ over }) => served(over))} of ${each(({ sustained }) => sustained * TIMES)}/s; in calm ${each(({ calm }) => served(calm))} of ${each(({ sustained }) => sustained)}/s; ${inAll(KINDS, (status) => status === 503)} times 503`,
    ),
    ...KINDS.map((kind) =>
      ratioRow({
        ...{ part: PART, name: `${kind}: p99 of who is served, overload / calm`, goal: { atMost: 2 } },
        values: rounds.map(({ calm, over }) => p99(over, kind) / p99(calm, kind)),
        note: `${each(({ over }) => p99(over, kind))} ms / ${each(({ calm }) => p99(calm, kind))} ms`,
      }),
    ),
    row(
      'signs of uploads under way that were refused',
      inAll(['sign'], (status) => !isGood(status)),
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
