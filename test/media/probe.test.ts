import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { jest } from '@jest/globals';
import { manyEdits } from '../../hostile/rows-headers.js';
import type { ReadRange } from '../../src/domain/extent.js';
import type { Probe } from '../../src/domain/probe.js';
import { rational } from '../../src/domain/rational.js';
import { probeSource } from '../../src/media/probe.js';
import { h264, picture, rangesOf, sizeOf, sourceFolder, tone } from './sources.js';

// Each test starts ffmpeg several times, and the machine may have other work.
jest.setTimeout(60_000);

let folder: Awaited<ReturnType<typeof sourceFolder>>;
beforeAll(async () => {
  folder = await sourceFolder();
});
afterAll(() => folder.remove());

async function probe(file: string, readRange: ReadRange = rangesOf(file)): Promise<Probe> {
  const source = { key: 'sources/t/v/u', sizeBytes: await sizeOf(file), etag: 'e' };
  return probeSource({ input: { url: `file:${file}`, protocols: 'file' }, source, ffprobePath: 'ffprobe', readRange });
}

test('an AVI with a hole in it has lost frames, one whose recorder left some out has not', async () => {
  const mpeg4 = ['-c:v', 'mpeg4', '-q:v', '3', '-bf', '0', '-g', '25'];
  const whole = await folder.make('whole.avi', ...picture(), ...mpeg4);
  const bytes = await readFile(whole);
  const at = Math.floor(bytes.length / 2);
  const hole = whole.replace('whole', 'hole');
  // Nothing in it may look like the beginning of a frame.
  await writeFile(hole, bytes.fill(0x5a, at, at + Math.floor(bytes.length / 10)));
  const { lostFrames = 0, packetCount } = (await probe(hole)).video;
  expect(lostFrames).toBeGreaterThan(2);
  expect(lostFrames + packetCount).toBe((await probe(whole)).video.packetCount);
  const dropped = await folder.make('dropped.avi', ...picture(), '-vf', "select='not(between(n,30,40))'", '-fps_mode', 'vfr', ...mpeg4);
  expect((await probe(dropped)).video.lostFrames).toBeUndefined();
});

const failure = (code: string) => expect.objectContaining({ name: 'PipelineError', code });

const CONTAINERS: readonly [name: string, args: readonly string[]][] = [
  ['index-last.mp4', [...picture(), ...tone(), ...h264('-bf', '2'), '-c:a', 'aac']],
  ['index-first.mp4', [...picture(), ...tone(), ...h264('-bf', '2'), '-c:a', 'aac', '-movflags', 'faststart']],
  ['fragmented.mp4', [...picture(), ...tone(), ...h264('-bf', '2'), '-c:a', 'aac', '-movflags', 'frag_keyframe+empty_moov']],
  ['quicktime.mov', [...picture(), ...tone(), ...h264('-bf', '2'), '-c:a', 'aac']],
  ['plain.mkv', [...picture(), ...tone(), ...h264('-bf', '2'), '-c:a', 'aac']],
  ['live.mkv', [...picture(), ...tone(), ...h264('-bf', '2'), '-c:a', 'aac', '-live', '1']],
  ['vp8.webm', [...picture(), ...tone(), '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '400k', '-c:a', 'libvorbis']],
  ['broadcast.ts', [...picture(), ...tone(), ...h264('-bf', '2'), '-c:a', 'aac']],
  ['old.avi', [...picture(), ...tone(), '-c:v', 'mjpeg', '-q:v', '8', '-pix_fmt', 'yuvj420p', '-c:a', 'pcm_s16le']],
];

describe.each(CONTAINERS)('%s', (name, args) => {
  let file: string;
  beforeAll(async () => {
    file = await folder.make(name, ...args);
  });

  test('has its 75 frames, 3 seconds and sound', async () => {
    const found = await probe(file);
    expect(found.video).toMatchObject({ packetCount: 75, baseRate: rational(25), evenlySpaced: true, width: 320, height: 180, rotation: 0 });
    expect(Math.abs(found.video.durationUs - 3_000_000)).toBeLessThanOrEqual(1000);
    expect(Math.abs((found.audio?.durationUs ?? 0) - 3_000_000)).toBeLessThanOrEqual(100_000);
    expect(found.audio).toMatchObject({ channels: 1, sampleRate: 48_000 });
    expect(Math.abs(found.containerDurationUs - 3_000_000)).toBeLessThanOrEqual(100_000);
    expect(found.video.startUs - found.containerStartUs).toBeLessThanOrEqual(100_000);
    expect(found.video.lostFrames).toBeUndefined();
  });

  // A byte off the round share: a transport stream cut exactly between two packets is one that was recorded so (see below).
  test.each([0.1, 0.5, 0.9, 0.99])('cut at %d of its length is refused as cut', async (share) => {
    const bytes = Math.floor((await sizeOf(file)) * share);
    const cut = await folder.cut(file, name.endsWith('.ts') && bytes % 188 === 0 ? bytes - 1 : bytes, `cut-${share}-${name}`);
    await expect(probe(cut)).rejects.toEqual(failure('SOURCE_TRUNCATED'));
  });

  test('without its last byte is refused as cut', async () => {
    const cut = await folder.cut(file, (await sizeOf(file)) - 1, `last-${name}`);
    // The last byte of an AVI may be its padding, which some writers leave out.
    if (name.endsWith('.avi')) return;
    await expect(probe(cut)).rejects.toEqual(failure('SOURCE_TRUNCATED'));
  });
});

describe('what is no video', () => {
  const make = async (name: string, ...args: string[]): Promise<string> => folder.make(name, ...args);
  const write = async (name: string, content: string | Uint8Array): Promise<string> => {
    await writeFile(folder.path(name), content);
    return folder.path(name);
  };
  test.each<[string, () => Promise<string>, string]>([
    ['nothing', () => write('empty.mp4', ''), 'SOURCE_EMPTY'],
    ['a text', () => write('text.mp4', '# Reelmill\n\nThe free text that calls itself a video.\n'.repeat(100)), 'SOURCE_NOT_MEDIA'],
    ['a text whose fifth word looks like a box', () => write('box.mp4', 'The free software\n'.repeat(100)), 'SOURCE_NOT_MEDIA'],
    ['one byte', () => write('one.mp4', 'x'), 'SOURCE_NOT_MEDIA'],
    ['zeros', () => write('zeros.mp4', new Uint8Array(100_000)), 'SOURCE_NOT_MEDIA'],
    ['a playlist', () => write('list.mp4', '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n'), 'SOURCE_NOT_MEDIA'],
    ['a concat list', () => write('concat.mp4', 'ffconcat version 1.0\nfile plain.mkv\n'), 'SOURCE_NOT_MEDIA'],
    ['a PNG', () => make('still.png', ...picture(), '-frames:v', '1'), 'SOURCE_STILL_PICTURE'],
    ['a JPEG', () => make('still.jpg', ...picture(), '-frames:v', '1'), 'SOURCE_STILL_PICTURE'],
    ['sound in MP4', () => make('sound.m4a', ...tone(), '-c:a', 'aac'), 'SOURCE_AUDIO_ONLY'],
    ['sound in MP3', () => make('sound.mp3', ...tone(), '-c:a', 'mp3'), 'SOURCE_AUDIO_ONLY'],
    ['sound in WAV', () => make('sound.wav', ...tone()), 'SOURCE_AUDIO_ONLY'],
    ['a GIF', () => make('moving.gif', ...picture('64x64', '5', 1)), 'SOURCE_UNSUPPORTED'],
    ['Flash', () => make('old.flv', ...picture('64x64', '5', 1), '-c:v', 'flv'), 'SOURCE_UNSUPPORTED'],
    ['an old codec in a good container', () => make('msmpeg4.avi', ...picture('64x64', '5', 1), '-c:v', 'msmpeg4'), 'SOURCE_UNSUPPORTED'],
    ['a broken index', async () => brokenIndex(), 'SOURCE_CORRUPT'],
  ])('%s is refused by name', async (_name, file, code) => expect(probe(await file())).rejects.toEqual(failure(code)));

  async function brokenIndex(): Promise<string> {
    const bytes = await readFile(await make('whole.mp4', ...picture('64x64', '5', 1), ...h264()));
    const moov = bytes.lastIndexOf('moov');
    bytes.fill(0xff, moov + 4, bytes.length);
    return write('broken.mp4', bytes);
  }
});

test('sound with cover art is no video', async () => {
  const cover = await folder.make('cover.png', ...picture(), '-frames:v', '1');
  const file = await folder.make(
    'cover.m4a',
    ...tone(),
    '-i',
    cover,
    '-map',
    '0',
    '-map',
    '1',
    '-c:a',
    'aac',
    '-c:v',
    'mjpeg',
    '-disposition:v',
    'attached_pic',
  );
  await expect(probe(file)).rejects.toEqual(failure('SOURCE_AUDIO_ONLY'));
});

test('cover art is passed over for the moving picture, however large it is', async () => {
  const cover = await folder.make('large.png', ...picture('640x640'), '-frames:v', '1');
  const film = await folder.make('film.mp4', ...picture('160x90', '25', 1), ...h264());
  const file = await folder.make(
    'covered.mp4',
    '-i',
    cover,
    '-i',
    film,
    '-map',
    '0',
    '-map',
    '1',
    '-c:v:0',
    'mjpeg',
    '-c:v:1',
    'copy',
    '-disposition:v:0',
    'attached_pic',
  );
  expect((await probe(file)).video).toMatchObject({ codec: 'h264', width: 160, packetCount: 25 });
});

test.each([90, 180, 270])('a rotation of %d is what a player turns, clockwise', async (turn) => {
  const film = await folder.make('upright.mp4', ...picture('160x90', '25', 1), ...h264());
  const file = await folder.make(`turned-${turn}.mp4`, '-i', film, '-c', 'copy', '-metadata:s:v', `rotate=${turn}`);
  const { rotation } = (await probe(file)).video;
  const hashOf = (...args: string[]): string =>
    String(execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...args, '-frames:v', '1', '-f', 'md5', '-']));
  const turns = { 90: 'transpose=clock', 180: 'hflip,vflip', 270: 'transpose=cclock' } as const;
  expect([90, 180, 270]).toContain(rotation);
  expect(hashOf('-i', film, '-vf', turns[rotation as 90 | 180 | 270])).toBe(hashOf('-i', file));
});

test('the default sound is taken, its language as players write it, and what cannot be decoded is named', async () => {
  const args = [...picture('160x90', '25', 1), ...tone(1), ...tone(1), ...tone(1), '-map', '0', '-map', '1', '-map', '2', '-map', '3', ...h264()];
  const audio = [
    '-c:a:0',
    'dca',
    '-strict',
    '-2',
    '-c:a:1',
    'aac',
    '-c:a:2',
    'ac3',
    '-metadata:s:a:1',
    'language=ger',
    '-metadata:s:a:2',
    'language=fra',
  ];
  const file = await folder.make('tracks.mkv', ...args, ...audio, '-disposition:a:2', 'default', '-disposition:a:0', '0', '-disposition:a:1', '0');
  const found = await probe(file);
  expect(found.audio).toMatchObject({ codec: 'ac3', language: 'fr', streamIndex: 3 });
  expect(found.undecodableAudio).toEqual(['dts']);
});

test.each(['mkv', 'mp4'])('subtitles and a PNG cover in %s are no reason to refuse a film', async (kind) => {
  await writeFile(folder.path('words.srt'), '1\n00:00:00,000 --> 00:00:01,000\nHello\n');
  const film = await folder.make('film-of-one-second.mp4', ...picture('160x90', '25', 1), ...tone(1), ...h264(), '-c:a', 'aac');
  const cover = await folder.make('cover-of-film.png', ...picture('64x64'), '-frames:v', '1');
  const args = [
    '-i',
    film,
    '-i',
    folder.path('words.srt'),
    '-i',
    cover,
    '-map',
    '0',
    '-map',
    '1',
    '-map',
    '2',
    '-c',
    'copy',
    '-disposition:v:1',
    'attached_pic',
  ];
  const found = await probe(await folder.make(`subtitles.${kind}`, ...args, '-c:s', kind === 'mkv' ? 'srt' : 'mov_text'));
  expect(found.video).toMatchObject({ codec: 'h264', packetCount: 25 });
  expect(found.audio).toMatchObject({ codec: 'aac', channels: 1 });
});

test('no sound is no fault', async () => {
  expect((await probe(await folder.make('silent.mp4', ...picture('160x90', '25', 1), ...h264()))).audio).toBeNull();
});

describe('frame times', () => {
  test.each(['mp4', 'mkv', 'ts'])('29.97 in %s is even and exact', async (kind) => {
    const file = await folder.make(`ntsc.${kind}`, ...picture('160x90', '30000/1001', 3), ...h264('-bf', '2'));
    const { packetCount, baseRate, evenlySpaced } = (await probe(file)).video;
    expect({ packetCount, baseRate, evenlySpaced }).toEqual({ packetCount: 90, baseRate: rational(30_000, 1001), evenlySpaced: true });
  });

  test.each(['mp4', 'mkv'])('frames left out in %s are uneven', async (kind) => {
    const file = await folder.make(
      `gaps.${kind}`,
      ...picture('160x90', '25', 4),
      '-vf',
      "select='not(between(n,30,34)+eq(n,50))'",
      '-fps_mode',
      'vfr',
      ...h264(),
    );
    const { packetCount, evenlySpaced, durationUs } = (await probe(file)).video;
    expect({ packetCount, evenlySpaced }).toEqual({ packetCount: 94, evenlySpaced: false });
    expect(Math.abs(durationUs - 4_000_000)).toBeLessThanOrEqual(1000);
  });

  test('an edit list that shows a part makes no claim of evenness', async () => {
    const film = await folder.make('long.mp4', ...picture('160x90', '25', 4), ...h264('-g', '100'));
    const file = await folder.make('trimmed.mp4', '-ss', '2', '-i', film, '-c', 'copy');
    const { packetCount, evenlySpaced, durationUs } = (await probe(file)).video;
    expect(packetCount).toBeGreaterThan(50);
    expect(evenlySpaced).toBeUndefined();
    expect(Math.abs(durationUs - 2_000_000)).toBeLessThanOrEqual(100_000);
  });
});

describe('limits', () => {
  test.each<[string, string[], string]>([
    ['more than 240 frames a second', [...picture('64x64', '500', 1), ...h264('-video_track_timescale', '500')], 'SOURCE_FRAME_RATE'],
    ['a frame every four seconds', [...picture('64x64', '1/4', 20), ...h264()], 'SOURCE_FRAME_RATE'],
  ])('%s', async (name, args, code) => {
    await expect(probe(await folder.make(`${name.replaceAll(' ', '-')}.mp4`, ...args))).rejects.toEqual(failure(code));
  });

  test('more than 24 hours', async () => {
    const file = await folder.make('day.mkv', ...picture('64x64', '1', 3), '-vf', "setpts='N*45000/TB'", '-fps_mode', 'vfr', ...h264());
    await expect(probe(file)).rejects.toEqual(failure('SOURCE_DURATION'));
  });

  test('more cuts than a cutting program writes', async () => {
    const film = await readFile(await folder.make('cuts.mp4', ...picture('64x64', '25', 1), ...h264()));
    const file = folder.path('many-cuts.mp4');
    await writeFile(file, await manyEdits(film, 300));
    await expect(probe(file)).rejects.toEqual(failure('SOURCE_EDITS'));
  });

  test('two frames in a file that claims an hour', async () => {
    const file = await folder.make('claim.mp4', ...picture('64x64', '25', 1), '-frames:v', '2', ...h264('-video_track_timescale', '25'));
    const bytes = await readFile(file);
    bytes.writeUInt32BE(3600 * 1000, bytes.indexOf('mvhd') + 20);
    const lying = folder.path('lying.mp4');
    await writeFile(lying, bytes);
    await expect(probe(lying)).rejects.toEqual(failure('SOURCE_CORRUPT'));
  });
});

test('a file that is cut is told by small reads, before any process', async () => {
  const file = await folder.make('first.mp4', ...picture('160x90', '25', 1), ...h264(), '-movflags', 'faststart');
  const cut = await folder.cut(file, 5000, 'short.mp4');
  const readRange = rangesOf(cut);
  const wish = {
    input: { url: `file:${cut}`, protocols: 'file' },
    source: { key: 'k', sizeBytes: 5000, etag: 'e' },
    ffprobePath: '/nonexistent',
    readRange,
  };
  const message = new RegExp(` 5000 of ${await sizeOf(file)} bytes are there\\.$`);
  await expect(probeSource(wish)).rejects.toThrow(message);
  expect(readRange.calls).toBeLessThan(10);
});

test('an MKV that declares more time than it holds is cut, though its bytes add up', async () => {
  const file = await folder.make('declared.mkv', ...picture('160x90', '25', 4), ...h264(), '-cluster_time_limit', '500');
  const bytes = await readFile(file);
  // Ends at a cluster, and the Segment's length is made unknown: nothing but the declared duration is left.
  const cluster = bytes.lastIndexOf(Buffer.from([0x1f, 0x43, 0xb6, 0x75]), Math.floor(bytes.length * 0.6));
  const segment = bytes.indexOf(Buffer.from([0x18, 0x53, 0x80, 0x67]));
  Buffer.from([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]).copy(bytes, segment + 4);
  const cut = folder.path('at-cluster.mkv');
  await writeFile(cut, bytes.subarray(0, cluster));
  await expect(probe(cut)).rejects.toEqual(failure('SOURCE_TRUNCATED'));
});

test('an MKV with a hole in its middle is damaged', async () => {
  const file = await folder.make('hole.mkv', ...picture('160x90', '25', 4), ...h264());
  const bytes = await readFile(file);
  bytes.fill(0, Math.floor(bytes.length * 0.4), Math.floor(bytes.length * 0.6));
  await writeFile(file, bytes);
  await expect(probe(file)).rejects.toEqual(failure('SOURCE_CORRUPT'));
});

describe('over HTTP', () => {
  let server: Server;
  afterEach(() => new Promise((done) => server.close(done)));

  async function serve(file: string, failAfterBytes = Number.POSITIVE_INFINITY): Promise<Probe> {
    const bytes = await readFile(file);
    let sent = 0;
    server = createServer((request, response) => {
      const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      if (sent > failAfterBytes) return response.writeHead(503).end();
      const body = bytes.subarray(start, failAfterBytes === Number.POSITIVE_INFINITY ? undefined : start + failAfterBytes);
      response.writeHead(206, {
        'content-length': bytes.length - start,
        'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
        'accept-ranges': 'bytes',
      });
      sent += body.length;
      if (body.length === bytes.length - start) response.end(body);
      else response.write(body, () => response.destroy());
      return response;
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/source`;
    const source = { key: 'k', sizeBytes: bytes.length, etag: 'e' };
    return probeSource({ input: { url, protocols: 'http,tcp' }, source, ffprobePath: 'ffprobe', readRange: rangesOf(file) });
  }

  test('the same is found', async () => {
    const file = await folder.make('served.mkv', ...picture('160x90', '25', 1), ...h264());
    expect((await serve(file)).video.packetCount).toBe(25);
  });

  test('a server that breaks off is not the fault of the file', async () => {
    const file = await folder.make('broken-off.mkv', ...picture('640x360', '25', 2), ...h264('-b:v', '8M'));
    await expect(serve(file, Math.floor((await sizeOf(file)) / 3))).rejects.toEqual(failure('STORAGE_UNAVAILABLE'));
  });
});

test('an input that is neither a local file nor the loopback address is never opened', async () => {
  const file = await folder.make('ok.mp4', ...picture('64x64', '5', 1), ...h264());
  for (const [url, protocols] of [
    ['http://10.0.0.1:80/x', 'http,tcp'],
    ['concat:a|b', 'file'],
    [`file:${file}`, 'file,http'],
  ] as const) {
    const wish = {
      input: { url, protocols },
      source: { key: 'k', sizeBytes: await sizeOf(file), etag: 'e' },
      ffprobePath: 'ffprobe',
      readRange: rangesOf(file),
    };
    await expect(probeSource(wish)).rejects.toThrow(RangeError);
  }
});

test('an abort comes out as its own reason', async () => {
  const file = await folder.make('abort.mp4', ...picture('64x64', '5', 1), ...h264());
  const reason = new Error('the worker goes');
  const source = { key: 'k', sizeBytes: await sizeOf(file), etag: 'e' };
  const input = { url: `file:${file}`, protocols: 'file' };
  await expect(probeSource({ input, source, ffprobePath: 'ffprobe', readRange: rangesOf(file), signal: AbortSignal.abort(reason) })).rejects.toBe(
    reason,
  );
});

test('an ffprobe that does not start is our fault, not the file’s', async () => {
  const file = await folder.make('fine.mp4', ...picture('64x64', '5', 1), ...h264());
  const source = { key: 'k', sizeBytes: await sizeOf(file), etag: 'e' };
  const wish = { input: { url: `file:${file}`, protocols: 'file' }, source, ffprobePath: '/nonexistent/ffprobe', readRange: rangesOf(file) };
  await expect(probeSource(wish)).rejects.toEqual(failure('INTERNAL'));
});

const clips = resolve('../shared/media');
(existsSync(clips) ? describe : describe.skip)('clips of cameras', () => {
  test.each([
    ['crystal.mp4', { packetCount: 359, codec: 'h264', width: 720, height: 480 }],
    ['rabbit.webm', { packetCount: 234, codec: 'vp8', width: 720, height: 480 }],
  ])('%s', async (name, expected) =>
    expect((await probe(resolve(clips, name))).video).toMatchObject({ ...expected, baseRate: rational(30), evenlySpaced: true }),
  );
});
