import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { peakRssMib } from './proc.js';

export interface CliUpload {
  readonly uploadId: string;
  readonly videoId: string;
  /** From the answer to create until the last part was taken: the time that bare PUTs take too. */
  readonly transferMs: number;
  /** From the start of the process to its end: Node, the checks of the build, create, transfer, joining the parts. */
  readonly commandMs: number;
  /** Highest resident size of the process. */
  readonly rssMib: number;
}

const uploaded = z.object({ event: z.literal('uploaded'), upload_id: z.string(), video_id: z.string(), transfer_s: z.number() });
const SAMPLE_MS = 50;

/** `reelmill upload` as a user runs it, against the stack of a data folder. @throws Error with its last words where it fails */
export async function cliUpload(wish: { root: string; data: string; state: string; file: string; args: readonly string[] }): Promise<CliUpload> {
  const startedMs = performance.now();
  const command = [join(wish.root, 'cli', 'reelmill.mjs'), 'upload', wish.file, '--json', '--data', wish.data, ...wish.args];
  const child = spawn(process.execPath, command, { env: { ...process.env, XDG_STATE_HOME: wish.state }, stdio: ['ignore', 'pipe', 'pipe'] });
  let rssMib = 0;
  const sampler = setInterval(() => {
    rssMib = Math.max(rssMib, (child.pid === undefined ? null : peakRssMib(child.pid)) ?? 0);
  }, SAMPLE_MS);
  let [out, err] = ['', ''];
  child.stdout.on('data', (piece: Buffer) => {
    out += piece.toString('utf8');
  });
  child.stderr.on('data', (piece: Buffer) => {
    err += piece.toString('utf8');
  });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const last = out.trim().split('\n').at(-1) ?? '';
    if (code !== 0) throw new Error(`reelmill upload ended with ${code ?? child.signalCode}: ${last} ${err.slice(-500)}`);
    const { upload_id: uploadId, video_id: videoId, transfer_s } = uploaded.parse(JSON.parse(last));
    return { uploadId, videoId, transferMs: transfer_s * 1000, commandMs: performance.now() - startedMs, rssMib };
  } finally {
    clearInterval(sampler);
    if (child.exitCode === null) child.kill('SIGKILL');
  }
}
