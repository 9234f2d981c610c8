import { expect, test } from '@jest/globals';
import { faults } from './run-command.js';

test('twenty sessions that nobody comes back to: whole files are kept, and nothing else is left', async () => {
  const { code, output } = await faults('abandoned', '--n', '20', '--seed', '7');
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  expect(JSON.parse(last)).toMatchObject({
    ok: true,
    seed: 7,
    sessions: 20,
    multiparts_left: 0,
    reserved_bytes: 0,
    open_uploads: 0,
    gap: 0,
    alarms: 0,
  });
  const { completed, expired } = JSON.parse(last) as { completed: number; expired: number };
  expect([completed > 0, completed + expired]).toEqual([true, 20]);
}, 900_000);
