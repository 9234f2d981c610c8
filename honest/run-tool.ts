import { execa } from 'execa';

const TIMEOUT_MS = 600_000;

/** Runs ffmpeg or ffprobe for sources and for reading results back, never for what is measured. @throws Error where it fails, in its own words */
export async function runTool(program: string, args: readonly string[]): Promise<Buffer> {
  const options = { encoding: 'buffer', maxBuffer: 1024 * 1024 * 1024, timeout: TIMEOUT_MS, stdin: 'ignore', reject: false } as const;
  const { stdout, stderr, failed, exitCode } = await execa(program, [...args], options);
  if (failed)
    throw new Error(`${program} ended with ${exitCode}: ${Buffer.from(stderr).toString('utf8').slice(0, 500)}\n${args.join(' ').slice(0, 2_000)}`);
  return Buffer.from(stdout);
}

/** ffmpeg's complaints alone, one thread, over what is there. */
export const QUIET = ['-nostdin', '-v', 'error', '-y'];
