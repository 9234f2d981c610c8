import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { tryLock } from '#stack/lock.mjs';
import { clientFault, codeOf } from '../client/client-fault.js';
import { type ResumeMemory, type ResumeRecord, resumeFile } from '../client/index.js';
import { readRecord } from '../client/resume-file.js';

/** A session lives for seven days at most; what is older cannot be gone on with. */
const OLDEST_MS = 8 * 86_400_000;

/** Where uploads that were begun are remembered: the user's own, and not the checkout's. */
export function resumeFolder(env: Readonly<Record<string, string | undefined>>): string {
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'reelmill', 'uploads');
}

/**
 * The memory of one file's upload to one API, for this process alone. A process that is killed loses the lock with its
 * life; two that upload the same file at once would send everything twice.
 * @param path of the file, links followed
 * @throws ClientFault UPLOAD_BUSY
 */
export function openMemory(folder: string, endpoint: string, path: string): { readonly memory: ResumeMemory; release(): void } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const name = createHash('sha256').update(`${endpoint}\0${path}`).digest('hex').slice(0, 32);
  const lock = tryLock(join(folder, `${name}.lock`));
  if (!lock.held) {
    throw clientFault('UPLOAD_BUSY', `Process ${lock.pid} is uploading ${path} to ${endpoint} at this moment. Wait for it, or stop it first.`);
  }
  const file = join(folder, `${name}.json`);
  return { release: lock.release, memory: resumeFile(file) };
}

/** All uploads that were begun on this machine and are not finished; forgets those that are too old. */
export async function readRecords(folder: string): Promise<readonly ResumeRecord[]> {
  const names = await readdir(folder).catch(noneWhereAbsent);
  const records = await Promise.all(
    names.filter((name) => name.endsWith('.json')).map(async (name) => ({ file: join(folder, name), record: await readRecord(join(folder, name)) })),
  );
  const oldest = Date.now() - OLDEST_MS;
  const current: ResumeRecord[] = [];
  for (const { file, record } of records) {
    if (record !== null && Date.parse(record.startedAt) >= oldest) current.push(record);
    else await rm(file, { force: true });
  }
  return current.sort((a, b) => a.startedAt.localeCompare(b.startedAt));
}

/** Forgets an upload by its id, whichever file it was of. */
export async function forgetUpload(folder: string, uploadId: string): Promise<void> {
  for (const name of await readdir(folder).catch(noneWhereAbsent)) {
    const file = join(folder, name);
    if (name.endsWith('.json') && (await readRecord(file))?.uploadId === uploadId) await rm(file, { force: true });
  }
}

function noneWhereAbsent(error: unknown): string[] {
  if (codeOf(error) !== 'ENOENT') throw error;
  return [];
}
