import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { openScratch } from '../../src/media/scratch.js';

let root: string;
beforeEach(async () => {
  root = join(await mkdtemp(join(tmpdir(), 'reelmill-scratch-')), 'worker', '1');
});
afterEach(() => rm(join(root, '..', '..'), { recursive: true, force: true }));

test('each job has a folder of its own, also under one name, and its removal takes all in it', async () => {
  const scratch = await openScratch(root);
  const [first, second] = [await scratch.dir('chunk-7'), await scratch.dir('chunk-7')];
  expect(first.path).not.toBe(second.path);
  await mkdir(join(first.path, 'deep'));
  await writeFile(join(first.path, 'deep', 'file'), 'x');
  await first.remove();
  await first.remove();
  expect([existsSync(first.path), existsSync(second.path)]).toEqual([false, true]);
});

test('a name cannot lead out of the root', async () => {
  const scratch = await openScratch(root);
  for (const name of ['../../escape', '/etc', '', 'a b\n', 'ÄÖ', 'x'.repeat(500)]) {
    const { path } = await scratch.dir(name);
    expect(join(root, basename(path))).toBe(path);
  }
  expect((await (await openScratch(root)).sweep()).length).toBe(6);
});

test('a new life sweeps the folders of the last one, and nothing else', async () => {
  const last = await openScratch(root);
  const left = await last.dir('chunk');
  await writeFile(join(left.path, 'half.mp4'), 'x');
  await mkdir(join(root, 'photos'));
  await mkdir(join(root, 'job-of-mine'));
  await writeFile(join(root, 'job-file-abcdef'), 'x');
  await mkdir(join(root, '..', 'elsewhere'));
  await symlink(join(root, '..', 'elsewhere'), join(root, 'job-link-abcdef'));
  const scratch = await openScratch(root);
  const current = await scratch.dir('chunk');
  expect(await scratch.sweep()).toEqual([basename(left.path)]);
  expect(await scratch.sweep()).toEqual([]);
  const kept = [current.path, join(root, 'photos'), join(root, 'job-of-mine'), join(root, 'job-file-abcdef'), join(root, 'job-link-abcdef')];
  expect(kept.filter((path) => !existsSync(path))).toEqual([]);
});

test('a folder of this life is swept only once it was removed', async () => {
  const scratch = await openScratch(root);
  const folder = await scratch.dir('a');
  expect(await scratch.sweep()).toEqual([]);
  await folder.remove();
  expect(existsSync(folder.path)).toBe(false);
});

test('a root that cannot be made is an error that is heard', async () => {
  const file = join(tmpdir(), `reelmill-file-${process.pid}`);
  await writeFile(file, 'x');
  try {
    await expect(openScratch(join(file, 'below'))).rejects.toThrow(/ENOTDIR/);
  } finally {
    await rm(file);
  }
});

// root writes through any permission, so there is nothing to see then.
(process.getuid?.() === 0 ? test.skip : test)('a folder that cannot be removed is an error that is heard', async () => {
  const { path, remove } = await (await openScratch(root)).dir('a');
  await mkdir(join(path, 'locked'));
  await writeFile(join(path, 'locked', 'file'), 'x');
  await chmod(join(path, 'locked'), 0o500);
  await expect(remove()).rejects.toThrow(/EACCES|EPERM/);
  await chmod(join(path, 'locked'), 0o700);
});
