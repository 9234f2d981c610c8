import { alternate } from './alternate.js';
import { apiTarget, openUpload, readyVideo } from './api-target.js';
import type { BenchContext } from './context.js';
import { stackCpu } from './cpu-meter.js';
import { median, type Row, ratioRow, ratios } from './figures.js';
import { httpLoad, type LoadResult } from './http-load.js';
import { rawStarts, untilTakenUp } from './raw-starts.js';
import { withStack } from './stack.js';

const CONNECTIONS = 16;
const SECONDS = 8;

/** One API process on the machine that also holds its database, its store, Temporal, its worker and who asks. */
export async function benchApi({ root, options, say }: BenchContext): Promise<Row[]> {
  return await withStack({ root, encoders: 1 }, async (stack) => {
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
    const sustained = (count: number, piledUpS: number): number => count / (SECONDS + piledUpS);
    const rounds = await alternate(
      options.runs,
      {
        create: async () => {
          const load = await httpLoad({
            ...common,
            request: () => ({
              method: 'POST',
              path: '/v1/uploads',
              body: { file_name: 'bench.mp4', size_bytes: 1_000_000, content_type: 'video/mp4' },
            }),
          });
          return { load, perSecond: sustained(load.statuses[201] ?? 0, await untilTakenUp(address)) };
        },
        raw: async () => {
          const count = await rawStarts(address, { callers: CONNECTIONS, seconds: SECONDS });
          return sustained(count, await untilTakenUp(address));
        },
      },
      (round, index) =>
        say(
          `  round ${index + 1}: create ${text(round.create.load)}, with what piled up ${round.create.perSecond.toFixed(0)}/s; Temporal alone ${round.raw.toFixed(0)}/s`,
        ),
    );
    const part = 'api';
    const note = `${CONNECTIONS} connections, ${SECONDS} s`;
    return [
      ...rate('read a video', read, 2_000, note),
      ...rate('read it unchanged (304)', unchanged, null, note),
      ...rate('sign a part', sign, 1_000, note),
      ratioRow({
        ...{ part, name: 'create / workflow starts of Temporal alone', goal: { atLeast: 0.8 }, note },
        values: ratios(
          rounds.map((round) => round.create.perSecond),
          rounds.map((round) => round.raw),
        ),
      }),
      figure('create, p99', median(rounds.map((round) => round.create.load.p99Ms)), 'ms', null, note),
    ];
  });
}

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
