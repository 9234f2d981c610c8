import { parse, resolve } from 'node:path';
import { isEnd } from '../client/api-types.js';
import { type FileRow, newRow } from './client/file-row.js';
import type { FileJob } from './client/process-file.js';

/** The rows of a run as they stand at any moment, so that a report can be written however the run ends. */
export interface Ledger {
  readonly jobs: readonly FileJob[];
  rows(): readonly FileRow[];
  set(index: number, row: FileRow): void;
  /** Rows that are not at an end, with the reason why they will not get there in this run. */
  closedWith(code: string, message: string): readonly FileRow[];
}

/** @param files as named by the user, relative to `here` */
export function createLedger(files: readonly string[], options: { readonly here: string; readonly exportTo: string | null }): Ledger {
  const folders = exportFolders(files);
  const jobs = files.map((file, index) => ({
    file,
    path: resolve(options.here, file),
    exportTo: options.exportTo === null ? null : resolve(options.here, options.exportTo, folders[index] ?? String(index)),
  }));
  const rows = files.map(newRow);
  return {
    jobs,
    rows: () => rows,
    set(index, row) {
      rows[index] = row;
    },
    closedWith: (code, message) =>
      rows.map((row) => (isEnd(row.state) ? row : { ...row, state: row.video_id === null ? 'errored' : row.state, code, message })),
  };
}

/** File names without extension; the second of two equal ones gets -2. */
export function exportFolders(files: readonly string[]): string[] {
  const taken = new Set<string>();
  return files.map((file) => {
    const name = parse(file).name;
    let folder = name;
    for (let number = 2; taken.has(folder); number += 1) folder = `${name}-${number}`;
    taken.add(folder);
    return folder;
  });
}
