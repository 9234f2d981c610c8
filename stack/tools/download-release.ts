import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, renameSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { promisify } from 'node:util';
import { codeOf, wordsOf } from '../fault.js';
import type { ToolSpec } from './tool.js';

const CONNECT_MS = 5_000;
const DOWNLOAD_MS = 180_000;

/** null when `out/NAME` is there; else, in a few words, why not. */
export type DownloadRelease = (spec: ToolSpec, out: string, say: (line: string) => void) => Promise<string | null>;

/** Fetches the published archive and checks it against the published SHA-256; without a checksum nothing is kept. Offline it gives up at once. */
export const downloadRelease: DownloadRelease = async (spec, out, say) => {
  const archive = spec.release.archive(process.platform, process.arch);
  if (archive === null) return `there is no release for ${process.platform} ${process.arch}`;
  const file = join(out, 'archive.tar.gz');
  try {
    const sums = await (await get(`${spec.release.baseUrl}/${spec.release.checksums}`, CONNECT_MS)).text();
    const wanted = checksumIn(sums, archive);
    if (wanted === null) return 'the release names no checksum for it';
    say(`Downloading ${spec.name} ${spec.version} (usually 5-60 s, once) …`);
    const answer = await get(`${spec.release.baseUrl}/${archive}`, DOWNLOAD_MS);
    if (!answer.body) return 'the answer was empty';
    await pipeline(Readable.fromWeb(answer.body as ReadableStream), createWriteStream(file));
    if ((await sha256Of(file)) !== wanted) return 'the download is damaged: its checksum is wrong';
    await promisify(execFile)('tar', ['-xzf', file, '-C', out]);
    const found = (await readdir(out, { recursive: true })).find((path) => path.split('/').at(-1) === spec.name);
    if (found === undefined) return 'the archive does not hold it';
    if (found !== spec.name) liftOut(out, found, spec.name);
    return null;
  } catch (error) {
    return reasonOf(error);
  } finally {
    rmSync(file, { force: true });
  }
};

/** The SHA-256 that a list in the format of sha256sum has for a file; null where it has none. */
export function checksumIn(list: string, file: string): string | null {
  const row = list.split('\n').map((line) => line.trim().split(/\s+\*?/));
  return row.find(([sum, name]) => name === file && /^[0-9a-f]{64}$/i.test(sum ?? ''))?.[0]?.toLowerCase() ?? null;
}

async function get(url: string, limitMs: number): Promise<Response> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(limitMs) });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return answer;
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** The archive may have a folder of the tool's own name around it. */
function liftOut(out: string, found: string, name: string): void {
  const aside = join(out, `.${name}`);
  renameSync(join(out, found), aside);
  if (existsSync(join(out, name))) rmSync(join(out, name), { recursive: true });
  renameSync(aside, join(out, name));
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (/ENOTFOUND|EAI_AGAIN|ENETUNREACH|ECONNREFUSED|EHOSTUNREACH/.test(codeOf(cause))) return 'no internet connection';
  if (error instanceof Error && error.name === 'TimeoutError') return 'the server did not answer in time';
  return wordsOf(cause);
}
