import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createCores } from '../../src/activities/cores.js';
import type { EncoderDeps } from '../../src/activities/deps.js';
import { createDrain } from '../../src/activities/drain.js';
import { encodeChunk } from '../../src/activities/encode-chunk.js';
import { inspectSource } from '../../src/activities/inspect-source.js';
import { getBytes, needJson, putJsonOnce } from '../../src/activities/json-objects.js';
import { mendSource } from '../../src/activities/mend-source.js';
import { remuxSource } from '../../src/activities/remux-source.js';
import { verifyVideo } from '../../src/activities/verify-video.js';
import type { GenerationReport } from '../../src/domain/artefact.js';
import { toleratedFrames } from '../../src/domain/damage.js';
import { decidePlan } from '../../src/domain/decide-plan.js';
import { chunkManifestPrefix, packageKey, planKey } from '../../src/domain/keys.js';
import type { Plan } from '../../src/domain/plan.js';
import type { Probe, SourceFacts } from '../../src/domain/probe.js';
import { RECIPES } from '../../src/domain/recipe.js';
import { openScratch } from '../../src/media/scratch.js';
import { createMemoryObjectStore } from '../../src/storage/memory-object-store.js';
import { countedFrames, ffmpeg, readCounters, SANDBOX, tempFolder } from '../media/lavfi.js';
import { tone } from '../media/sources.js';
import { act, at, makeAll } from './generation.js';

const folder = tempFolder();
afterAll(() => folder.remove());

const FRAMES = 100;
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-bf', '2'];

const CASES = [
  { name: 'an MP4 with its index in front', file: 'a.mp4', args: [...H264, '-c:a', 'aac', '-movflags', 'faststart'], declares: true },
  { name: 'an MKV', file: 'b.mkv', args: [...H264, '-c:a', 'flac'], declares: true },
  { name: 'an MPEG-TS', file: 'c.ts', args: [...H264, '-c:a', 'aac'], declares: false },
  { name: 'an AVI', file: 'd.avi', args: ['-c:v', 'mpeg4', '-q:v', '4', '-g', '25', '-c:a', 'pcm_s16le'], declares: true },
];

describe.each(CASES)('$name that is cut', ({ file, args, declares }) => {
  test('is refused with how much is there, or published as far as it is whole, flagged', async () => {
    const { deps, facts } = await cut(file, args, 0.6);
    const refusal: unknown = await act(inspectSource(deps), facts).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'SOURCE_TRUNCATED' });
    expect(String(refusal)).toMatch(declares ? /\b[12]\.\d of 4\.\d s of it are there\.$/ : /\b[12]\.\d s of it are there\.$/);

    const found = await act(inspectSource(deps), { ...facts, truncated: 'publish' as const });
    const probe = found.seekable === false ? await act(remuxSource(deps), { ...at, probe: found }) : found;
    const plan = decidePlan({ probe, videoId: at.videoId, tenantId: 'dev', generation: 1, encoderSlots: 1, preset: 'veryfast' });
    await putJsonOnce(deps.store, planKey(at), plan);
    expect(plan.decisions[0]).toMatchObject({ code: 'SOURCE_TRUNCATED' });
    await makeAll({ store: deps.store, deps, probe, plan, close: async () => undefined });
    await act(verifyVideo(deps), at);

    const report = await needJson<GenerationReport>(deps.store, packageKey(at));
    const [picture] = report.tracks;
    const shown = readCounters(await joined(deps, picture));
    // Every frame once, none made up, from the first to the last that is whole.
    expect(shown).toEqual(Array.from({ length: shown.length }, (_, n) => n));
    expect(shown.length).toBeGreaterThan(35);
    expect(shown.length).toBeLessThan(75);
    const sound = report.tracks.find((track) => track.name === 'audio');
    const soundS = (sound?.segments ?? []).reduce((sum, segment) => sum + segment.durationTicks, 0) / (sound?.timescale ?? 1);
    expect(soundS).toBeLessThan(shown.length / 25 + 0.1);
    expect(soundS).toBeGreaterThan(shown.length / 25 - 0.3);
  }, 120_000);
});

test('one of which not one frame can be read is refused whatever the tenant wants', async () => {
  // The index is at the end, and gone.
  const { deps, facts } = await cut('e.mp4', [...H264, '-c:a', 'aac'], 0.6);
  await expect(act(inspectSource(deps), { ...facts, truncated: 'publish' as const })).rejects.toMatchObject({ code: 'SOURCE_TRUNCATED' });
}, 60_000);

describe('a source that is damaged', () => {
  /** Overwrites a share of the film's own bytes, from its middle on. */
  const damaged = async (file: string, share: number): Promise<{ deps: EncoderDeps; plan: Plan; probe: Probe }> => {
    const bytes = filmed(file, [...H264, '-c:a', 'aac', '-movflags', 'faststart']);
    const film = bytes.indexOf('mdat') + 4;
    const at = film + Math.floor((bytes.length - film) * 0.4);
    bytes.fill(0xa5, at, at + Math.floor((bytes.length - film) * share));
    const { deps, facts } = await stored(file, bytes);
    const probe = await act(inspectSource(deps), facts);
    const plan = decidePlan({ probe, ...at0, damagedSources: 'publish' });
    await putJsonOnce(deps.store, planKey(at0), plan);
    return { deps, plan, probe };
  };
  const at0 = { ...at, tenantId: 'dev', encoderSlots: 1, preset: 'veryfast' } as const;
  const chunk = { ...at, index: 0, sizeClass: 'small' } as const;
  const published = async ({ deps, plan, probe }: Awaited<ReturnType<typeof damaged>>): Promise<GenerationReport> => {
    await makeAll({ store: deps.store, deps, probe, plan, close: async () => undefined });
    await act(verifyVideo(deps), at);
    const report = await needJson<GenerationReport>(deps.store, packageKey(at));
    expect(readCounters(await joined(deps, report.tracks[0]))).toHaveLength(FRAMES);
    return report;
  };

  test('in few frames is published with how many they are', async () => {
    const made = await damaged('f.mp4', 0.02);
    await expect(act(encodeChunk(made.deps), chunk)).rejects.toMatchObject({ code: 'ENCODE_MISMATCH', details: { movesOn: true, recipe: 'normal' } });
    await act(encodeChunk(made.deps), { ...chunk, recipe: 'tolerant' });
    const { damage, findings } = await published(made);
    expect(damage?.pieces).toMatchObject([{ chunk: 0, recipe: 'tolerant' }]);
    const frames = (damage?.missing ?? 0) + (damage?.concealed ?? 0);
    expect(frames).toBeGreaterThan(0);
    expect(findings?.[0]).toMatchObject({ code: 'SOURCE_DAMAGED', text: expect.stringContaining(` ${frames} of 100 frames are damaged`) });
    expect(findings?.[1]).toMatchObject({ code: 'SOUND_DAMAGED' });
  }, 60_000);

  test('in many is read in every way, and taken as it is only where that is asked for', async () => {
    const made = await damaged('g.mp4', 0.3);
    const { deps } = made;
    await act(mendSource(deps), at);
    await act(mendSource({ ...deps, ffmpegPath: '/nonexistent' }), at);
    for (const recipe of RECIPES) {
      const refusal: unknown = await act(encodeChunk(deps), { ...chunk, recipe }).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: recipe === 'normal' ? 'ENCODE_FAILED' : 'SOURCE_DAMAGED', details: { movesOn: true, recipe } });
    }
    expect((await deps.store.list(chunkManifestPrefix(at))).objects).toEqual([]);
    await act(encodeChunk(deps), { ...chunk, recipe: 'tolerant', settle: true });
    const { damage, findings } = await published(made);
    expect(damage?.pieces).toMatchObject([{ chunk: 0, recipe: 'tolerant' }]);
    expect(damage?.missing).toBeGreaterThan(toleratedFrames(FRAMES));
    expect(findings?.map(({ code }) => code)).toEqual(['SOURCE_DAMAGED', 'SOUND_DAMAGED']);
    expect(findings?.[0]?.text).toMatch(/of 100 frames are damaged/);
  }, 120_000);
});

function filmed(file: string, args: readonly string[]): Buffer {
  const path = folder.file(file);
  ffmpeg(...countedFrames('25', FRAMES), ...tone(4), '-shortest', ...args, path);
  return readFileSync(path);
}

function cut(file: string, args: readonly string[], share: number): Promise<{ deps: EncoderDeps; facts: SourceFacts }> {
  const all = filmed(file, args);
  // Never between two packets of a transport stream: that is one that was recorded so.
  return stored(file, all.subarray(0, Math.floor((all.length * share) / 188) * 188 + 100));
}

async function stored(file: string, bytes: Uint8Array): Promise<{ deps: EncoderDeps; facts: SourceFacts }> {
  const store = createMemoryObjectStore();
  const key = 'sources/dev/vid_t/upl_t';
  await store.put(key, bytes, { contentType: 'video/mp4', sha256: createHash('sha256').update(bytes).digest('hex') });
  const scratch = await openScratch(folder.file(`scratch-${file}`));
  const deps: EncoderDeps = {
    ...{ store, scratch, drain: createDrain(), cores: createCores(1), sandbox: SANDBOX },
    ...{ ffmpegPath: 'ffmpeg', ffprobePath: 'ffprobe' },
  };
  return { deps, facts: { key, sizeBytes: bytes.length, etag: (await store.head(key))?.etag ?? '' } };
}

async function joined({ store }: EncoderDeps, track: GenerationReport['tracks'][number] | undefined): Promise<string> {
  const keys = [track?.init.key ?? '', ...(track?.segments ?? []).map((segment) => segment.key)];
  const bytes = await Promise.all(keys.map((key) => getBytes(store, key)));
  const path = folder.file('joined.mp4');
  writeFileSync(path, Buffer.concat(bytes.filter((each) => each !== null)));
  return path;
}
