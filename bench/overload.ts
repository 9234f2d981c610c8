import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, Client as TemporalClient } from '@temporalio/client';
import pLimit from 'p-limit';
import { workflowId } from '../src/workflows/contract.js';
import { type ApiTarget, apiTarget, openUpload, readyVideo } from './api-target.js';
import type { BenchContext } from './context.js';
import type { Row } from './figures.js';
import { createHttpClient, type Shot } from './http-client.js';
import { httpLoad, type LoadResult } from './http-load.js';
import { type OpenResult, openLoad } from './open-load.js';
import { overloadRows, type Round, SIGNS_A_SECOND, TIMES } from './overload-rows.js';
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
/** Few, so that ten times the rate is more than creates can do, and not more than one process can read from its sockets. */
const READS_A_CREATE = 2;
/** Between the parts of a round: who came again late is served, and the places are as many as before. */
const REST_S = 5;

/**
 * What the API answers of ten times as many requests as it sustains, two reads to a create, while uploads that are under way go on.
 * Calm lasts as long: of few requests the 99th percentile says little. What it sustains is looked for in each round, since the
 * machine is not as fast in all of them.
 * Open loop: requests come whether or not others were answered.
 */
export async function benchOverload({ root, options, say }: BenchContext): Promise<Row[]> {
  return withStack({ root, say, encoders: 1 }, async (stack) => {
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
        say(`  round ${round}: as fast as it answers ${wholeMix(most).toFixed(0)}/s of the mix, over ${CONNECTIONS} connections`);
        const sustained = wholeMix(most) * CALM_SHARE;
        const calm = await offer(sustained);
        say(`    ${sustained.toFixed(0)}/s: ${text(calm)}`);
        const over = await offer(sustained * TIMES);
        rounds.push({ sustained, calm, over });
        say(`    ${(sustained * TIMES).toFixed(0)}/s: ${text(over)}; this process was late by ${over.worstLateMs.toFixed(0)} ms at most`);
      }
      const lost = await missing(stack, target, acknowledged);
      say(`  ${acknowledged.length} uploads were acknowledged, ${lost} of them are not there`);
      return overloadRows({ rounds, seconds: options.seconds, acknowledged: acknowledged.length, lost });
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

const text = ({ tallies }: OpenResult): string =>
  Object.entries(tallies)
    .map(([kind, tally]) => `${kind} ${JSON.stringify(tally.statuses())} p99 ${tally.quantileMs(0.99).toFixed(1)} ms`)
    .join(', ');
