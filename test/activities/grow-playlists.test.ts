import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encodeAudio } from '../../src/activities/encode-audio.js';
import { encodeChunk } from '../../src/activities/encode-chunk.js';
import { growPlaylists } from '../../src/activities/grow-playlists.js';
import { getBytes } from '../../src/activities/json-objects.js';
import { makeImages } from '../../src/activities/make-images.js';
import { packageVideo } from '../../src/activities/package-video.js';
import { publishVideo } from '../../src/activities/publish-video.js';
import { sweepGeneration } from '../../src/activities/sweep-generation.js';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { growingMasterKey, growingPlaylistKey } from '../../src/domain/keys.js';
import { parseMediaPlaylist } from '../../src/media/playlist.js';
import { act, at, type Bench, openBench } from './generation.js';

let bench: Bench;
const marks: string[] = [];
const catalogue = {
  markPlayable: async () => void marks.push('playable'),
  publish: async () => true,
} as unknown as Catalogue;

beforeAll(async () => {
  bench = await openBench();
}, 60_000);
afterAll(() => bench?.close());

const growing = () => growPlaylists({ store: bench.store, catalogue });
const text = async (track: string): Promise<string | null> => (await getBytes(bench.store, growingPlaylistKey(at, track)))?.toString('utf8') ?? null;
const segments = async (track: string): Promise<number> => parseMediaPlaylist((await text(track)) ?? '').segments.length;
const rung = () => bench.plan.rungs[0]?.name ?? '';

describe('growing playlists', () => {
  test('say nothing before picture and sound of the first chunk are there', async () => {
    await act(encodeChunk(bench.deps), { ...at, index: 0, sizeClass: 'small' });
    expect(await growing().growPlaylists(at)).toEqual({ chunks: 0 });
    expect([await text(rung()), marks.length]).toEqual([null, 0]);
  });

  test('begin at the start with the first chunk, open, and with no more sound than picture', async () => {
    await act(encodeAudio(bench.deps), at);
    expect(await growing().growPlaylists(at)).toEqual({ chunks: 1 });
    const first = (await text(rung())) ?? '';
    expect(first).toContain('#EXT-X-PLAYLIST-TYPE:EVENT');
    expect(first).toContain('#EXT-X-START:TIME-OFFSET=0');
    expect(first).not.toContain('ENDLIST');
    expect([await segments(rung()), await segments('audio')]).toEqual([1, 1]);
    expect(marks).toEqual(['playable']);
    expect((await getBytes(bench.store, growingMasterKey(at)))?.toString('utf8')).toContain(`${rung()}.m3u8`);
  });

  test('name no chunk behind a gap', async () => {
    await act(encodeChunk(bench.deps), { ...at, index: 2, sizeClass: 'small' });
    await growing().growPlaylists(at);
    expect(await segments(rung())).toBe(1);
  });

  test('grow, and what stood there stays the beginning of what stands there now', async () => {
    const before = ((await text(rung())) ?? '').trimEnd();
    await act(encodeChunk(bench.deps), { ...at, index: 1, sizeClass: 'small' });
    await growing().growPlaylists(at);
    const after = (await text(rung())) ?? '';
    expect(after.startsWith(before)).toBe(true);
    expect(await segments(rung())).toBeGreaterThan(3);
  });

  test('a late writer that knows less changes nothing', async () => {
    const before = await text(rung());
    const late = {
      ...bench.store,
      get: (key: string) => (key.endsWith('0001.json') ? Promise.resolve(null) : bench.store.get(key)),
    };
    await growPlaylists({ store: late, catalogue }).growPlaylists(at);
    expect(await text(rung())).toBe(before);
  });

  test('are closed after publishing, whole, and outlive the sweep', async () => {
    await act(makeImages(bench.deps), at);
    await act(packageVideo(bench.deps), at);
    await publishVideo({ store: bench.store, catalogue })(at);
    await act(growing().closeGrowing, at);
    await sweepGeneration({ store: bench.store, catalogue })(at);
    const closed = parseMediaPlaylist((await text(rung())) ?? '');
    expect([closed.ended, closed.totalDurationS]).toEqual([true, 4]);
  });
});
