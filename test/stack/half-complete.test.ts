import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { undoHalfCompletes } from '../../stack/services/s3.js';

test('a multipart that S3 was completing when it was killed gets its name back, others keep theirs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reelmill-s3-'));
  const multipart = (name: string): string => join(folder, 'bucket', '.sgwtmp', 'multipart', 'objecthash', name);
  for (const name of ['aaaa-1.etag.inprogress', 'bbbb-2', 'cccc-3.etag.inprogress', 'cccc-3']) mkdirSync(multipart(name), { recursive: true });
  undoHalfCompletes(folder);
  expect([existsSync(multipart('aaaa-1')), existsSync(multipart('bbbb-2')), existsSync(multipart('cccc-3.etag.inprogress'))]).toEqual([
    true,
    true,
    true,
  ]);
  expect(existsSync(multipart('aaaa-1.etag.inprogress'))).toBe(false);
  undoHalfCompletes(join(folder, 'absent'));
  rmSync(folder, { recursive: true });
});
