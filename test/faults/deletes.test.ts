import { expect, test } from '@jest/globals';
import { faults, figuresOf } from './run-command.js';

/** Every moment once, the API and the control worker killed twice each. */
const [N, SEED] = ['8', '5'];

test('videos deleted at eight moments of their lives: gone at once, nothing left, nothing brought back, nobody else hurt', async () => {
  const { figures } = await figuresOf(faults('deletes', '--n', N, '--seed', SEED));
  expect(figures).toMatchObject({
    ok: true,
    seed: Number(SEED),
    deletions_given: Number(N),
    refused: 0,
    visible: 0,
    not_deleted: 0,
    not_told_once: 0,
    not_purged: 0,
    objects_left: 0,
    multiparts_left: 0,
    workflows_running: 0,
    workflows_failed: 0,
    others_hurt: 0,
  });
}, 900_000);

test('what is asked for wrongly is told in words', async () => {
  const { code, output } = await faults('deletes', '--n', 'many');
  expect(code).toBe(1);
  expect(output).toContain('--n takes a whole number from 1 to 1000, not "many"');
}, 120_000);
