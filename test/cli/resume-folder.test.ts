import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { forgetUpload, openMemory, readRecords, resumeFolder } from '../../cli/resume-folder.js';
import type { ResumeRecord } from '../../client/resume-record.js';
import { scratchFolder } from '../stack/scratch-folder.js';

const root = scratchFolder();
const record = (change: Partial<ResumeRecord> = {}): ResumeRecord => ({
  version: 1,
  endpoint: 'http://api',
  path: '/films/a.mp4',
  sizeBytes: 10,
  mtimeNs: '1789000000000000001',
  idempotencyKey: 'k',
  request: { file_name: 'a.mp4', size_bytes: 10, content_type: 'video/mp4', checksum: 'crc32c' },
  uploadId: 'upl_1',
  videoId: 'vid_1',
  startedAt: new Date().toISOString(),
  ...change,
});

test('it lies where the user’s state lies', () => {
  expect(resumeFolder({ XDG_STATE_HOME: '/state' })).toBe('/state/reelmill/uploads');
  expect(resumeFolder({})).toMatch(/\.local\/state\/reelmill\/uploads$/);
});

test('what is saved is loaded again by the next process, privately, and is gone when it is forgotten', async () => {
  const folder = join(root, 'saved');
  const first = openMemory(folder, 'http://api', '/films/a.mp4');
  expect(await first.memory.load()).toBeNull();
  await first.memory.save(record({ uploadId: null }));
  await first.memory.save(record());
  first.release();
  const second = openMemory(folder, 'http://api', '/films/a.mp4');
  expect(await second.memory.load()).toEqual(record({ startedAt: (await second.memory.load())?.startedAt ?? '' }));
  const [name] = readdirSync(folder).filter((each) => each.endsWith('.json'));
  expect(statSync(join(folder, name ?? '')).mode & 0o777).toBe(0o600);
  await second.memory.forget();
  expect(await second.memory.load()).toBeNull();
  second.release();
  expect(readdirSync(folder)).toEqual([]);
});

test('each file has its own memory at each API', async () => {
  const folder = join(root, 'apart');
  const places = [
    ['http://api', '/films/a.mp4'],
    ['http://api', '/films/b.mp4'],
    ['http://other', '/films/a.mp4'],
  ] as const;
  const memories = places.map(([endpoint, path]) => openMemory(folder, endpoint, path));
  await memories[0]?.memory.save(record());
  expect(await Promise.all(memories.map(({ memory }) => memory.load()))).toEqual([expect.objectContaining({ uploadId: 'upl_1' }), null, null]);
  for (const { release } of memories) release();
});

test('two processes cannot upload one file at once; one that was killed holds nothing', async () => {
  const folder = join(root, 'locked');
  const lock = join(process.cwd(), 'stack', 'lock.mjs');
  const name = await lockNameOf(folder);
  const script = `import { tryLock } from ${JSON.stringify(lock)}; console.log(tryLock(${JSON.stringify(join(folder, name))}).held); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  expect(() => openMemory(folder, 'http://api', '/films/a.mp4')).toThrow(
    expect.objectContaining({ code: 'UPLOAD_BUSY', message: expect.stringContaining(String(child.pid)) }),
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  openMemory(folder, 'http://api', '/films/a.mp4').release();
}, 20_000);

/** The folder that a lock on this file is. */
async function lockNameOf(folder: string): Promise<string> {
  const { release } = openMemory(folder, 'http://api', '/films/a.mp4');
  const [name] = readdirSync(folder);
  release();
  return name ?? '';
}

test('half a record is none; one that is too old is forgotten; the others are listed', async () => {
  const folder = join(root, 'listed');
  expect(await readRecords(folder)).toEqual([]);
  for (const [path, startedAt] of [
    ['/films/old.mp4', '2020-01-01T00:00:00.000Z'],
    ['/films/new.mp4', new Date().toISOString()],
  ] as const) {
    const { memory, release } = openMemory(folder, 'http://api', path);
    await memory.save(record({ path, startedAt, uploadId: `upl_${path}` }));
    release();
  }
  writeFileSync(join(folder, 'half.json'), '{"version":1,"endpo');
  expect((await readRecords(folder)).map(({ path }) => path)).toEqual(['/films/new.mp4']);
  expect(readdirSync(folder)).toHaveLength(1);
  await forgetUpload(folder, 'upl_/films/new.mp4');
  expect(await readRecords(folder)).toEqual([]);
});
