import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readVideos } from '../client/video-json.js';
import { prepareStack, type RunningStack, startLauncher, until } from '../faults/launcher.js';
import type { BenchContext } from './context.js';
import { parseStat } from './proc.js';

/** A stack of the bench's own: the product as `npm start` brings it up, on embedded services and in a folder of its own. */
export interface BenchStack extends RunningStack {
  /** The launcher; every process of the stack is below it. */
  readonly pid: number;
}

const START_LIMIT_MS = 10 * 60_000;

/**
 * Starts a stack, lets it publish its sample clip (so that it is warm: code loaded, connections open), lends it to
 * `work`, and stops it, whatever happens. A SIGKILL of this process ends the stack too.
 * @throws StackFault with the launcher's last words where it does not come up
 */
export async function withStack<T>(
  options: Pick<BenchContext, 'root' | 'say'> & { readonly encoders: number },
  work: (stack: BenchStack) => Promise<T>,
): Promise<T> {
  await prepareStack(options.root, options.say);
  const data = mkdtempSync(join(tmpdir(), 'reelmill-bench-'));
  const stack = startLauncher({ root: options.root, data, args: ['--encoders', String(options.encoders)] });
  try {
    await until('the sample clip is published', stack, START_LIMIT_MS, async () => {
      const answer = await stack.api().request({ method: 'GET', path: '/v1/videos', signal: AbortSignal.timeout(5_000) });
      return readVideos(answer?.body).some((video) => video.status === 'ready') || null;
    });
    return await work({ ...stack, pid: launcherOf(stack) });
  } finally {
    await stack.stop();
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  }
}

function launcherOf(stack: RunningStack): number {
  const [part] = Object.values(stack.state().parts);
  if (part === undefined) throw new Error('The stack has no part that runs.');
  return parseStat(readFileSync(`/proc/${part.pid}/stat`, 'latin1')).parent;
}
