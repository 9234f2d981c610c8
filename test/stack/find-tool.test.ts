import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checksumIn } from '../../stack/tools/download-release.js';
import { obtainTool, type ToolSources } from '../../stack/tools/find-tool.js';
import { toolPlaces } from '../../stack/tools/places.js';
import { TEMPORAL } from '../../stack/tools/temporal.js';
import type { ToolPlaces, ToolSpec } from '../../stack/tools/tool.js';
import { VERSITYGW } from '../../stack/tools/versitygw.js';
import { scratchFolder } from './scratch-folder.js';

const root = scratchFolder();
const say = (): void => undefined;

function program(file: string, prints: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho '${prints}'\n`);
  chmodSync(file, 0o755);
  return file;
}

const spec: ToolSpec = {
  ...TEMPORAL,
  name: 'gadget',
  version: '2.0',
  accepts: (output) => output.includes('gadget 2.0'),
  goBuild: () => Promise.reject(new Error('unused')),
};

function places(name: string): ToolPlaces {
  return { root, path: [join(root, name, 'bin')], cache: join(root, name, 'cache') };
}

/** Sources that make the tool, or cannot, and remember that they were asked. */
function sources(can: { readonly download: boolean; readonly build: boolean }): ToolSources & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async download(tool, out) {
      asked.push('download');
      if (!can.download) return 'no internet connection';
      program(join(out, tool.name), 'gadget 2.0');
      return null;
    },
    async build(tool, { out }) {
      asked.push('build');
      if (!can.build) throw new Error('the compiler is tired');
      program(join(out, tool.name), 'gadget 2.0');
    },
  };
}

test('the PATH wins, and nothing is fetched', async () => {
  const at = places('path');
  const path = program(join(root, 'path', 'bin', 'gadget'), 'gadget 2.0');
  program(join(at.cache, 'gadget-2.0', 'gadget'), 'gadget 2.0');
  const from = sources({ download: true, build: true });
  expect(await obtainTool(spec, at, say, from)).toEqual({ name: 'gadget', path, version: '2.0', from: 'PATH' });
  expect(from.asked).toEqual([]);
});

test('another version on the PATH is passed over for the cache', async () => {
  const at = places('cache');
  program(join(root, 'cache', 'bin', 'gadget'), 'gadget 1.9');
  const path = program(join(at.cache, 'gadget-2.0', 'gadget'), 'gadget 2.0');
  expect(await obtainTool(spec, at, say, sources({ download: true, build: true }))).toMatchObject({ path, from: 'cache' });
});

test('a download fills the cache, once for all who start together', async () => {
  const at = places('download');
  const from = sources({ download: true, build: true });
  const found = await Promise.all([obtainTool(spec, at, say, from), obtainTool(spec, at, say, from)]);
  expect(found.map((tool) => tool.path)).toEqual(Array(2).fill(join(at.cache, 'gadget-2.0', 'gadget')));
  expect(from.asked).toEqual(['download']);
  expect(readdirSync(at.cache)).toEqual(['gadget-2.0']);
});

test('without a download it is built with go', async () => {
  const at = places('build');
  program(join(root, 'build', 'bin', 'go'), 'go');
  const from = sources({ download: false, build: true });
  expect(await obtainTool(spec, at, say, from)).toMatchObject({ from: 'build' });
  expect(from.asked).toEqual(['download', 'build']);
});

test('without internet and go the fault says what to do', async () => {
  const from = sources({ download: false, build: true });
  await expect(obtainTool(spec, places('nothing'), say, from)).rejects.toThrow(/no go on the PATH[\s\S]*connect to the internet, or install Go/);
  expect(from.asked).toEqual(['download']);
});

test('a build that fails leaves nothing that looks like a tool, and nothing else', async () => {
  const at = places('failed');
  program(join(root, 'failed', 'bin', 'go'), 'go');
  mkdirSync(join(at.cache, '.new-gadget-left-by-a-killed-start'), { recursive: true });
  await expect(obtainTool(spec, at, say, sources({ download: false, build: false }))).rejects.toThrow('the compiler is tired');
  expect(existsSync(at.cache) ? readdirSync(at.cache) : []).toEqual([]);
});

test('the user cache is XDG_CACHE_HOME, else ~/.cache', () => {
  expect(toolPlaces(root, { XDG_CACHE_HOME: '/x', HOME: '/h' }).cache).toBe('/x/reelmill/tools');
  expect(toolPlaces(root, { HOME: '/h' }).cache).toBe('/h/.cache/reelmill/tools');
});

test('archives and checksums are named as the releases name them', () => {
  expect(TEMPORAL.release.archive('linux', 'x64')).toBe('temporal_cli_1.8.2_linux_amd64.tar.gz');
  expect(VERSITYGW.release.archive('darwin', 'arm64')).toBe('versitygw_v1.8.0_Darwin_arm64.tar.gz');
  expect(TEMPORAL.release.archive('sunos', 'x64')).toBeNull();
  const sum = 'ab'.repeat(32);
  expect(checksumIn(`${'00'.repeat(32)}  other.tar.gz\n${sum.toUpperCase()} *tool.tar.gz\n`, 'tool.tar.gz')).toBe(sum);
  expect(checksumIn(`${sum}  tool.tar.gz.sig\nxyz  tool.tar.gz\n`, 'tool.tar.gz')).toBeNull();
});
