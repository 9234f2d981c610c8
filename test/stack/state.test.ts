import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { devKey } from '../../stack/dev-key.js';
import { claimPort, isFree, PREFERRED_PORTS } from '../../stack/ports.js';
import { openState } from '../../stack/state.js';
import { uploadTokenSecret } from '../../stack/upload-token-secret.js';
import { scratchFolder } from './scratch-folder.js';

const root = scratchFolder();
const servers: Server[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)))));

function occupy(port: number): Promise<number> {
  const server = createServer();
  servers.push(server);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
}

test('state is private, and the same when it is opened again', () => {
  const data = join(root, 'a');
  const first = openState(data);
  first.change((state) => ({ ...state, ports: { api: 1234 } }));
  expect(openState(data).current).toEqual(first.current);
  expect(statSync(join(data, 'state.json')).mode & 0o777).toBe(0o600);
  expect(openState(join(root, 'b')).current.secrets).not.toEqual(first.current.secrets);
});

test('state that cannot be read is never replaced', () => {
  const data = join(root, 'c');
  openState(data);
  writeFileSync(join(data, 'state.json'), '{"version": 1');
  expect(() => openState(data)).toThrow(/holds the passwords/);
  expect(readFileSync(join(data, 'state.json'), 'utf8')).toBe('{"version": 1');
});

test('the development key is made once, in the shape that the API takes, and private', () => {
  openState(join(root, 'd'));
  const key = devKey(join(root, 'd'));
  expect(key).toMatch(/^rm_test_[a-z0-9]{12}_[A-Za-z0-9]{40}$/);
  expect(devKey(join(root, 'd'))).toBe(key);
  expect(statSync(join(root, 'd', 'api-key')).mode & 0o777).toBe(0o600);
});

test('the secret of upload addresses is made once, long enough for the API, and private', () => {
  openState(join(root, 'g'));
  const secret = uploadTokenSecret(join(root, 'g'));
  expect(secret).toMatch(/^[0-9a-f]{64}$/);
  expect(uploadTokenSecret(join(root, 'g'))).toBe(secret);
  expect(statSync(join(root, 'g', 'upload-token-secret')).mode & 0o777).toBe(0o600);
});

test('a port that is taken is not free', async () => {
  const port = await occupy(0);
  expect(await isFree(port)).toBe(false);
});

test('a remembered port is kept while it is free, and given up when somebody has it', async () => {
  const state = openState(join(root, 'e'));
  const free = await occupy(0);
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  state.change((before) => ({ ...before, ports: { s3: free } }));
  expect(await claimPort(state, 's3')).toBe(free);
  await occupy(free);
  const other = await claimPort(state, 's3');
  expect(other).not.toBe(free);
  expect(other % 10).toBe(PREFERRED_PORTS.s3 % 10);
  expect(openState(join(root, 'e')).current.ports.s3).toBe(other);
});

test('a port that another launcher has claimed, but not opened yet, is passed over', async () => {
  const script = `
    import { claimPort } from ${JSON.stringify(join(process.cwd(), 'dist', 'stack', 'ports.js'))};
    import { openState } from ${JSON.stringify(join(process.cwd(), 'dist', 'stack', 'state.js'))};
    console.log(await claimPort(openState(${JSON.stringify(join(root, 'other'))}), 'temporal'));
    setInterval(() => 0, 1000);`;
  const other = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [chunk] = (await once(other.stdout, 'data')) as [Buffer];
    const theirs = Number(chunk.toString());
    expect(await isFree(theirs)).toBe(true);
    const state = openState(join(root, 'f'));
    state.change((before) => ({ ...before, ports: { temporal: theirs } }));
    expect(await claimPort(state, 'temporal')).not.toBe(theirs);
  } finally {
    other.kill('SIGKILL');
  }
});
