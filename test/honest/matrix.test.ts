import { longSync } from '../../honest/long-sync.js';
import { ROWS } from '../../honest/rows/index.js';
import { runRow } from '../../honest/run-row.js';
import { SANDBOX } from '../media/lavfi.js';

const tools = { ffmpeg: process.env.FFMPEG_PATH ?? 'ffmpeg', ffprobe: process.env.FFPROBE_PATH ?? 'ffprobe', slots: 1, sandbox: SANDBOX };

/** One of each kind; `npm run honest` runs them all. */
const SOME = [
  ['turned', 'turned 90° and not square'],
  ['turned', 'rising diagonal'],
  ['colour', 'HLG'],
  ['colour', 'BT.601, full range'],
  ['time', 'variable: two of three frames'],
  ['time', 'MPEG-4 in fields that only its frames tell'],
  ['input', 'WebM: VP9, Opus'],
  ['refused', 'sound with cover art'],
];

test.each(SOME)(
  '%s: %s comes out as it must',
  async (group, name) => {
    const row = ROWS.find((each) => each.group === group && each.name === name);
    if (!row) throw new Error('The matrix has no such row.');
    expect(await runRow(row, tools)).toMatchObject({ faults: [] });
  },
  120_000,
);

test('sound and picture stay together over joins, and nothing clicks', async () => {
  const { faults, syncMs } = await longSync('30000/1001', 40, tools);
  expect(faults).toEqual([]);
  expect(syncMs).toBeLessThan(20);
}, 120_000);
