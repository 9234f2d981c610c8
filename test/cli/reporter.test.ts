import { type CliEvent, createReporter } from '../../cli/reporter.js';

function reporterOn(json: boolean, isTTY = false) {
  const said = { out: '', err: '' };
  let nowMs = 0;
  const writer = (to: 'out' | 'err') => (text: string) => {
    said[to] += text;
  };
  const reporter = createReporter(json, { out: { isTTY, columns: 100, write: writer('out') }, err: { write: writer('err') } }, () => nowMs);
  const wait = (ms: number): void => {
    nowMs += ms;
  };
  return { reporter, lines: () => said.out.split('\n').filter(Boolean), out: () => said.out, err: () => said.err, wait };
}

const progress = (moved_bytes: number): CliEvent => ({
  file: 'd/a.mp4',
  event: 'progress',
  moved_bytes,
  size_bytes: 1_000_000,
  bytes_per_second: 50_000,
});

test('for programs there is one object a line, and nothing else on the output', () => {
  const { reporter, lines, err } = reporterOn(true);
  reporter.tell({ file: 'a.mp4', event: 'failed', code: 'UPLOAD_TOO_LARGE', message: 'Too large.' });
  reporter.answer({ id: 'vid_1' }, () => 'words');
  reporter.say('for people');
  expect(lines().map((line) => JSON.parse(line))).toEqual([
    { at: expect.any(String), file: 'a.mp4', event: 'failed', code: 'UPLOAD_TOO_LARGE', message: 'Too large.' },
    { id: 'vid_1' },
  ]);
  expect(err()).toBe('for people\n');
});

test('progress is told to programs once a second, and the last of it always', () => {
  const { reporter, lines, wait } = reporterOn(true);
  for (let n = 1; n <= 30; n += 1) {
    reporter.tell(progress(n * 10_000));
    wait(100);
  }
  reporter.tell(progress(1_000_000));
  expect(lines().map((line) => JSON.parse(line).moved_bytes)).toEqual([10_000, 110_000, 210_000, 1_000_000]);
});

test('without a terminal there is a line every few seconds, with rate and time left', () => {
  const { reporter, lines, wait } = reporterOn(false);
  for (let n = 1; n <= 100; n += 1) {
    reporter.tell(progress(n * 5_000));
    wait(100);
  }
  expect(lines()).toHaveLength(3);
  expect(lines()[1]).toMatch(/^ {2}a\.mp4: 20 % of 1\.0 MB {2}50\.0 kB\/s {2}0:16 left$/);
});

test('on a terminal there is a bar that is drawn over itself', () => {
  const { reporter, out, wait } = reporterOn(false, true);
  reporter.tell(progress(250_000));
  wait(1_000);
  reporter.tell(progress(500_000));
  expect(out()).toContain('━━━━━━──');
  expect(out()).toContain('\u001b[1A');
});

test('an upload that goes on says how much is there already', () => {
  const { reporter, lines } = reporterOn(false);
  const sizes = { size_bytes: 1_000_000, part_count: 10, part_size_bytes: 100_000 };
  reporter.tell({ file: 'a.mp4', event: 'session', upload_id: 'upl_1', video_id: 'vid_1', ...sizes, resumed: true, bytes_there: 700_000 });
  expect(lines()[0]).toBe('  a.mp4: goes on: 700.0 kB of 1.0 MB are there already (upl_1)');
});
