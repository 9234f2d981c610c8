import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PipelineError } from '../domain/errors.js';

export interface Scratch {
  /** Makes a new empty folder for one job. `name` is for people who look; folders of the same name do not meet. */
  dir(name: string): Promise<ScratchDir>;
  /** Removes what earlier lives of this worker left: folders of our name pattern that this life did not make. Returns their names. */
  sweep(): Promise<string[]>;
}

export interface ScratchDir {
  readonly path: string;
  /** Removes the folder and all in it; repeating does nothing. Rejects where it cannot: a disk that silently fills stops every job. */
  remove(): Promise<void>;
}

/** What `dir` makes and the only thing that `sweep` removes: a wrongly set root must not cost anyone their files. */
const OURS = /^job-[a-z0-9-]{1,64}-[A-Za-z0-9]{6}$/;

/**
 * Folders for the passing files of jobs, under `root`, which belongs to one worker process at a time and is made if
 * need be. Nothing here outlives a job on purpose: a worker that dies leaves its folders, and its next life sweeps them.
 * @throws PipelineError DISK_FULL where the disk has no room for a folder
 */
export async function openScratch(root: string): Promise<Scratch> {
  const base = resolve(root);
  await guarded(() => mkdir(base, { recursive: true }));
  const inUse = new Set<string>();
  return {
    async dir(name) {
      const label =
        name
          .toLowerCase()
          .replace(/[^a-z0-9]+/g, '-')
          .slice(0, 64) || 'x';
      const path = await guarded(() => mkdtemp(join(base, `job-${label}-`)));
      inUse.add(path);
      return {
        path,
        async remove() {
          await removeFolder(path);
          inUse.delete(path);
        },
      };
    },
    async sweep() {
      const entries = await readdir(base, { withFileTypes: true });
      const stale = entries.filter((entry) => entry.isDirectory() && OURS.test(entry.name) && !inUse.has(join(base, entry.name)));
      for (const entry of stale) await removeFolder(join(base, entry.name));
      return stale.map((entry) => entry.name).sort();
    },
  };
}

/** Tried again for a second: a killed child may still be writing its last file into the folder. */
const removeFolder = (path: string): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });

async function guarded<T>(make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new PipelineError('DISK_FULL', { cause });
    throw cause;
  }
}
