import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportGeneration } from '../../stack/client/export-generation.js';
import { fakeServer } from '../stack/fake-server.js';
import { scratchFolder } from '../stack/scratch-folder.js';

const root = scratchFolder();
const closers: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(closers.splice(0).map((close) => close())));

const FILES: Readonly<Record<string, string>> = {
  'master.m3u8': `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="a",DEFAULT=YES,URI="audio/playlist.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=1000,CODECS="avc1.64001f,mp4a.40.2",AUDIO="a"
480p/playlist.m3u8
`,
  '480p/playlist.m3u8': media(['0000-ab/00.m4s', '0000-ab/01.m4s']),
  '480p/init.mp4': 'video init',
  '480p/0000-ab/00.m4s': 'v0',
  '480p/0000-ab/01.m4s': 'v1',
  'audio/playlist.m3u8': media(['00.m4s']),
  'audio/init.mp4': 'audio init',
  'audio/00.m4s': 'a0',
  'images/ab/poster.jpg': 'poster',
  'images/ab/storyboard.vtt':
    'WEBVTT\n\n00:00.000 --> 00:05.000\nsprite_000.jpg#xywh=0,0,160,90\n\n00:05.000 --> 00:10.000\nsprite_000.jpg#xywh=160,0,160,90\n',
  'images/ab/sprite_000.jpg': 'sprite',
};

function media(segments: readonly string[]): string {
  return `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:4
#EXT-X-MAP:URI="init.mp4"
${segments.map((uri) => `#EXTINF:4,\n${uri}\n`).join('')}#EXT-X-ENDLIST
`;
}

/** The report that publishing would have written for these files. */
function reportOf(files: Readonly<Record<string, string>>): string {
  const artefacts = Object.entries(files).map(([path, text]) => ({
    key: `media/v/g1/${path}`,
    sizeBytes: Buffer.byteLength(text),
    sha256: createHash('sha256').update(text).digest('hex'),
  }));
  const [poster] = artefacts;
  return JSON.stringify({ videoId: 'v', generation: 1, tracks: [], playlists: artefacts, images: { poster, sprites: [], vtt: poster } });
}

/** Serves the files, with the report of `published`. */
async function cdn(files: Readonly<Record<string, string>>, published = files) {
  const served: Readonly<Record<string, string>> = { ...files, 'report.json': reportOf(published) };
  const server = await fakeServer(({ path }) => {
    const text = served[path.replace('/media/v/g1/', '')];
    return text === undefined ? { status: 404, text: '' } : { status: 200, text };
  });
  closers.push(server.close);
  const at = (path: string): string => `${server.url}/media/v/g1/${path}`;
  return { hls: at('master.m3u8'), poster: at('images/ab/poster.jpg'), storyboard_vtt: at('images/ab/storyboard.vtt') };
}

test('everything that a player can reach is copied, in its place, and what was there before is gone', async () => {
  const folder = join(root, 'whole');
  mkdirSync(folder);
  writeFileSync(join(folder, 'old'), '');
  const copied = await exportGeneration(await cdn(FILES), folder, AbortSignal.timeout(10_000));
  const there = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((path) => path in FILES);
  expect(there.sort()).toEqual(Object.keys(FILES).sort());
  expect(copied).toEqual({ files: Object.keys(FILES).length, sizeBytes: Object.values(FILES).join('').length });
  for (const path of there) expect(readFileSync(join(folder, path), 'utf8')).toBe(FILES[path]);
  expect(existsSync(join(folder, 'old'))).toBe(false);
});

test('a file that is missing fails the copy, and the folder stays as it was', async () => {
  const folder = join(root, 'missing');
  const { '480p/0000-ab/01.m4s': _gone, ...rest } = FILES;
  await expect(exportGeneration(await cdn(rest, FILES), folder, AbortSignal.timeout(10_000))).rejects.toThrow(/01\.m4s answered 404/);
  expect(existsSync(folder)).toBe(false);
});

test.each([
  ['a file that is shorter than it was published', 'v', /1 bytes, 2 were published/],
  ['a file with other bytes', 'vx', /other bytes than were published/],
])('%s fails the copy', async (_what, text, words) => {
  const folder = join(root, 'damaged');
  const damaged = { ...FILES, '480p/0000-ab/00.m4s': text };
  await expect(exportGeneration(await cdn(damaged, FILES), folder, AbortSignal.timeout(10_000))).rejects.toThrow(words);
  expect(existsSync(folder)).toBe(false);
});

test('a file that a playlist names and nobody published is not copied', async () => {
  const more = { ...FILES, '480p/playlist.m3u8': media(['0000-ab/00.m4s', 'extra.m4s']), '480p/extra.m4s': 'x' };
  const { '480p/extra.m4s': _extra, ...published } = more;
  await expect(exportGeneration(await cdn(more, published), join(root, 'more'), AbortSignal.timeout(10_000))).rejects.toThrow(/not among the files/);
});

test('an address outside of the generation is not written anywhere', async () => {
  const evil = { ...FILES, 'audio/playlist.m3u8': media(['../../../../evil.m4s']) };
  await expect(exportGeneration(await cdn(evil), join(root, 'evil'), AbortSignal.timeout(10_000))).rejects.toThrow(/lies outside/);
});
