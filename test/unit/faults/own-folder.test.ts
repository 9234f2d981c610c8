import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { inOwnFolder } from '../../../faults/own-folder.js';

test.each([
  [true, 0],
  [false, 1],
])('a promise that held: %s, says so in the last line, the exit code and the folder', async (held, code) => {
  const lines: string[] = [];
  let folder = '';
  const rows = [
    { name: 'one', figure: '1', held: true, details: [] },
    { name: 'other', figure: '2', held, details: [] },
  ];
  const run = { name: 'own-folder-test', keep: false, say: (line: string) => void lines.push(line) };
  const exit = await inOwnFolder(run, async (own) => {
    folder = own;
    return { rows, figures: { seed: 7 } };
  });
  expect([exit, JSON.parse(lines.at(-1) ?? ''), existsSync(folder)]).toEqual([code, { ok: held, seed: 7 }, !held]);
  await rm(folder, { recursive: true, force: true });
});
