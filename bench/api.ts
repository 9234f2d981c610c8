import { alternate } from './alternate.js';
import { apiTarget, openUpload, readyVideo } from './api-target.js';
import type { BenchContext } from './context.js';
import { stackCpu } from './cpu-meter.js';
import { median, type Row, sum } from './figures.js';
import { httpLoad, type LoadResult } from './http-load.js';
import { rawStarts, untilTakenUp } from './raw-starts.js';
import { withStack } from './stack.js';

const CONNECTIONS = 16;
const SECONDS = 8;
/** Creates and bare starts take turns of so many seconds: what a shared disk can do changes within a minute. */
const TURN_S = 4;
const TURNS_A_RUN = 2;

/** One API process on the machine that also holds its database, its store, Temporal, its worker and who asks. */
export async function benchApi({ root, options, say }: BenchContext): Promise<Row[]> {
  return await withStack({ root, say, encoders: 1 }, async (stack) => {
    const common = { ...apiTarget(stack), connections: CONNECTIONS, seconds: SECONDS, cpu: stackCpu(stack) };
    const uploadId = await openUpload(stack);
    const video = await readyVideo(stack);
    const read = await httpLoad({ ...common, request: () => ({ method: 'GET', path: `/v1/videos/${video.id}` }) });
    say(`  read a video: ${text(read)}`);
    const unchanged = await httpLoad({
      ...common,
      request: () => ({ method: 'GET', path: `/v1/videos/${video.id}`, headers: { 'if-none-match': video.etag } }),
    });
    say(`  read it unchanged: ${text(unchanged)}`);
    const sign = await httpLoad({
      ...common,
      request: (n) => ({ method: 'POST', path: `/v1/uploads/${uploadId}/parts`, body: { part_numbers: [1 + (n % 100)] } }),
    });
    say(`  sign a part: ${text(sign)}`);
    const address = stack.temporalAddress();
    const rounds = await alternate(
      1 + options.runs * TURNS_A_RUN,
      {
        create: async () => {
          const ids: string[] = [];
          const load = await httpLoad({
            ...common,
            ...{ seconds: TURN_S, warmUpS: 0 },
            request: () => ({
              method: 'POST',
              path: '/v1/uploads',
              body: { file_name: 'bench.mp4', size_bytes: 1_000_000, content_type: 'video/mp4' },
            }),
            onAnswer: (status, body) => {
              if (status === 201) ids.push((JSON.parse(body) as { id: string }).id);
            },
          });
          return { load, count: ids.length, seconds: TURN_S + (await untilTakenUp(address, ids.slice(-CONNECTIONS))) };
        },
        raw: async () => {
          const ids = await rawStarts(address, { callers: CONNECTIONS, seconds: TURN_S });
          return { count: ids.length, seconds: TURN_S + (await untilTakenUp(address, ids.slice(-CONNECTIONS))) };
        },
      },
      (round, index) =>
        say(
          `  ${index === 0 ? 'to warm up' : `turn ${index}`}: create ${text(round.create.load)}, with what piled up ${rateOf([round.create]).toFixed(0)}/s; Temporal alone ${rateOf([round.raw]).toFixed(0)}/s`,
        ),
    );
    const turns = rounds.slice(1);
    const [creates, starts] = [turns.map(({ create }) => create), turns.map(({ raw }) => raw)];
    const part = 'api';
    const note = `${CONNECTIONS} connections, ${SECONDS} s`;
    return [
      ...rate('read a video', read, 2_000, note),
      ...rate('read it unchanged (304)', unchanged, null, note),
      ...rate('sign a part', sign, 1_000, note),
      {
        ...{ part, name: 'create / workflow starts of Temporal alone', unit: '×', digits: 3, goal: { atLeast: 0.8 } },
        value: rateOf(creates) / rateOf(starts),
        note: `${rateOf(creates).toFixed(1)}/s and ${rateOf(starts).toFixed(1)}/s over ${turns.length} turns each of ${TURN_S} s and what piled up; ${CONNECTIONS} callers`,
      },
      figure('create, p99', median(creates.map(({ load }) => load.p99Ms)), 'ms', null, `${CONNECTIONS} connections, ${TURN_S} s`),
    ];
  });
}

/** Of all turns together: more of what a slow one did counts than of its ratio. */
const rateOf = (turns: readonly { readonly count: number; readonly seconds: number }[]): number =>
  sum(turns.map(({ count }) => count)) / sum(turns.map(({ seconds }) => seconds));

function rate(name: string, load: LoadResult, atLeast: number | null, note: string): Row[] {
  const bad = Object.entries(load.statuses).filter(([status]) => !/^(2..|304)$/.test(status));
  const said = bad.length > 0 || load.broken > 0 ? `; others: ${JSON.stringify(Object.fromEntries(bad))}, broken ${load.broken}` : '';
  return [
    figure(name, load.perSecond, '/s', atLeast === null ? null : { atLeast }, note + said),
    figure(`${name}, p99`, load.p99Ms, 'ms', atLeast === null ? null : { atMost: 50 }, `p50 ${load.p50Ms.toFixed(1)} ms`),
    { ...figure(`${name}, CPU of the API each`, load.cpuMs.api ?? Number.NaN, 'ms', null, cpuText(load)), digits: 3 },
  ];
}

const figure = (name: string, value: number, unit: string, goal: Row['goal'], note: string): Row => ({
  ...{ part: 'api', name, value, unit, goal, note },
  digits: unit === 'ms' ? 1 : 0,
});

const text = (load: LoadResult): string =>
  `${load.perSecond.toFixed(0)}/s, p50 ${load.p50Ms.toFixed(1)} ms, p99 ${load.p99Ms.toFixed(1)} ms, ${JSON.stringify(load.statuses)}; CPU ms each: ${cpuText(load)}`;

const cpuText = ({ cpuMs }: LoadResult): string =>
  Object.entries(cpuMs)
    .map(([who, ms]) => `${who} ${ms.toFixed(3)}`)
    .join(', ');
