import { parseCli } from '../../cli/arguments.js';

const parse = (...argv: string[]) => parseCli(argv, '1.2.3');
const UPL = `upl_${'0'.repeat(32)}`;
const VID = `vid_${'a'.repeat(32)}`;
const CLIENT = ['uploads:write', 'videos:read', 'videos:write'];
const COMMON = { json: false, patienceMs: 600_000 };

test.each([
  [['upload', 'a.mp4'], { command: 'upload', files: ['a.mp4'], wait: false, concurrency: 4, ...COMMON }],
  [
    ['upload', '--wait', '--concurrency', '8', '--checksum', 'sha256', 'a.mp4', 'b c.mov', '--json'],
    { command: 'upload', files: ['a.mp4', 'b c.mov'], wait: true, concurrency: 8, checksum: 'sha256', ...COMMON, json: true },
  ],
  [['upload', '--checksum=none', 'a'], { command: 'upload', files: ['a'], wait: false, concurrency: 4, checksum: null, ...COMMON }],
  [['upload', '--', '--odd.mp4'], { command: 'upload', files: ['--odd.mp4'], wait: false, concurrency: 4, ...COMMON }],
  [['status'], { command: 'status', id: null, ...COMMON }],
  [['status', UPL], { command: 'status', id: UPL, ...COMMON }],
  [['list', '--status', 'ready,errored', '--limit', '200'], { command: 'list', status: ['ready', 'errored'], limit: 200, ...COMMON }],
  [['cancel', VID], { command: 'cancel', id: VID, ...COMMON }],
  [['reprocess', VID, '--reason', 'new ladder', '--wait'], { command: 'reprocess', id: VID, reason: 'new ladder', wait: true, ...COMMON }],
  [['rollback', VID], { command: 'rollback', id: VID, to: null, ...COMMON }],
  [['rollback', VID, '--to', '3'], { command: 'rollback', id: VID, to: 3, ...COMMON }],
  [['generations', VID, '--json'], { command: 'generations', id: VID, ...COMMON, json: true }],
  [['download', VID, '--to', 'out'], { command: 'download', id: VID, to: 'out', ...COMMON }],
  [
    ['doctor', '--url', 'https://api.example.com', '--key', 'k', '--data', 'd', '--patience', '0.5'],
    { command: 'doctor', url: 'https://api.example.com', key: 'k', data: 'd', json: false, patienceMs: 30_000 },
  ],
  [
    ['keys', 'create', 'acme', '--name', 'web'],
    { command: 'keys', act: 'create', tenant: 'acme', name: 'web', mode: 'live', scopes: CLIENT, ...COMMON },
  ],
  [
    ['keys', 'create', 'acme', '--name', 'ci', '--test', '--scopes', 'uploads:write,videos:read', '--expires', '30'],
    {
      command: 'keys',
      act: 'create',
      tenant: 'acme',
      name: 'ci',
      mode: 'test',
      scopes: ['uploads:write', 'videos:read'],
      expiresDays: 30,
      ...COMMON,
    },
  ],
  [['keys', 'list', 'acme', '--json'], { command: 'keys', act: 'list', tenant: 'acme', ...COMMON, json: true }],
  [['keys', 'revoke', '4k7d0s9x2m1q8z5w'], { command: 'keys', act: 'revoke', key: '4k7d0s9x2m1q8z5w', ...COMMON }],
  [['review', 'list'], { command: 'review', act: 'list', ...COMMON }],
  [['review', 'list', '--tenant', 'acme'], { command: 'review', act: 'list', tenant: 'acme', ...COMMON }],
  [['review', 'resolve', VID, 'reject', '--note', 'no'], { command: 'review', act: 'resolve', id: VID, action: 'reject', note: 'no', ...COMMON }],
  [['tenants', 'list'], { command: 'tenants', act: 'list', ...COMMON }],
  [['tenants', 'create', 'acme'], { command: 'tenants', act: 'create', tenant: 'acme', name: 'acme', ...COMMON }],
  [
    ['tenants', 'create', 'acme', '--name', 'Acme Films', '--tier', 'gold', '--quota', '100'],
    { command: 'tenants', act: 'create', tenant: 'acme', name: 'Acme Films', tier: 'gold', quotaBytes: 100_000_000_000, ...COMMON },
  ],
  [
    ['tenants', 'change', 'acme', '--damaged', 'publish'],
    { command: 'tenants', act: 'change', tenant: 'acme', damagedSources: 'publish', ...COMMON },
  ],
])('%j', (argv, wish) => expect(parse(...argv)).toEqual(wish));

test.each([
  [[]],
  [['uplaod', 'a.mp4']],
  [['upload']],
  [['reprocess', UPL]],
  [['rollback', VID, '--to', '0']],
  [['upload', 'a', '--concurrency', '0']],
  [['upload', 'a', '--concurrency', 'many']],
  [['upload', 'a', '--checksum', 'md5']],
  [['upload', 'a', '--patience', '']],
  [['upload', 'a', '--patience', '-1']],
  [['upload', 'a', '--unknown']],
  [['keys']],
  [['keys', 'create', 'acme']],
  [['keys', 'create', 'acme', '--name', 'x', '--scopes', 'everything']],
  [['keys', 'revoke']],
  [['keys', 'revoke', 'rm_live_abc_secret']],
  [['tenants', 'create', 'a/b']],
  [['review', 'resolve', VID]],
  [['review', 'resolve', VID, 'skip']],
  [['review', 'resolve', UPL, 'retry']],
  [['status', 'clip.mp4']],
  [['status', UPL, 'more']],
  [['list', '--status', 'finished']],
  [['list', '--limit', '1.5']],
  [['cancel']],
  [['download', UPL]],
  [['doctor', '--url', 'api.example.com']],
  [['doctor', '--url', 'ftp://api.example.com']],
])('%j is wrong usage, and says what is', (argv) => {
  const wish = parse(...argv);
  expect(wish).toMatchObject({ command: 'say', exitCode: 2 });
  expect(wish.command === 'say' && wish.text.length).toBeGreaterThan(20);
});

test('a slip of the finger gets a hint', () => {
  expect(parse('uplaod', 'a')).toMatchObject({ text: expect.stringContaining('upload') });
  expect(parse('upload', 'a', '--wiat')).toMatchObject({ text: expect.stringContaining('--wait') });
});

test('help and version are no faults', () => {
  expect(parse('--version')).toEqual({ command: 'say', text: '1.2.3', exitCode: 0 });
  for (const argv of [['--help'], ['upload', '--help'], ['help', 'list']]) expect(parse(...argv)).toMatchObject({ command: 'say', exitCode: 0 });
  const help = parse('--help');
  for (const word of ['upload', 'status', 'list', 'cancel', 'download', 'doctor', 'REELMILL_API_KEY'])
    expect(help).toMatchObject({ text: expect.stringContaining(word) });
});
