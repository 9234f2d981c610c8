import { type ChildProcess, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { isAlive, markOf, type ProcessMark } from '../../stack/processes.js';
import { tied } from '../../stack/spawn-part.js';
import { ownEnvironment } from '../launcher.js';

/** The product's uploader, as it is run here. */
interface Uploader {
  /** The command for one file; run again after it was killed. */
  readonly argv: (root: string, file: string) => readonly string[];
  /** Started again, it sends only what is missing: it may be killed. */
  readonly resumes: boolean;
  /** It sends a checksum with each part: bits may be flipped on the way. */
  readonly sendsChecksums: boolean;
}

export const UPLOADER: Uploader = {
  argv: (root, file) => [join(root, 'cli', 'reelmill.mjs'), 'upload', '--json', file],
  resumes: true,
  sendsChecksums: true,
};

export type ClientEnd = { readonly videoId: string } | { readonly fault: string };

export interface Client {
  /** The process that runs now; null between two. */
  mark(): ProcessMark | null;
  readonly ended: Promise<ClientEnd>;
}

interface Wish {
  readonly root: string;
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly file: string;
  readonly signal: AbortSignal;
}

/** Uploads one file with the product's uploader. A client that somebody killed is started again, with the same command. */
export function startClient(wish: Wish): Client {
  let mark: ProcessMark | null = null;
  const once = async (): Promise<{ code: number | null; signal: NodeJS.Signals | null; output: string }> => {
    const [command, args] = tied(process.execPath, UPLOADER.argv(wish.root, wish.file));
    // What it remembers of an upload lies beside the file, and goes away with it.
    const own = { REELMILL_URL: wish.apiUrl, REELMILL_API_KEY: wish.apiKey, XDG_STATE_HOME: dirname(wish.file) };
    const env = { ...ownEnvironment(), ...own, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
    const child = spawn(command, args, { cwd: wish.root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    mark = child.pid === undefined ? null : markOf(child.pid);
    const stop = (): void => void child.kill('SIGKILL');
    wish.signal.addEventListener('abort', stop, { once: true });
    try {
      return await outcomeOf(child);
    } finally {
      wish.signal.removeEventListener('abort', stop);
      mark = null;
    }
  };
  const run = async (): Promise<ClientEnd> => {
    for (;;) {
      const { code, signal, output } = await once();
      if (signal === 'SIGKILL' && !wish.signal.aborted && UPLOADER.resumes) continue;
      const videoId = code === 0 ? videoIdIn(output) : null;
      return videoId === null ? { fault: `the client ended (${signal ?? `exit code ${code}`}): ${output.trim().slice(-500)}` } : { videoId };
    }
  };
  return { mark: () => (mark && isAlive(mark) ? mark : null), ended: run() };
}

function outcomeOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null; output: string }> {
  let output = '';
  const take = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-20_000);
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, output }));
  });
}

/** From the last line that is JSON with a video's id. */
export function videoIdIn(output: string): string | null {
  const lines = output.trimEnd().split('\n').reverse();
  for (const line of lines) {
    const parsed = z.object({ video_id: z.string() }).safeParse(jsonOf(line));
    if (parsed.success) return parsed.data.video_id;
  }
  return null;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A line for people.
    return null;
  }
}
