import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';

/**
 * What a viewer of a published video gets, in a form that two runs can be compared by. Attempts give folders names of
 * their own; those are taken out.
 */
export interface Fingerprint {
  /** By track ("720p", "audio"): one line per decoded frame, with its time, length and hash. */
  readonly tracks: Readonly<Record<string, readonly string[]>>;
  /** Playlists and the storyboard, by place: their text. */
  readonly texts: Readonly<Record<string, string>>;
  /** Every other file, by place: sha256 of its bytes. */
  readonly files: Readonly<Record<string, string>>;
}

/** Reads an exported generation (stack/client/export-generation.ts). @throws when a track does not decode without complaint */
export async function fingerprintOf(folder: string, ffmpegPath: string): Promise<Fingerprint> {
  const paths = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
  const tracks: Record<string, readonly string[]> = {};
  const texts: Record<string, string> = {};
  const files: Record<string, string> = {};
  for (const path of paths) {
    const bytes = await readFile(join(folder, path));
    if (/\.(m3u8|vtt)$/.test(path)) texts[withoutAttempts(path)] = withoutAttempts(bytes.toString('utf8'));
    else files[withoutAttempts(path)] = createHash('sha256').update(bytes).digest('hex');
    const [, track] = /^([^/]+)\/playlist\.m3u8$/.exec(path) ?? [];
    if (track !== undefined) tracks[track] = await decodedFrames(join(folder, path), ffmpegPath);
  }
  return { tracks, texts, files };
}

/** Attempts are eight hexadecimal digits: `0007-1a2b3c4d/` of a chunk, `1a2b3c4d/` of sound and pictures. */
export function withoutAttempts(text: string): string {
  return text.replaceAll(/\b[0-9a-f]{8}\//g, 'ATTEMPT/');
}

async function decodedFrames(playlist: string, ffmpegPath: string): Promise<string[]> {
  const args = ['-v', 'error', '-nostdin', '-threads', '1', '-i', playlist, '-f', 'framemd5', '-'];
  const { stdout, stderr } = await promisify(execFile)(ffmpegPath, args, { maxBuffer: 64 * 1024 * 1024, timeout: 300_000 });
  if (stderr.trim() !== '') throw new Error(`${playlist} does not decode clean: ${stderr.trim().slice(0, 500)}`);
  return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}
