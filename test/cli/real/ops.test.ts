import { jest } from '@jest/globals';
import { parseCli } from '../../../cli/arguments.js';
import type { CommandContext } from '../../../cli/context.js';
import { runKeys } from '../../../cli/keys.js';
import { runReview } from '../../../cli/review.js';
import { runTenants } from '../../../cli/tenants.js';
import { createClient } from '../../../client/index.js';
import { type Api, KEYS, sendFile, startApi } from '../../api/harness.js';

jest.setTimeout(60_000);

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

/** What the command says, for people. */
async function reelmill(...argv: string[]): Promise<string> {
  const said: string[] = [];
  const reporter = {
    tell: () => undefined,
    say: (line: string) => void said.push(line),
    answer: (_value: unknown, words: () => string) => void said.push(words()),
    settle: () => undefined,
  };
  const client = createClient({ baseUrl: api.url, apiKey: KEYS.operator, patienceMs: 1_000 });
  const context = { client, reporter, signal: AbortSignal.timeout(30_000) } as unknown as CommandContext;
  const wish = parseCli(argv, '1.2.3');
  if (wish.command === 'keys') await runKeys(wish, context);
  else if (wish.command === 'tenants') await runTenants(wish, context);
  else if (wish.command === 'review') await runReview(wish, context);
  else throw new Error(JSON.stringify(wish));
  return said.join('\n');
}

test('a tenant and its keys, from the first to the last', async () => {
  expect(await reelmill('tenants', 'create', 'beta', '--name', 'Beta', '--quota', '5')).toMatch(/^beta {2}Beta {2}standard {2}5\.0 GB quota\n/);
  expect((await reelmill('tenants', 'list')).split('\n')).toEqual(expect.arrayContaining([expect.stringMatching(/^acme .*unlimited {2}no quota$/)]));
  expect(await reelmill('keys', 'list', 'beta')).toBe('There are no keys.');
  const made = await reelmill('keys', 'create', 'beta', '--name', 'web', '--test', '--scopes', 'videos:read', '--expires', '30');
  const [key = ''] = made.split('\n');
  const [, , id = ''] = key.split('_');
  expect(made).toMatch(/^rm_test_\w+\n\w+ {2}test {2}web {2}videos:read {2}until 2\d{3}-.*; never used\n/);
  const headers = { authorization: `Bearer ${key}` };
  expect((await api.call('GET', '/v1/videos', { as: null, headers })).status).toBe(200);
  expect(await reelmill('keys', 'list', 'beta')).toMatch(new RegExp(`^${id} .*; used 2`));
  expect(await reelmill('keys', 'revoke', id)).toContain('is revoked');
  expect(await reelmill('keys', 'list', 'beta')).toContain('revoked 2');
  await expect(reelmill('keys', 'create', 'nobody', '--name', 'x')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a video that waits for a person is listed with what can be done, and decided on', async () => {
  expect(await reelmill('review', 'list')).toBe('No video waits for a person.');
  const { uploadId, videoId } = await sendFile(api, Buffer.alloc(20), 'rival');
  await api.call('POST', `/v1/uploads/${uploadId}/complete`, { as: 'rival' });
  const park = () => api.catalogue.park(videoId, 1, { code: 'ENCODE_FAILED', message: 'A chunk failed.' });
  await park();
  const listed = await reelmill('review', 'list');
  expect(listed).toMatch(new RegExp(`^${videoId} {2}rival {2}clip\\.mp4 {2}since 2.*\n  ENCODE_FAILED in .*: A chunk failed\\.\n`));
  expect(listed).toContain(`reelmill review resolve ${videoId} reject`);
  expect(await reelmill('review', 'list', '--tenant', 'acme')).toBe('No video waits for a person.');
  expect(await reelmill('review', 'resolve', videoId, 'retry', '--note', 'again')).toBe(`retry is taken: ${videoId} is preparing.`);
  await park();
  expect(await reelmill('review', 'list')).toContain('tried before: ENCODE_FAILED, again 2');
  await expect(reelmill('review', 'resolve', `vid_${'0'.repeat(32)}`, 'reject')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
