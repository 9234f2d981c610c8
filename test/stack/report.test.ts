import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unreadable } from '../../client/source-file.js';
import { newRow } from '../../stack/client/file-row.js';
import { createLedger, exportFolders } from '../../stack/ledger.js';
import { succeeded, writeReport } from '../../stack/report.js';
import { createScreen } from '../../stack/screen.js';
import { summaryOf } from '../../stack/test-summary.js';
import { scratchFolder } from './scratch-folder.js';

const root = scratchFolder();

test('the report has exactly the agreed fields, and is written whole', () => {
  const file = join(root, 'deep', 'R.json');
  writeReport(file, [newRow('a.mp4')]);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    files: [
      {
        file: 'a.mp4',
        video_id: null,
        state: 'waiting',
        generation: null,
        code: null,
        message: null,
        playback: null,
        timings: { upload_s: null, first_playable_s: null, published_s: null },
      },
    ],
  });
  expect(readdirSync(join(root, 'deep'))).toEqual(['R.json']);
});

test('only a published file, copied where that was asked for, is a success', () => {
  const row = newRow('a');
  expect(succeeded({ ...row, state: 'ready' })).toBe(true);
  expect(succeeded({ ...row, state: 'ready', code: 'EXPORT_FAILED' })).toBe(false);
  expect(succeeded({ ...row, state: 'review', code: 'ENCODE_FAILED' })).toBe(false);
});

test('exports are named after their files, and two of one name do not meet', () => {
  expect(exportFolders(['a/x.mp4', 'b/x.webm', 'y.tar.gz', 'x-2.mp4'])).toEqual(['x', 'x-2', 'y.tar', 'x-2-2']);
  const { jobs } = createLedger(['m/x.mp4'], { here: '/here', exportTo: 'OUT' });
  expect(jobs).toEqual([{ file: 'm/x.mp4', path: '/here/m/x.mp4', exportTo: '/here/OUT/x' }]);
});

test('a run that ends early keeps what is known and says why the rest has no end', () => {
  const ledger = createLedger(['done', 'flying', 'new'], { here: '/', exportTo: null });
  ledger.set(0, { ...newRow('done'), state: 'ready', video_id: 'v0' });
  ledger.set(1, { ...newRow('flying'), state: 'preparing', video_id: 'v1' });
  const rows = ledger.closedWith('STACK_FAILED', 'S3 does not start');
  expect(rows.map(({ state, code }) => [state, code])).toEqual([
    ['ready', null],
    ['preparing', 'STACK_FAILED'],
    ['errored', 'STACK_FAILED'],
  ]);
});

test.each([
  ['nothing/there.mp4', /no file/],
  ['.', /is not a file/],
])('%s is told to be unreadable', async (name, words) => {
  expect(await unreadable(join(root, name))).toMatch(words);
});

test('without a terminal each milestone is one line; on one, live lines are drawn over', () => {
  const plain: string[] = [];
  const screen = createScreen({ write: (text) => plain.push(text) });
  for (const [text, milestone] of [
    ['1 %', 'a'],
    ['2 %', 'a'],
    ['3 %', 'b'],
  ] as const)
    screen.live([{ key: 'k', text, milestone }]);
  expect(plain).toEqual(['a\n', 'b\n']);

  const drawn: string[] = [];
  const terminal = createScreen({ isTTY: true, columns: 10, write: (text) => drawn.push(text) });
  terminal.live([{ key: 'k', text: '0123456789abc', milestone: '' }]);
  terminal.say('note');
  expect(drawn).toEqual(['01234567…\n', '\u001b[1A\u001b[0Jnote\n01234567…\n']);
});

test('the last line of a test run counts files that could not be run as failures', () => {
  const counts = { success: false, numPassedTests: 7, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0, numRuntimeErrorTestSuites: 2 };
  expect(summaryOf(JSON.stringify(counts))).toBe('7 passed, 3 failed');
  expect(summaryOf(JSON.stringify({ ...counts, numPendingTests: 2 }))).toBe('7 passed, 3 failed, 2 skipped');
});
