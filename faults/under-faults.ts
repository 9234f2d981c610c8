import { Connection, WorkflowClient } from '@temporalio/client';
import { isAlive, processesWithVariable } from '../stack/processes.js';
import { STACK_VARIABLE } from '../stack/spawn-part.js';
import { differentVideos, lostVideos, publishedTwice } from './check-videos.js';
import { createCensus } from './family.js';
import { feed } from './feed.js';
import type { Fingerprint } from './fingerprint.js';
import { partOf, type RunningStack, startLauncher, until } from './launcher.js';
import { scratchLeftovers, storeLeftovers } from './leftovers.js';
import { type GivenFault, lostWork } from './lost-work.js';
import { createNemesis } from './nemesis.js';
import { readPieces, sightingsAt } from './pieces.js';
import { CONTROL_WORKER, encoderName, type PlannedFault } from './schedule.js';
import { settle } from './settle.js';
import type { Findings } from './verdict.js';
import { isSettled, readVideoRows, type VideoRow } from './videos.js';

interface Options {
  readonly root: string;
  readonly data: string;
  readonly encoders: number;
  readonly sources: readonly string[];
  readonly ffmpegPath: string;
  readonly schedule: readonly PlannedFault[];
  readonly references: ReadonlyMap<string, Fingerprint>;
  readonly limitMs: number;
  readonly say: (line: string) => void;
}

const UP_MS = 180_000;

/** One stack, all faults of the schedule, and everything that can be found out afterwards. Leaves no process. */
export async function underFaults(options: Options): Promise<Findings> {
  const encoderNames = Array.from({ length: options.encoders }, (_, index) => encoderName(index + 1));
  const stack = startLauncher({ root: options.root, data: options.data, args: ['--encoders', String(options.encoders), ...options.sources] });
  try {
    const videos = (): Promise<VideoRow[]> => readVideoRows(stack.databaseUrl());
    await until('The stack is up and has every source', stack, UP_MS, async () => ((await videos()).length >= options.sources.length ? true : null));
    const census = createCensus(() => [...encoderNames, CONTROL_WORKER].flatMap((name) => partOf(stack, name)?.pid ?? []));
    const connection = await Connection.connect({ address: stack.temporalAddress() });
    try {
      const client = new WorkflowClient({ connection });
      const storm = await giveFaults({ ...options, stack, client, encoderNames, videos });
      const findings = await afterwards({ ...options, stack, client, videos, storm, busy: () => census.alive().map(({ pid }) => `process ${pid}`) });
      const { stackId } = stack.state();
      await stack.stop();
      const left = [...processesWithVariable(STACK_VARIABLE, stackId), ...census.alive()].filter(isAlive).map(({ pid }) => `process ${pid}`);
      return { ...findings, processes: [...findings.processes, ...new Set(left)] };
    } finally {
      census.close();
      await connection.close();
    }
  } finally {
    await stack.stop();
  }
}

interface Run extends Options {
  readonly stack: RunningStack;
  readonly client: WorkflowClient;
  readonly videos: () => Promise<VideoRow[]>;
}

interface Storm {
  readonly given: readonly GivenFault[];
  /** Uploads that were acknowledged as complete. */
  readonly accepted: number;
  readonly refused: readonly string[];
}

async function giveFaults({
  stack,
  client,
  encoderNames,
  videos,
  schedule,
  sources,
  limitMs,
  say,
}: Run & { readonly encoderNames: readonly string[] }): Promise<Storm> {
  const over = new AbortController();
  const limit = AbortSignal.timeout(limitMs);
  stack.exit.then(
    () => over.abort(),
    () => over.abort(),
  );
  const nemesis = createNemesis({
    partOf: (name) => partOf(stack, name),
    encoders: encoderNames,
    sightingsAt: async (worker) => {
      const moving = (await videos()).filter((video) => !isSettled(video));
      return sightingsAt(client, moving, worker);
    },
    say,
    signal: AbortSignal.any([limit, over.signal]),
  });
  const feeding = feed({ api: stack.api(), sources, videos, signal: AbortSignal.any([limit, over.signal]) });
  try {
    const given = await nemesis.run(schedule);
    over.abort();
    const fed = await feeding;
    return { given, accepted: sources.length + fed.accepted, refused: fed.faults };
  } finally {
    nemesis.release();
    over.abort();
  }
}

async function afterwards(run: Run & { readonly storm: Storm; readonly busy: () => string[] }): Promise<Findings> {
  const { stack, client, videos, storm, say, busy } = run;
  say(`  ${storm.given.length} faults given, ${storm.accepted} videos accepted; waiting until all are settled …`);
  const workflows = await settle({ stack, client, videos, limitMs: run.limitMs });
  const rows = await videos();
  const store = stack.store();
  try {
    const leftovers = await storeLeftovers(
      store,
      rows.filter((video) => !isSettled(video) || video.state === 'review').map(({ id }) => id),
    );
    const check = { api: stack.api(), ffmpegPath: run.ffmpegPath, folder: run.data, references: run.references };
    const pieces = await readPieces(client, rows);
    return {
      faultsWanted: run.schedule.length,
      faultsGiven: storm.given.length,
      accepted: storm.accepted,
      lost: [...lostVideos(rows, storm.accepted), ...storm.refused.map((why) => `an upload failed: ${why}`)],
      twice: publishedTwice(rows),
      different: await differentVideos(rows, check),
      work: lostWork(pieces, storm.given, rows),
      processes: busy().map((name) => `${name} still ran when everything was done`),
      scratch: scratchLeftovers(run.data),
      stuck: leftovers.stuck,
      unnamed: leftovers.unnamed,
      workFiles: leftovers.work,
      multiparts: leftovers.multiparts,
      workflows,
    };
  } finally {
    store.close();
  }
}
