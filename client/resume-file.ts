import { open, readFile, rename, rm } from 'node:fs/promises';
import { codeOf } from './client-fault.js';
import { parseResumeRecord, type ResumeMemory, type ResumeRecord } from './resume-record.js';

/** A memory in a file: the same upload of the same file, by any process, goes on where it was. One process at a time. */
export const resumeFile = (file: string): ResumeMemory => ({
  load: () => readRecord(file),
  save: (record) => writeRecord(file, record),
  forget: () => rm(file, { force: true }),
});

export async function readRecord(file: string): Promise<ResumeRecord | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
    return null;
  });
  return text === null ? null : parseResumeRecord(text);
}

/** Whole or not at all, also where the machine loses power: flushed before it gets its name. */
async function writeRecord(file: string, record: ResumeRecord): Promise<void> {
  const fresh = `${file}.${process.pid}.tmp`;
  const handle = await open(fresh, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(record)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, file);
}
