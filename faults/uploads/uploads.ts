import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection, WorkflowClient } from '@temporalio/client';
import { isAlive, processesWithVariable } from '../../stack/processes.js';
import { findRoot } from '../../stack/root.js';
import { STACK_VARIABLE } from '../../stack/spawn-part.js';
import { obtainFfmpeg } from '../../stack/tools/ffmpeg.js';
import { inOwnFolder } from '../own-folder.js';
import type { UploadsOptions } from './arguments.js';
import { UPLOADER } from './client-process.js';
import { type KillAtPoint, killAtPoints, unpublished } from './kill-points.js';
import { drawKills, type PlannedKill } from './points.js';
import { type ProxiedStack, startProxiedStack } from './proxied-stack.js';
import { ledgerOf } from './rows.js';
import { drawStorm, type PlannedFault, wordsOfPlan } from './schedule.js';
import { openMultiparts, stillRunning, untilSettled } from './settled.js';
import { makeClip } from './sources.js';
import { checkAccepted, partsOf, type Storm, storm } from './storm.js';
import { judgeUploads, type UploadFindings, uploadsJson } from './verdict.js';

const ENCODERS = 2;
/** Part URLs live as long as usual where none is to expire. */
const USUAL_URL_LIFE_S = 900;
/** A sweep that comes by every minute has been there once. */
const MULTIPARTS_MS = 90_000;

/** gRPC's own limit is two minutes: we would stay blind that long after Temporal is back. */
const SOON_BACK = { 'grpc.initial_reconnect_backoff_ms': 50, 'grpc.max_reconnect_backoff_ms': 500 };

type Say = (line: string) => void;
interface Plan {
  readonly faults: readonly PlannedFault[];
  readonly kills: readonly PlannedKill[];
}

/**
 * `uploads`: everything that may go wrong between a client and a video that is being processed, on one stack with a
 * proxy on each line. Resolves with the exit code: 0 where every promise held. Its folder goes away then, and stays otherwise.
 */
export async function uploads(options: UploadsOptions, say: Say): Promise<number> {
  const { seed } = options;
  const startedMs = Date.now();
  const plan = planOf(options);
  return await inOwnFolder({ name: 'faults', keep: options.keep, say }, async (folder) => {
    say(
      `Seed ${seed}: ${options.files} files of ${options.sizeBytes} bytes, ${plan.faults.length} faults; ${plan.kills.length} kills at points. Everything is in ${folder}`,
    );
    for (const fault of plan.faults) say(`  ${String(fault.number).padStart(4)}. ${wordsOfPlan(fault)}`);
    for (const { number, point, victim } of plan.kills) say(`  ${String(number).padStart(4)}. ${point.name}  kill -9 ${victim}`);
    if (!UPLOADER.sendsChecksums) say('No bits are flipped: the uploader sends no checksum with a part, so nobody could notice.');

    const found = await underFaults(options, { plan, folder, say });
    const rows = judgeUploads(found);
    return { rows, figures: uploadsJson(found, { seed, wallS: (Date.now() - startedMs) / 1000 }) };
  });
}

function planOf(options: UploadsOptions): Plan {
  const { seed, files, sizeBytes } = options;
  const parts = partsOf(files, sizeBytes);
  const faults = files === 0 ? [] : drawStorm({ ...options, parts, checksums: UPLOADER.sendsChecksums });
  return { faults, kills: drawKills(seed, options.points) };
}

interface Run {
  readonly plan: Plan;
  readonly folder: string;
  readonly say: Say;
}

async function underFaults(options: UploadsOptions, run: Run): Promise<UploadFindings> {
  const { folder } = run;
  const root = findRoot();
  await mkdir(join(folder, 'sources'));
  const clip = join(folder, 'sources', 'clip.mp4');
  await makeClip((await obtainFfmpeg(process.env, run.say)).ffmpeg, clip);
  const urlLifeS = options.expired > 0 && options.files > 0 ? options.urlLifeS : USUAL_URL_LIFE_S;
  const stack = await startProxiedStack({ root, data: join(folder, 'data'), encoders: ENCODERS, urlLifeS });
  const { stackId } = stack.state();
  try {
    const connection = await Connection.connect({ address: stack.temporalAddress(), channelArgs: SOON_BACK });
    try {
      const client = new WorkflowClient({ connection });
      const found = await giveAll(options, { ...run, root, clip, stack, client });
      await stack.stop();
      return {
        ...found,
        processes: processesWithVariable(STACK_VARIABLE, stackId)
          .filter(isAlive)
          .map(({ pid }) => `process ${pid}`),
      };
    } finally {
      await connection.close();
    }
  } finally {
    await stack.stop();
  }
}

interface OnStack extends Run {
  readonly root: string;
  readonly clip: string;
  readonly stack: ProxiedStack;
  readonly client: WorkflowClient;
}

async function giveAll(options: UploadsOptions, run: OnStack): Promise<Omit<UploadFindings, 'processes'>> {
  const { plan, stack, client, say } = run;
  const limitMs = options.minutes * 60_000;
  let stormy: Storm | null = null;
  if (options.files > 0) {
    say('The storm …');
    stormy = await storm({
      ...run,
      files: options.files,
      sizeBytes: options.sizeBytes,
      plan: plan.faults,
      folder: join(run.folder, 'sources'),
      limitMs,
    });
  }
  let kills: readonly KillAtPoint[] = [];
  if (plan.kills.length > 0) {
    say('Kills at points …');
    kills = await killAtPoints({ ...run, kills: plan.kills, limitMs });
  }
  say('Waiting until all videos are settled …');
  const videos = await untilSettled(stack, client, limitMs);
  const checked = stormy && {
    ...stormy,
    faultsWanted: plan.faults.length,
    expiredWanted: options.expired,
    ...(await checkAccepted(stormy, videos, stack)),
  };
  return {
    storm: checked,
    points: { wanted: plan.kills.length, kills, unpublished: unpublished(kills, videos) },
    ledger: ledgerOf(videos),
    multiparts: await openMultiparts(stack, MULTIPARTS_MS),
    workflows: await stillRunning(client, videos),
  };
}
