import { posix } from 'node:path';
import fc from 'fast-check';
import * as keys from '../../src/domain/keys.js';
import { relativeKey } from '../../src/domain/keys.js';

const at = { videoId: 'vid_1', generation: 2 };

test.each([
  ['media/v/g1/master.m3u8', 'media/v/g1/720p/playlist.m3u8', '720p/playlist.m3u8'],
  ['media/v/g1/720p/playlist.m3u8', 'media/v/g1/720p/0000-ab/00.m4s', '0000-ab/00.m4s'],
  ['media/v/g1/720p/playlist.m3u8', 'media/v/g1/720p/init.mp4', 'init.mp4'],
  ['media/v/g1/growing/720p.m3u8', 'media/v/g1/720p/init.mp4', '../720p/init.mp4'],
  ['a', 'b', 'b'],
  ['a/b', 'c', '../c'],
  ['a/b/c', 'a/b', '../b'],
])('from %s, %s is %s', (from, to, expected) => expect(relativeKey(from, to)).toBe(expected));

test('a reference leads back to its key, as a URL too', () => {
  const part = fc.stringMatching(/^[a-z0-9_.-]{1,6}$/).filter((name) => !/^\.+$/.test(name));
  const key = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
  fc.assert(
    fc.property(key, key, (from, to) => {
      const reference = relativeKey(from, to);
      expect(posix.join(posix.dirname(from), reference)).toBe(to);
      expect(new URL(reference, `http://x/${from}`).pathname).toBe(`/${to}`);
    }),
  );
});

test('no key is a folder of another', () => {
  const all = [
    keys.sourceKey('t', 'vid_1', 'upl_1'),
    ...[
      keys.chunkManifestKey(at, 0),
      keys.audioManifestKey(at),
      keys.imagesManifestKey(at),
      keys.tileKey(at, 0, 'a', 0),
      keys.posterPictureKey(at, 0, 'a'),
    ],
    ...[keys.initKey(at, '720p'), keys.segmentKey(at, '720p', 0, 'a', 0), keys.audioSegmentKey(at, 'a', 0), keys.initKey(at, 'audio')],
    ...[keys.posterKey(at, 'a'), keys.spriteKey(at, 'a', 0), keys.storyboardKey(at, 'a')],
    ...[
      keys.masterKey(at),
      keys.trackPlaylistKey(at, '720p'),
      keys.trackPlaylistKey(at, 'audio'),
      keys.reportKey(at),
      keys.planKey(at),
      keys.packageKey(at),
    ],
  ];
  expect(new Set(all).size).toBe(all.length);
  for (const a of all) for (const b of all) expect(b.startsWith(`${a}/`)).toBe(false);
});

test('keys of chunks sort in their order', () => {
  const sorted = Array.from({ length: 601 }, (_, i) => keys.chunkManifestKey(at, i));
  expect([...sorted].sort()).toEqual(sorted);
});

test('what is swept by prefix is only of that generation', () => {
  expect(keys.mediaPrefix({ videoId: 'v', generation: 12 }).startsWith(keys.mediaPrefix({ videoId: 'v', generation: 1 }))).toBe(false);
});
