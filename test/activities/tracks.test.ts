import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import HLS from 'hls-parser';
import { extractSubtitles } from '../../src/activities/extract-subtitles.js';
import { getBytes, needJson, putJsonOnce, sha256Hex } from '../../src/activities/json-objects.js';
import { verifyVideo } from '../../src/activities/verify-video.js';
import type { GenerationReport, SubtitlesManifest } from '../../src/domain/artefact.js';
import { masterKey, packageKey, planKey, subtitlesManifestKey, trackPlaylistKey } from '../../src/domain/keys.js';
import { createMemoryObjectStore } from '../../src/storage/memory-object-store.js';
import { act, at, type Bench, makeAll, openBench, overwrite } from './generation.js';

let folder: string;
let bench: Bench;
let report: GenerationReport;

const SRT = `1
00:00:00,500 --> 00:00:01,500
Hello & <i>welcome</i>

2
00:00:03,000 --> 00:00:09,000
The end, which lasts too long
`;

/** A film of 4 s: sound in German (5.1), English and one that says nothing of itself; two subtitles, a cover, a time code. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmill-tracks-'));
  const srt = join(folder, 'words.srt');
  await writeFile(srt, SRT);
  const lavfi = (graph: string): string[] => ['-f', 'lavfi', '-i', graph];
  bench = await openBench(
    [
      ...[...lavfi('testsrc2=s=320x180:r=24:d=4'), ...lavfi('sine=d=4'), ...lavfi('testsrc2=s=64x64:r=1:d=1'), '-i', srt],
      ...['-filter_complex', '[1:a]asplit=3[x][two][three];[x]pan=5.1|FC=c0[one]'],
      ...['-map', '0:v', '-map', '[one]', '-map', '[two]', '-map', '[three]', '-map', '3:s', '-map', '3:s', '-map', '2:v'],
      ...['-metadata:s:a:0', 'language=ger', '-metadata:s:a:1', 'language=eng', '-metadata:s:s:0', 'language=eng', '-metadata:s:s:1', 'language=fre'],
    ],
    ['-disposition:s:1', 'forced', '-c:v:1', 'png', '-disposition:v:1', 'attached_pic', '-timecode', '00:00:00:00', '-c:s', 'mov_text'],
  );
  await makeAll(bench);
  report = await needJson<GenerationReport>(bench.store, packageKey(at));
}, 120_000);
afterAll(async () => {
  await bench?.close();
  await rm(folder, { recursive: true });
});

const text = async (key: string): Promise<string> => ((await getBytes(bench.store, key)) ?? Buffer.alloc(0)).toString('utf8');
const master = async () => HLS.parse(await text(masterKey(at))) as InstanceType<typeof HLS.types.MasterPlaylist>;

describe('a film with many tracks', () => {
  test('says what was kept and what was not', () => {
    const codes = bench.plan.decisions.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['AUDIO_TRACKS', 'DOWNMIXED', 'SUBTITLES_KEPT', 'COVER_IGNORED', 'DATA_IGNORED']));
  });

  test('stands up to verification, and offers every sound with its language', async () => {
    await act(verifyVideo(bench.deps), at);
    for (const variant of (await master()).variants) {
      expect(variant.audio.map(({ name, language, isDefault, channels }) => ({ name, language, isDefault, channels }))).toEqual([
        { name: 'German', language: 'de', isDefault: true, channels: '2' },
        { name: 'English', language: 'en', isDefault: false, channels: '1' },
        { name: 'Audio', language: undefined, isDefault: false, channels: '1' },
      ]);
    }
  });

  test('has each sound as long as the picture', () => {
    const sounds = report.tracks.filter((track) => track.resolution === null);
    expect(sounds.map((track) => track.name)).toEqual(['audio', 'audio-2', 'audio-3']);
    for (const { segments, timescale } of sounds) {
      expect(Math.abs(segments.reduce((sum, segment) => sum + segment.durationTicks, 0) / timescale - 4)).toBeLessThan(0.1);
    }
  });

  test('has its subtitles as WebVTT, on time, cut to the film', async () => {
    const [variant] = (await master()).variants;
    expect(variant?.subtitles.map(({ name, language, isDefault, forced }) => ({ name, language, isDefault, forced }))).toEqual([
      { name: 'English', language: 'en', isDefault: false, forced: false },
      { name: 'French (forced)', language: 'fr', isDefault: false, forced: true },
    ]);
    const segment = report.subtitles?.[0]?.segments[0];
    expect(await text(segment?.key ?? '')).toBe(
      [
        'WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n',
        '00:00:00.500 --> 00:00:01.500\nHello &amp; <i>welcome</i>\n',
        '00:00:03.000 --> 00:00:04.000\nThe end, which lasts too long\n',
      ].join('\n'),
    );
    const playlist = HLS.parse(await text(trackPlaylistKey(at, 'subs-1'))) as InstanceType<typeof HLS.types.MediaPlaylist>;
    expect(playlist.segments.map(({ duration }) => duration)).toEqual([4]);
    expect(playlist.endlist).toBe(true);
  });

  test.each<[string, (draft: GenerationReport) => GenerationReport, string]>([
    ['a sound that is missing', (draft) => ({ ...draft, tracks: draft.tracks.filter(({ name }) => name !== 'audio-2') }), 'VERIFY_TRACKS'],
    ['subtitles that are missing', ({ subtitles, ...draft }) => ({ ...draft, subtitles: subtitles?.slice(1) ?? [] }), 'VERIFY_TRACKS'],
    [
      'subtitles with another number of cues',
      (draft) => JSON.parse(JSON.stringify(draft).replace('"cueCount":2}', '"cueCount":3}')) as GenerationReport,
      'VERIFY_SUBTITLES',
    ],
  ])('is refused with %s', async (_name, edit, code) => {
    await overwrite(bench.store, packageKey(at), Buffer.from(JSON.stringify(edit(structuredClone(report)))));
    try {
      await expect(act(verifyVideo(bench.deps), at)).rejects.toMatchObject({ code });
    } finally {
      await overwrite(bench.store, packageKey(at), Buffer.from(JSON.stringify(report)));
    }
  });

  test('whose one subtitle track cannot be read keeps the other, and says which is missing', async () => {
    const store = createMemoryObjectStore();
    const { key } = bench.plan.source;
    const bytes = (await getBytes(bench.store, key)) ?? Buffer.alloc(0);
    await store.put(key, bytes, { contentType: 'video/mp4', sha256: sha256Hex(bytes) });
    const [first] = bench.plan.subtitles ?? [];
    if (!first) throw new Error('no subtitles');
    const source = { ...bench.plan.source, etag: (await store.head(key))?.etag ?? '' };
    await putJsonOnce(store, planKey(at), { ...bench.plan, source, subtitles: [first, { ...first, name: 'subs-2', streamIndex: 40 }] });
    await act(extractSubtitles({ ...bench.deps, store }), at);
    const manifest = await needJson<SubtitlesManifest>(store, subtitlesManifestKey(at));
    expect(manifest.unreadable).toEqual(['subs-2']);
    expect(manifest.tracks.map(({ name, cueCount }) => ({ name, cueCount }))).toEqual([{ name: 'subs-1', cueCount: 2 }]);
  });
});
