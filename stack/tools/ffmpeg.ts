import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { StackFault, wordsOf } from '../fault.js';
import { printedBy } from './find-tool.js';
import { onPath, toolPlaces } from './places.js';

export interface Ffmpeg {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  readonly version: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Encoders without which nothing can be made. */
const NEEDED_ENCODERS = ['libx264', 'aac'];

/** FFMPEG_PATH and FFPROBE_PATH, else the PATH; null and why where they are not there or cannot encode. */
export async function locateFfmpeg(env: Environment): Promise<{ readonly found: Ffmpeg } | { readonly found: null; readonly why: string }> {
  const { path } = toolPlaces('', env);
  const ffmpeg = env.FFMPEG_PATH || onPath(path, 'ffmpeg');
  const ffprobe = env.FFPROBE_PATH || onPath(path, 'ffprobe');
  if (!ffmpeg || !ffprobe) return { found: null, why: `${ffmpeg ? 'ffprobe' : 'ffmpeg'} is not on the PATH` };
  const [banner, encoders, probe] = await Promise.all([
    printedBy(ffmpeg, ['-hide_banner', '-version']),
    printedBy(ffmpeg, ['-hide_banner', '-encoders']),
    printedBy(ffprobe, ['-hide_banner', '-version']),
  ]);
  if (banner === null || encoders === null || probe === null) return { found: null, why: `${probe === null ? ffprobe : ffmpeg} does not run` };
  const lacking = NEEDED_ENCODERS.filter((encoder) => !new RegExp(` ${encoder} `).test(encoders));
  if (lacking.length > 0) return { found: null, why: `${ffmpeg} was built without ${lacking.join(' and ')}` };
  return { found: { ffmpeg, ffprobe, version: /version (\S+)/.exec(banner)?.[1] ?? 'unknown' } };
}

/**
 * As found, else installed by apt-get where that is possible (root, Debian or Ubuntu).
 * @throws StackFault with what to do
 */
export async function obtainFfmpeg(env: Environment, say: (line: string) => void): Promise<Ffmpeg> {
  const before = await locateFfmpeg(env);
  if (before.found) return before.found;
  if (!canInstall(env)) throw new StackFault(`ffmpeg is needed: ${before.why}. ${ffmpegFix()}`);
  say(`${before.why}; installing ffmpeg with apt-get (usually 20-90 s, once) …`);
  try {
    const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: 10 * 60_000, maxBuffer: 64 * 1024 * 1024 };
    await promisify(execFile)('apt-get', ['update', '-q'], options);
    await promisify(execFile)('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'ffmpeg'], options);
  } catch (error) {
    throw new StackFault(`apt-get could not install ffmpeg: ${wordsOf(error).slice(-600)}\n${ffmpegFix()}`);
  }
  const after = await locateFfmpeg(env);
  if (!after.found) throw new StackFault(`ffmpeg was installed, but ${after.why}. ${ffmpegFix()}`);
  return after.found;
}

export function canInstall(env: Environment): boolean {
  return process.getuid?.() === 0 && onPath(toolPlaces('', env).path, 'apt-get') !== null && !env.FFMPEG_PATH && !env.FFPROBE_PATH;
}

export function ffmpegFix(): string {
  const command = process.platform === 'darwin' ? 'brew install ffmpeg' : 'sudo apt-get install ffmpeg (or your system’s own package)';
  return `Install it: ${command}; or set FFMPEG_PATH and FFPROBE_PATH.`;
}
