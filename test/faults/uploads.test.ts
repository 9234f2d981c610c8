import { expect, test } from '@jest/globals';
import { faults, figuresOf } from './run-command.js';

/** With this seed the last part, the commit and the start of the child are the points, and each victim dies at one of them. */
const SEED = '65';
const STORM = ['--files', '2', '--size', '32MB', '--disconnects', '3', '--expired', '1', '--url-life', '4', '--others', '6'];
const KILLS = ['--api-restarts', '1', '--restarts', '1', '--points', '3'];

test('a small storm and three kills at points: nothing is lost, doubled, different, or left', async () => {
  const { figures } = await figuresOf(faults('uploads', '--seed', SEED, ...STORM, ...KILLS));
  expect(figures).toMatchObject({
    ok: true,
    seed: Number(SEED),
    storm: { faults_wanted: 13, faults_given: 13, accepted: 2, given_up: 0, lost: 0, different: 0, odd: 0 },
    points_reached: 3,
    points_unpublished: 0,
    ledger: { accepted: 5, published: 5, rejected: 0, inReview: 0, inFlight: 0 },
    multiparts_left: 0,
    workflows_left: 0,
    processes_left: 0,
  });
}, 600_000);
