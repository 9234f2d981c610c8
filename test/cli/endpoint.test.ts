import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findEndpoint } from '../../cli/endpoint.js';
import { markOf } from '../../stack/processes.js';
import { scratchFolder } from '../stack/scratch-folder.js';

const folder = scratchFolder();
const [here, root] = [join(folder, 'here'), join(folder, 'root')];
const around = (env: Record<string, string> = {}) => ({ env, here, root });

/** A data folder as a stack leaves it; `part` is the process that it names. */
function stackIn(data: string, part: { pid: number; identity: string } | null): void {
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, 'state.json'), JSON.stringify({ ports: { api: 7300 }, parts: part ? { API: { ...part, stopSignal: 'SIGTERM' } } : {} }));
  writeFileSync(join(data, 'api-key'), 'rm_test_stack_key\n');
}
const living = markOf(process.pid);
const gone = { pid: process.pid, identity: 'another boot' };

test('the command line comes before the environment, and the address loses its last slash', () => {
  const env = { REELMILL_URL: 'https://env.example/', REELMILL_API_KEY: 'env-key' };
  expect(findEndpoint({}, around(env))).toEqual({ baseUrl: 'https://env.example', apiKey: 'env-key', from: 'REELMILL_URL' });
  const given = { url: 'https://given.example/api/', key: 'given-key' };
  expect(findEndpoint(given, around(env))).toEqual({ baseUrl: 'https://given.example/api', apiKey: 'given-key', from: '--url' });
  expect(findEndpoint({ url: 'https://given.example' }, around(env)).apiKey).toBe('env-key');
});

test('an address without a key, and an address that is none, are wrong usage', () => {
  expect(() => findEndpoint({ url: 'https://a.example' }, around())).toThrow(/REELMILL_API_KEY/);
  expect(() => findEndpoint({ key: 'k' }, around({ REELMILL_URL: 'somewhere' }))).toThrow(/REELMILL_URL is no address/);
  expect(() => findEndpoint({}, around())).toThrow(/npm start/);
});

test('a stack that runs is found: in the folder here, else in the checkout’s, else where --data says', () => {
  const data = join(folder, 'elsewhere');
  stackIn(data, living);
  expect(findEndpoint({ data }, around({ REELMILL_URL: 'https://env.example', REELMILL_API_KEY: 'k' }))).toMatchObject({
    baseUrl: 'http://127.0.0.1:7300',
    apiKey: 'rm_test_stack_key',
  });
  expect(() => findEndpoint({ data: 'nowhere' }, around())).toThrow(/no stack/);
  stackIn(join(root, '.reelmill'), living);
  expect(findEndpoint({}, around()).from).toContain(root);
  stackIn(join(here, '.reelmill'), living);
  expect(findEndpoint({}, around()).from).toContain(here);
});

test('a stack that does not run is told, with what to do', () => {
  const data = join(folder, 'stopped');
  for (const part of [gone, null]) {
    stackIn(data, part);
    expect(() => findEndpoint({ data }, around())).toThrow(/does not run.*npm start/);
  }
});
