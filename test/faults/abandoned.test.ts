import { expect, test } from '@jest/globals';
import { faults, figuresOf } from './run-command.js';

test('twenty sessions that nobody comes back to: whole files are kept, and nothing else is left', async () => {
  const { figures } = await figuresOf(faults('abandoned', '--n', '20', '--seed', '7'));
  expect(figures).toMatchObject({
    ok: true,
    seed: 7,
    sessions: 20,
    multiparts_left: 0,
    reserved_bytes: 0,
    open_uploads: 0,
    gap: 0,
    alarms: 0,
  });
  const { completed, expired } = figures as { completed: number; expired: number };
  expect([completed > 0, completed + expired]).toEqual([true, 20]);
}, 900_000);
