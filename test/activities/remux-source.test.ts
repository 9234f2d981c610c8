import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createCores } from '../../src/activities/cores.js';
import type { EncoderDeps } from '../../src/activities/deps.js';
import { createDrain } from '../../src/activities/drain.js';
import { encodeAudio } from '../../src/activities/encode-audio.js';
import { encodeChunk } from '../../src/activities/encode-chunk.js';
import { inspectSource } from '../../src/activities/inspect-source.js';
import { getBytes, needJson, putJsonOnce } from '../../src/activities/json-objects.js';
import { remuxSource } from '../../src/activities/remux-source.js';
import { removeWork } from '../../src/activities/sweep-generation.js';
import type { AudioManifest, ChunkManifest, TrackFacts } from '../../src/domain/artefact.js';
import { decidePlan } from '../../src/domain/decide-plan.js';
import { audioManifestKey, chunkManifestKey, planKey, remuxManifestKey, workPrefix } from '../../src/domain/keys.js';
import type { Plan } from '../../src/domain/plan.js';
import type { Probe, SourceFacts } from '../../src/domain/probe.js';
import { openScratch } from '../../src/media/scratch.js';
import { createMemoryObjectStore } from '../../src/storage/memory-object-store.js';
import type { ObjectStore } from '../../src/storage/object-store.js';
import { beeps, beepsOf } from '../media/beeps.js';
import { countedFrames, ffmpeg, readCounters, SANDBOX, tempFolder } from '../media/lavfi.js';
import { act, at } from './generation.js';

const folder = tempFolder();
afterAll(() => folder.remove());

const FRAMES = 100;
const FPS = 25;
const OPEN_GOP = ['-c:v', 'libx264', '-preset', 'fast', '-bf', '3', '-g', '30', '-x264-params', 'open-gop=1:b-pyramid=normal'];
const NO_B = ['-c:v', 'libx264', '-preset', 'fast', '-bf', '0', '-g', '30'];
const MPEG2 = ['-c:v', 'mpeg2video', '-q:v', '3', '-bf', '2', '-g', '15'];
const MPEG4 = ['-c:v', 'mpeg4', '-q:v', '3', '-g', '30'];
const FRAGMENTED = ['-movflags', 'frag_keyframe+empty_moov+default_base_moof+delay_moov'];
const AAC = ['-c:a', 'aac'];

interface Case {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly container: 'mp4' | 'matroska';
  /** Written to a pipe: the writer cannot go back to leave an index. */
  readonly piped?: string;
  /** Share of the file that is cut off in front, as recorders do that begin in the middle. */
  readonly without?: number;
  /** Frames that the first one is held for more, by the file's own times. */
  readonly held?: number;
}

const CASES: readonly Case[] = [
  { name: 'MPEG-TS that starts at 1.4 s', file: 'a.ts', args: [...NO_B, ...AAC], container: 'mp4' },
  { name: 'MPEG-TS that starts at 100 s, B-frames', file: 'b.ts', args: [...OPEN_GOP, ...AAC, '-output_ts_offset', '100'], container: 'mp4' },
  { name: 'MPEG-TS of a broadcast, MPEG-2 and MP2', file: 'c.ts', args: [...MPEG2, '-c:a', 'mp2'], container: 'mp4' },
  { name: 'MPEG-TS that begins in the middle of a GOP', file: 'd.ts', args: [...OPEN_GOP, ...AAC], container: 'mp4', without: 0.1 },
  { name: 'MPEG-2 that begins in the middle of a GOP', file: 'e.ts', args: [...MPEG2, '-c:a', 'mp2'], container: 'mp4', without: 0.1 },
  // The delay of an MP3 encoder moves the picture by less than a frame, and AVI can only hold whole ones.
  { name: 'AVI, MPEG-4 and MP3', file: 'f.avi', args: [...MPEG4, '-c:a', 'mp3'], container: 'mp4', held: 1 },
  { name: 'AVI, MPEG-4 with B-frames and MP3', file: 'g.avi', args: [...MPEG4, '-bf', '2', '-c:a', 'mp3'], container: 'mp4' },
  { name: 'AVI, H.264 and PCM', file: 'h.avi', args: [...NO_B, '-c:a', 'pcm_s16le'], container: 'mp4' },
  { name: 'fragmented MP4 without an index', file: 'i.mp4', args: [...OPEN_GOP, ...AAC, ...FRAGMENTED], container: 'mp4' },
  { name: 'live MKV', file: 'j.mkv', args: [...OPEN_GOP, ...AAC], container: 'matroska', piped: 'matroska' },
  {
    name: 'live WebM',
    file: 'k.webm',
    args: ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '800k', '-g', '30', '-c:a', 'libopus'],
    container: 'matroska',
    piped: 'webm',
  },
];

describe.each(CASES)('$name', ({ file, args, container, piped, without, held = 0 }) => {
  test('is cut frame for frame after it was remuxed, with its sound in time', async () => {
    const source = make(file, args, piped, without);
    const shown = readCounters(source);
    const first = shown[0] ?? 0;
    expect(shown).toEqual(upTo(FRAMES).slice(first));
    expect(first > 0).toBe(without !== undefined);

    const { store, deps, facts } = await place(source);
    const found = await act(inspectSource(deps), facts);
    expect(found.seekable).toBe(false);
    const probe = await act(remuxSource(deps), { ...at, probe: found });
    if (probe.remux?.outcome !== 'done') throw new Error(`not remuxed: ${JSON.stringify(probe.remux)}`);
    expect(probe.remux.format).toContain(container);
    expect(probe.video.packetCount).toBe(FRAMES - first);

    const plan = await planOf(store, probe);
    expect(plan.input).toEqual(probe.remux.file);
    expect(plan.source).toEqual(facts);
    expect(plan.decisions.map((decision) => decision.code)).toContain('REMUXED');
    expect(plan.grid.chunkCount).toBeGreaterThanOrEqual(2);
    expect(readCounters(await encoded(deps, plan))).toEqual([...Array.from({ length: held }, () => first), ...shown]);

    await act(encodeAudio(deps), at);
    const { track } = await needJson<AudioManifest>(store, audioManifestKey(at));
    const heardS = beepsOf(await joined(store, [track], 'audio.mp4'));
    const expectedS = [0, 1, 2, 3].map((second) => second + (held - first) / FPS).filter((second) => second >= 0);
    expect(heardS).toHaveLength(expectedS.length);
    for (const [n, beepS] of heardS.entries()) expect(Math.abs(beepS - (expectedS[n] ?? -1))).toBeLessThan(1 / FPS);
    console.info(`${file}: beeps ${heardS.map((beepS, n) => `${((beepS - (expectedS[n] ?? 0)) * 1000).toFixed(1)} ms`).join(', ')} off`);
  }, 240_000);
});

describe('an AVI with B-frames of H.264, whose order nobody wrote down', () => {
  test('is encoded in one piece, frame for frame, and the plan says why', async () => {
    const source = make('pyramid.avi', [...OPEN_GOP, '-c:a', 'pcm_s16le']);
    const { store, deps, facts } = await place(source);
    const probe = await act(remuxSource(deps), { ...at, probe: await act(inspectSource(deps), facts) });
    expect(probe.remux?.outcome).toBe('refused');
    expect((await store.list(workPrefix(at))).objects.map((object) => object.key)).toEqual([remuxManifestKey(at)]);
    const plan = await planOf(store, probe);
    expect(plan.grid.chunkCount).toBe(1);
    expect(plan.input).toBeUndefined();
    expect(plan.decisions.map((decision) => decision.code)).toContain('ONE_PIECE');
    expect(readCounters(await encoded(deps, plan))).toEqual(upTo(FRAMES));
  }, 120_000);
});

describe('remuxing', () => {
  test('twice is once; of two that race one stands, and the other leaves nothing behind', async () => {
    const { store, deps, facts } = await place(make('twice.ts', [...NO_B, ...AAC]));
    const probe = await act(inspectSource(deps), facts);
    const [one, other] = await Promise.all([act(remuxSource(deps), { ...at, probe }), act(remuxSource(deps), { ...at, probe })]);
    expect(one).toEqual(other);
    const file = one.remux?.outcome === 'done' ? one.remux.file : null;
    const keys = async (): Promise<string[]> => (await store.list(workPrefix(at))).objects.map((object) => object.key);
    expect(await keys()).toEqual([remuxManifestKey(at), file?.key]);
    expect(await act(remuxSource({ ...deps, ffmpegPath: '/nonexistent' }), { ...at, probe })).toEqual(one);
    expect(await store.head(file?.key ?? '')).toMatchObject({ sizeBytes: file?.sizeBytes, etag: file?.etag });
  }, 120_000);

  test('that dies while it sends leaves nothing that a sweep does not find', async () => {
    const { store, deps, facts } = await place(make('dies.ts', [...NO_B, ...AAC]));
    const probe = await act(inspectSource(deps), facts);
    const gone: ObjectStore = {
      ...store,
      completeMultipart: () => Promise.reject(new Error('the machine is gone')),
      abortMultipart: () => Promise.reject(new Error('the machine is gone')),
    };
    await expect(act(remuxSource({ ...deps, store: gone }), { ...at, probe })).rejects.toThrow('the machine is gone');
    expect(await store.listMultiparts(workPrefix(at))).toHaveLength(1);
    await removeWork(store, at);
    expect(await store.listMultiparts(workPrefix(at))).toEqual([]);
  }, 120_000);
});

test.each<[string, string, readonly string[], boolean]>([
  ['an MP4', 'x.mp4', [...NO_B, ...AAC], true],
  ['a fragmented MP4 under one index', 'x.frag.mp4', [...NO_B, ...AAC, '-movflags', 'frag_keyframe+empty_moov+default_base_moof+global_sidx'], true],
  ['a fragmented MP4 with an index for each fragment', 'x.dash.mp4', [...NO_B, ...AAC, '-movflags', 'frag_keyframe+empty_moov+dash'], false],
  ['an MKV', 'x.mkv', [...NO_B, ...AAC], true],
  ['an MKV with its index in front', 'x.cues.mkv', [...NO_B, ...AAC, '-cues_to_front', '1'], true],
])(
  '%s is seekable: %s %j %s',
  async (_name, file, args, seekable) => {
    const { deps, facts } = await place(make(file, args));
    expect((await act(inspectSource(deps), facts)).seekable).toBe(seekable);
  },
  60_000,
);

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

function make(file: string, args: readonly string[], piped?: string, without?: number): string {
  const path = folder.file(file);
  const inputs = [...countedFrames(String(FPS), FRAMES), ...beeps(FRAMES / FPS)];
  if (piped) writeFileSync(path, ffmpeg(...inputs, ...args, '-f', piped, '-'));
  else ffmpeg(...inputs, ...args, path);
  if (without) {
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(188 * Math.floor((bytes.length * without) / 188)));
  }
  return path;
}

async function place(path: string): Promise<{ store: ObjectStore; deps: EncoderDeps; facts: SourceFacts }> {
  const store = createMemoryObjectStore();
  const bytes = readFileSync(path);
  const key = 'sources/dev/vid_t/upl_t';
  await store.put(key, bytes, { contentType: 'video/mp4', sha256: createHash('sha256').update(bytes).digest('hex') });
  const facts = { key, sizeBytes: bytes.byteLength, etag: (await store.head(key))?.etag ?? '' };
  const scratch = await openScratch(`${path}.scratch`);
  return {
    store,
    facts,
    deps: { store, scratch, drain: createDrain(), cores: createCores(2), ffmpegPath: 'ffmpeg', ffprobePath: 'ffprobe', sandbox: SANDBOX },
  };
}

/** On a tiny grid: GOPs of 0.5 s, chunks of 1 s. */
async function planOf(store: ObjectStore, probe: Probe): Promise<Plan> {
  const chunkGrid = { gopS: 0.5, gopsPerSegment: 1, firstChunkS: 1, chunkMinS: 1, chunkMaxS: 1 };
  const plan = decidePlan({ probe, ...at, tenantId: 'dev', encoderSlots: 8, preset: 'veryfast', chunkGrid });
  await putJsonOnce(store, planKey(at), plan);
  return plan;
}

/** Encodes all chunks and joins the first rung's segments. */
async function encoded(deps: EncoderDeps, plan: Plan): Promise<string> {
  const tracks: TrackFacts[] = [];
  for (let index = 0; index < plan.grid.chunkCount; index += 1) {
    await act(encodeChunk(deps), { ...at, index, sizeClass: plan.sizeClass });
    tracks.push(...(await needJson<ChunkManifest>(deps.store, chunkManifestKey(at, index))).tracks.slice(0, 1));
  }
  return joined(deps.store, tracks, 'joined.mp4');
}

async function joined(store: ObjectStore, tracks: readonly TrackFacts[], name: string): Promise<string> {
  const keys = [tracks[0]?.init.key ?? '', ...tracks.flatMap((track) => track.segments.map((segment) => segment.key))];
  const pieces = await Promise.all(keys.map(async (key) => (await getBytes(store, key)) ?? Buffer.alloc(0)));
  writeFileSync(folder.file(name), Buffer.concat(pieces));
  return folder.file(name);
}
