import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DECISION_CODES } from '../../src/domain/decision-codes.js';
import { LADDER } from '../../src/domain/ladder.js';

const page = readFileSync(fileURLToPath(new URL('../../docs/decision-codes.md', import.meta.url)), 'utf8');

test('the page of the codes is the list, row by row', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].map(([, code, text]) => [code, text]);
  expect(rows).toEqual(Object.entries(DECISION_CODES));
});

test('every quality of the ladder has a code for being left out', () => {
  for (const row of LADDER) expect(DECISION_CODES).toHaveProperty(`NO_${row.name.toUpperCase()}`);
});
