import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FileRow } from './client/file-row.js';

/** Writes the report, whole or not at all. */
export function writeReport(file: string, rows: readonly FileRow[]): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify({ files: rows }, null, 2)}\n`);
  renameSync(temporary, file);
}

/** Published, and copied where that was asked for. */
export function succeeded(row: FileRow): boolean {
  return row.state === 'ready' && row.code === null;
}
