import { expect, test } from '@jest/globals';
import { command, figuresOf } from '../faults/run-command.js';

test('300 files that mean it ill end in a code each, and reach nothing', async () => {
  const { figures: report } = await figuresOf(command('hostile', ['--n', '300', '--seed', '7', '--light']));
  expect(report).toMatchObject({
    ok: true,
    n: 300,
    seed: 7,
    hangs: 0,
    connections: 0,
    opensOutside: 0,
    workerDeaths: 0,
    withoutCode: 0,
    blamedOnTheWorld: 0,
    silentPartials: 0,
  });
  // Else nothing was ever encoded, or nothing was ever refused, and the zeros say nothing.
  expect(report.published).toBeGreaterThan(10);
  expect(Object.keys(report.codes).length).toBeGreaterThan(6);
}, 600_000);
