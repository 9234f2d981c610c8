import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for one test file; gone after its last test. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'reelmill-stack-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
