import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { getBytes, needJson } from '../../src/activities/json-objects.js';
import { verifyVideo } from '../../src/activities/verify-video.js';
import type { GenerationReport } from '../../src/domain/artefact.js';
import { artefactsOf } from '../../src/domain/artefact.js';
import { masterKey, packageKey } from '../../src/domain/keys.js';
import { act, at, type Bench, makeAll, openBench, overwrite } from './generation.js';

let bench: Bench;
let good: Map<string, Buffer>;
let report: GenerationReport;

beforeAll(async () => {
  bench = await openBench();
  await makeAll(bench);
  report = await needJson<GenerationReport>(bench.store, packageKey(at));
  good = new Map();
  for (const key of [packageKey(at), ...artefactsOf(report).map((artefact) => artefact.key)])
    good.set(key, (await getBytes(bench.store, key)) as Buffer);
}, 120_000);
afterAll(() => bench?.close());
beforeEach(async () => {
  for (const [key, bytes] of good) await overwrite(bench.store, key, bytes);
});

const verify = () => act(verifyVideo(bench.deps), at);
const segment = (track: number, index: number) => {
  const found = report.tracks[track]?.segments[index];
  if (!found) throw new Error(`no segment ${index} in track ${track}`);
  return found;
};
/** Writes a changed report: what a packager with a fault would have left. */
const claim = (edit: (draft: GenerationReport) => GenerationReport): Promise<void> =>
  overwrite(bench.store, packageKey(at), Buffer.from(JSON.stringify(edit(structuredClone(report)))));
/** Changes an object and makes the report agree on size and hash, so that only the content is wrong. */
async function forge(key: string, edit: (bytes: Buffer) => Buffer): Promise<void> {
  const bytes = edit(Buffer.from(good.get(key) as Buffer));
  await overwrite(bench.store, key, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await claim(
    (draft) =>
      JSON.parse(JSON.stringify(draft), (_name, value) =>
        value?.key === key ? { ...value, sizeBytes: bytes.byteLength, sha256 } : value,
      ) as GenerationReport,
  );
}
const refused = (code: string) => expect(verify()).rejects.toMatchObject({ code });

describe('verification before publishing', () => {
  test('lets a good generation through, and has looked at every artefact', async () => {
    await expect(verify()).resolves.toMatchObject({ artefacts: artefactsOf(report).length });
    expect(artefactsOf(report).length).toBeGreaterThan(8);
  });

  test.each(['segment', 'init', 'playlist', 'poster', 'sprite', 'vtt'])('refuses a missing %s', async (kind) => {
    const keys: Record<string, string | undefined> = {
      segment: segment(0, 1).key,
      init: report.tracks[0]?.init.key,
      playlist: report.playlists[0]?.key,
      poster: report.images.poster.key,
      sprite: report.images.sprites[0]?.key,
      vtt: report.images.vtt.key,
    };
    await bench.store.delete([keys[kind] as string]);
    await refused('VERIFY_MISSING');
  });

  test('refuses an object that is shorter than recorded', async () => {
    await overwrite(bench.store, segment(0, 0).key, (good.get(segment(0, 0).key) as Buffer).subarray(0, -10));
    await refused('VERIFY_SIZE');
  });

  test('refuses an object of 0 bytes, even where the record says 0', async () => {
    await forge(segment(0, 0).key, () => Buffer.alloc(0));
    await refused('VERIFY_SIZE');
  });

  test('refuses one flipped bit', async () => {
    const { key } = segment(0, 2);
    const bytes = Buffer.from(good.get(key) as Buffer);
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] as number) ^ 1;
    await overwrite(bench.store, key, bytes);
    await refused('VERIFY_HASH');
  });

  test('refuses a segment whose bytes hold other packets than recorded', async () => {
    const [a, b] = [segment(0, 0), segment(0, report.tracks[0]?.segments.length ? report.tracks[0].segments.length - 1 : 0)];
    await forge(a.key, () => good.get(b.key) as Buffer);
    await expect(verify()).rejects.toMatchObject({ code: expect.stringMatching(/^VERIFY_(PACKETS|TIMELINE)$/) });
  });

  test('refuses fewer packets than the plan wants, however well recorded', async () => {
    await claim((draft) => ({
      ...draft,
      tracks: draft.tracks.map((track, i) => (i === 0 ? { ...track, segments: track.segments.slice(0, -1) } : track)),
    }));
    await refused('VERIFY_PACKETS');
  });

  test('refuses a gap in the time line', async () => {
    await claim((draft) => ({
      ...draft,
      tracks: draft.tracks.map((track, i) => (i === 0 ? { ...track, segments: track.segments.filter((_segment, n) => n !== 1) } : track)),
    }));
    await refused('VERIFY_TIMELINE');
  });

  test('refuses a generation without its audio track', async () => {
    await claim((draft) => ({ ...draft, tracks: draft.tracks.filter((track) => track.name !== 'audio') }));
    await refused('VERIFY_TRACKS');
  });

  test('refuses audio that ends early', async () => {
    await claim((draft) => ({
      ...draft,
      tracks: draft.tracks.map((track) => (track.name === 'audio' ? { ...track, segments: track.segments.slice(0, 0) } : track)),
    }));
    await refused('VERIFY_PACKETS');
  });

  test('refuses an init segment of another picture size', async () => {
    await claim((draft) => ({ ...draft, tracks: draft.tracks.map((track, i) => (i === 0 ? { ...track, codec: 'avc1.640033' } : track)) }));
    await refused('VERIFY_TRACKS');
  });

  test.each([
    ['that leaves a segment out', (text: string) => text.replace(/#EXTINF[^\n]*\n[^\n]*\n/, '')],
    ['that is not closed', (text: string) => text.replace('#EXT-X-ENDLIST', '')],
    ['with a wrong length', (text: string) => text.replace(/#EXTINF:[\d.]+/, '#EXTINF:9.5')],
    ['that names another file', (text: string) => text.replace(/00\.m4s/, '01.m4s')],
  ])('refuses a playlist %s', async (_title, edit) => {
    const key = report.tracks[0]?.playlistKey as string;
    await forge(key, (bytes) => Buffer.from(edit(bytes.toString('utf8'))));
    await refused('VERIFY_PLAYLIST');
  });

  test.each([
    ['of other colours', 'nclx', 4],
    // Behind the type: the version, and nine fields of four bytes before the matrix.
    ['that turns its picture', 'tkhd', 4 + 40 + 4],
    ['without colour tags', 'colr', 0],
  ])('refuses an init segment %s', async (_name, box, behind) => {
    await forge(report.tracks[0]?.init.key ?? '', (bytes) => {
      bytes.writeUInt8(9, bytes.indexOf(box) + behind + 1);
      return bytes;
    });
    await refused('VERIFY_TRACKS');
  });

  test('refuses a master playlist that leaves a rung out', async () => {
    await forge(masterKey(at), (bytes) => Buffer.from(bytes.toString('utf8').replace(/#EXT-X-STREAM-INF[^\n]*\n[^\n]*\n/, '')));
    await refused('VERIFY_PLAYLIST');
  });
});
