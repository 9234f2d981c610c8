import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowClient } from '@temporalio/client';
import { wordsOf } from '../../stack/fault.js';
import { partOf, until } from '../launcher.js';
import { killAndSee, killNext } from './killer.js';
import type { PlannedKill, PointVictim, UploadIds } from './points.js';
import type { ProxiedStack } from './proxied-stack.js';
import { faultOf, type UploadedVideo } from './rows.js';
import { setTrap } from './trap.js';
import { beginUpload } from './upload-clip.js';
import { NO_WATCH } from './watch.js';

interface Options {
  readonly kills: readonly PlannedKill[];
  readonly clip: string;
  readonly stack: ProxiedStack;
  readonly client: WorkflowClient;
  readonly limitMs: number;
  readonly say: (line: string) => void;
}

/** One pair of point and victim, and what came of its upload. */
export interface KillAtPoint extends PlannedKill, UploadIds {
  readonly reached: boolean;
  /** Why the client gave up; null where it got its acknowledgement. */
  readonly refused: string | null;
}

/** An upload comes to its point within this time; the first ones after a kill wait for Temporal's own time-outs. */
const REACH_MS = 90_000;
const BACK_MS = 60_000;

/** For each pair an upload of its own, killed at its point. The next one begins when the victim is back; the last word on all comes at the end. */
export async function killAtPoints({ kills, clip, stack, client, limitMs, say }: Options): Promise<KillAtPoint[]> {
  const over = AbortSignal.timeout(limitMs);
  const startedMs = Date.now();
  const all: Promise<KillAtPoint>[] = [];
  for (const kill of kills) {
    if (over.aborted) break;
    const upload = await beginUpload(stack.api(), clip, over);
    const given = new AbortController();
    const trap = setTrap({
      point: kill.point,
      ids: upload,
      client,
      spring: () => killPart(stack, kill.victim, over),
      signal: AbortSignal.any([over, given.signal]),
    });
    stack.observe(trap.watch);
    const finished = upload.finish().then(
      () => null,
      (error: unknown) => wordsOf(error),
    );
    const sprung = trap.sprung.then(
      () => true,
      (error: unknown) => {
        say(`  ${kill.number}. ${wordsOf(error)}`);
        return false;
      },
    );
    const reached = await Promise.race([sprung, sleep(REACH_MS, false, { signal: over, ref: false }).catch(() => false)]);
    given.abort();
    stack.observe(NO_WATCH);
    const at = `+${((Date.now() - startedMs) / 1000).toFixed(1).padStart(6)} s`;
    say(`  ${at}  ${kill.number}. ${kill.point.name}: ${reached ? `${kill.victim} killed` : 'was not reached'} (${upload.videoId})`);
    all.push(finished.then((refused) => ({ ...kill, uploadId: upload.uploadId, videoId: upload.videoId, reached, refused })));
    if (reached) await until(`${kill.victim} is back`, stack, BACK_MS, async () => (partOf(stack, kill.victim) === null ? null : true), 50);
  }
  return await Promise.all(all);
}

async function killPart(stack: ProxiedStack, victim: PointVictim, signal: AbortSignal): Promise<void> {
  const mark = partOf(stack, victim);
  if (mark !== null) return await killAndSee(mark);
  if (!(await killNext(() => partOf(stack, victim), signal))) throw new Error(`${victim} was not there to be killed`);
}

/** Uploads that are not published, once, in words. */
export function unpublished(kills: readonly KillAtPoint[], videos: readonly UploadedVideo[]): string[] {
  return kills.flatMap(({ number, point, victim, videoId, refused }) => {
    const fault = refused ?? faultOf(videos.find(({ id }) => id === videoId));
    return fault === null ? [] : [`${number}. ${point.name}, ${victim} killed (${videoId}): ${fault}`];
  });
}
