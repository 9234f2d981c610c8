import { expect, test } from '@jest/globals';
import { faults, figuresOf } from './run-command.js';

/** With this seed an encoder is frozen while it works, and every other part is hit too. */
const SEED = '191';

test('six faults, two of them pauses: nothing is lost, published twice, different, or left', async () => {
  const { lines, figures } = await figuresOf(faults('kills', '--videos', '1', '--kills', '6', '--seed', SEED));
  expect(lines.filter((line) => /^ *\d\. at .* (pause|freeze) /.test(line))).toHaveLength(2);
  expect(figures).toMatchObject({
    ok: true,
    seed: Number(SEED),
    faults_given: 6,
    lost: 0,
    twice: 0,
    different: 0,
    processes_left: 0,
    scratch_left: 0,
    objects_unnamed: 0,
    work_files_left: 0,
    multiparts_left: 0,
    workflows_left: 0,
  });
}, 900_000);
