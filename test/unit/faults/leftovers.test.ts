import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createCensus, familyOf } from '../../../faults/family.js';
import { scratchLeftovers, storeLeftovers } from '../../../faults/leftovers.js';
import { createNemesis } from '../../../faults/nemesis.js';
import { sha256Hex } from '../../../src/activities/json-objects.js';
import { createMemoryObjectStore } from '../../../src/storage/memory-object-store.js';
import { isAlive, markOf, type ProcessMark } from '../../../stack/processes.js';

test('everything that lies in the store without a reason is told', async () => {
  const store = createMemoryObjectStore();
  const put = async (key: string, text = 'x'): Promise<unknown> => {
    const bytes = Buffer.from(text);
    return store.put(key, bytes, { contentType: 'text/plain', sha256: sha256Hex(bytes) });
  };
  const artefact = (name: string) => ({ key: `media/v1/g1/${name}`, sizeBytes: 1, sha256: '' });
  const named = ['720p/init.mp4', '720p/0000-1a2b3c4d/00.m4s', 'master.m3u8', 'images/1a2b3c4d/poster.jpg', 'images/1a2b3c4d/storyboard.vtt'];
  const [init, segment, master, poster, vtt] = named.map(artefact);
  const report = { videoId: 'v1', generation: 1, tracks: [{ init, segments: [segment] }], playlists: [master], images: { poster, sprites: [], vtt } };
  await put('media/v1/g1/report.json', JSON.stringify(report));
  for (const name of named) await put(`media/v1/g1/${name}`);
  await put('sources/t/v1/u1');
  expect(await storeLeftovers(store, [])).toEqual({ unnamed: [], stuck: [], work: [], multiparts: [] });

  await put('media/v1/g1/720p/0000-ffffffff/00.m4s');
  await put(
    'media/v1/g1/growing/720p.m3u8',
    '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:4\n#EXT-X-MAP:URI="../720p/init.mp4"\n#EXTINF:4,\n../720p/gone.m4s\n',
  );
  await put('work/v1/g1/chunks/0000.json');
  const multipartId = await store.createMultipart('sources/t/v2/u2', { contentType: 'video/mp4', metadata: {} });
  expect(await storeLeftovers(store, [])).toEqual({
    unnamed: ['media/v1/g1/720p/0000-ffffffff/00.m4s'],
    stuck: ['media/v1/g1/growing/720p.m3u8 is not closed', 'media/v1/g1/growing/720p.m3u8 names media/v1/g1/720p/gone.m4s, which is not there'],
    work: ['work/v1/g1/chunks/0000.json'],
    multiparts: [`sources/t/v2/u2 (${multipartId})`],
  });
  expect(await storeLeftovers(store, ['v1'])).toMatchObject({ unnamed: [], work: [] });
});

test('what an encoder left in its scratch folder is told', () => {
  const data = mkdtempSync(join(tmpdir(), 'reelmill-unit-'));
  try {
    mkdirSync(join(data, 'scratch', 'encoder-1'), { recursive: true });
    expect(scratchLeftovers(data)).toEqual([]);
    mkdirSync(join(data, 'scratch', 'encoder-1', 'job-chunk-1'));
    writeFileSync(join(data, 'scratch', 'encoder-1', 'stray'), '');
    expect(scratchLeftovers(data).sort()).toEqual(['encoder-1/job-chunk-1', 'encoder-1/stray']);
  } finally {
    rmSync(data, { recursive: true });
  }
});

const onLinux = process.platform === 'linux' ? test : test.skip;
const stateOf = async (child: ChildProcess): Promise<string> => {
  const stat = await readFile(`/proc/${child.pid}/stat`, 'latin1').catch(() => ') gone');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[0] ?? '';
};

onLinux('a process that outlives its worker is known to the census, though nothing marks it', async () => {
  const worker = spawn('sh', ['-c', 'setsid sleep 60 & echo; wait'], { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise((resolve) => worker.stdout?.once('data', resolve));
  const census = createCensus(() => (worker.pid === undefined ? [] : [worker.pid]));
  try {
    census.look();
    const [child] = familyOf(worker.pid ?? 0);
    worker.kill('SIGKILL');
    await new Promise((resolve) => worker.once('exit', resolve));
    expect(census.alive()).toEqual([child]);
  } finally {
    for (const { pid } of census.alive()) process.kill(pid, 'SIGKILL');
    census.close();
  }
});

onLinux('the nemesis kills, drains and freezes those that it was told to, and thaws them', async () => {
  const worker = (): ChildProcess => spawn('sleep', ['60'], { stdio: 'ignore' });
  const [one, two, three] = [worker(), worker(), worker()] as const;
  const parts: Record<string, ProcessMark | null> = {
    'encoder 1': markOf(one.pid ?? 0),
    'encoder 2': markOf(two.pid ?? 0),
    'control worker': markOf(three.pid ?? 0),
  };
  const ended = (child: ChildProcess): Promise<string | null> => new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  const ends = [ended(one), ended(two)] as const;
  const nemesis = createNemesis({
    partOf: (name) => parts[name] ?? null,
    encoders: ['encoder 1', 'encoder 2'],
    sightingsAt: async () => [],
    say: () => undefined,
    signal: new AbortController().signal,
  });
  const run = nemesis.run([
    { number: 1, atMs: 0, kind: 'freeze', part: 'control worker', pick: 0, lastsMs: 3_000 },
    { number: 2, atMs: 10, kind: 'kill encoder', part: 'encoder 1', pick: 0, lastsMs: 0 },
    { number: 3, atMs: 20, kind: 'drain', part: 'encoder 2', pick: 0, lastsMs: 0 },
  ]);
  expect(await Promise.all(ends)).toEqual(['SIGKILL', 'SIGTERM']);
  expect(await stateOf(three)).toBe('T');
  expect((await run).map(({ kind }) => kind)).toEqual(['freeze', 'kill encoder', 'drain']);
  await sleep(50);
  expect(await stateOf(three)).toBe('S');
  const left = parts['control worker'];
  if (left && isAlive(left)) three.kill('SIGKILL');
});
