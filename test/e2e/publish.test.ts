import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decode, ffmpeg, probe, processesOf, remove, sharedClip, start, stateOf, workFolder } from './stack.js';

interface Row {
  readonly file: string;
  readonly state: string;
  readonly code: string | null;
  readonly message: string | null;
  readonly playback: string | null;
  readonly timings: { readonly upload_s: number | null; readonly first_playable_s: number | null; readonly published_s: number | null };
}

let folder: string;
let rows: Row[];
let exitCode: number | null;
let output: string;
const good: string[] = [];

beforeAll(async () => {
  folder = await workFolder();
  const make = async (name: string, ...args: string[]): Promise<void> => {
    await ffmpeg(...args, join(folder, name));
    good.push(join(folder, name));
  };
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
  await make(
    'ntsc.mp4',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=640x360:r=30000/1001:d=21',
    '-f',
    'lavfi',
    '-i',
    'sine=d=21',
    ...encode,
    '-bf',
    '3',
    '-shortest',
  );
  await make('silent.mkv', '-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=25:d=3', ...encode);
  await make('upright 9x16.mp4', '-f', 'lavfi', '-i', 'testsrc2=s=270x480:r=24:d=2', '-f', 'lavfi', '-i', 'sine=d=2', ...encode, '-c:a', 'aac');
  for (const name of ['crystal.mp4', 'rabbit.webm']) {
    const clip = sharedClip(name);
    if (clip) good.push(clip);
  }
  await writeFile(join(folder, 'words.mp4'), 'This is not a video.');
  await writeFile(join(folder, 'empty.mp4'), '');
  await writeFile(join(folder, 'half.mp4'), (await readFile(join(folder, 'ntsc.mp4'))).subarray(0, 60_000));
  await mkdir(join(folder, 'out'));
  const bad = ['words.mp4', 'empty.mp4', 'half.mp4', 'absent.mp4'].map((name) => join(folder, name));
  const report = join(folder, 'report.json');
  const stack = start(['--once', '--data', join(folder, 'data'), '--export', join(folder, 'out'), '--report', report, ...good, ...bad]);
  exitCode = await stack.exit;
  output = stack.output();
  rows = (JSON.parse(await readFile(report, 'utf8')) as { files: Row[] }).files;
}, 480_000);
afterAll(() => remove(folder));

const row = (file: string): Row => {
  const found = rows.find((each) => basename(each.file) === basename(file));
  if (!found) throw new Error(`no row for ${file}; the launcher said:\n${output}`);
  return found;
};

describe('npm start with files', () => {
  test('publishes every good one', () => {
    for (const file of good) expect(row(file)).toMatchObject({ state: 'ready', code: null, playback: expect.stringContaining('master.m3u8') });
  });

  test('every rung has exactly the frames of its source, decodes clean, and starts each segment with a key frame', async () => {
    for (const file of good) {
      const out = join(folder, 'out', basename(file).replace(/\.[^.]+$/, ''));
      const frames = Number(await probe(file, '-select_streams', 'v', '-count_packets', '-show_entries', 'stream=nb_read_packets'));
      const rungs = (await readdir(out)).filter((name) => /^\d+p$/.test(name));
      expect(rungs.length).toBeGreaterThan(0);
      for (const rung of rungs) {
        const playlist = join(out, rung, 'playlist.m3u8');
        expect({ file, rung, ...(await decode(playlist, 'v')) }).toEqual({ file, rung, frames, complaints: '' });
        await keyFrameAtEverySegment(playlist);
      }
    }
  }, 240_000);

  test('sound is as long as in the source, to one frame, and absent where there was none', async () => {
    for (const file of good) {
      const out = join(folder, 'out', basename(file).replace(/\.[^.]+$/, ''), 'audio', 'playlist.m3u8');
      const wanted = await soundEnds(file);
      if (wanted === null) {
        await expect(readFile(out)).rejects.toThrow();
        continue;
      }
      const made = await soundEnds(out);
      expect(Math.abs((made?.atS ?? 0) - wanted.atS)).toBeLessThanOrEqual(wanted.frameS);
    }
  }, 120_000);

  test('what plays is named by a master playlist that a player understands', async () => {
    for (const file of good) {
      const master = join(folder, 'out', basename(file).replace(/\.[^.]+$/, ''), 'master.m3u8');
      expect(await probe(master, '-select_streams', 'v:0', '-show_entries', 'stream=codec_name')).toContain('h264');
    }
  }, 60_000);

  test('refuses every bad one with a code and a sentence, and no stack trace', () => {
    expect(row('words.mp4')).toMatchObject({ state: 'errored', code: 'SOURCE_NOT_MEDIA', message: expect.stringMatching(/\w+ \w+/), playback: null });
    expect(row('empty.mp4')).toMatchObject({ state: 'errored', code: 'SOURCE_EMPTY' });
    expect(row('half.mp4')).toMatchObject({ state: 'errored', code: 'SOURCE_TRUNCATED' });
    expect(row('absent.mp4')).toMatchObject({ state: 'errored', code: 'FILE_NOT_READABLE' });
    expect(output).not.toMatch(/\n\s+at .*\(.*:\d+:\d+\)/);
  });

  test('exits 1 because of them, and leaves no process', async () => {
    expect(exitCode).toBe(1);
    const { stackId } = await stateOf(join(folder, 'data'));
    expect(await processesOf(stackId)).toEqual([]);
  });
});

async function keyFrameAtEverySegment(playlist: string): Promise<void> {
  const text = await readFile(playlist, 'utf8');
  const starts: number[] = [];
  let at = 0;
  for (const match of text.matchAll(/#EXTINF:([\d.]+)/g)) {
    starts.push(at);
    at += Number(match[1]);
  }
  const packets = (await probe(playlist, '-select_streams', 'v', '-show_entries', 'packet=pts_time,flags'))
    .split('\n')
    .map((line) => line.split(','));
  const keys = packets.filter(([, flags]) => flags?.includes('K')).map(([pts]) => Number(pts));
  for (const startS of starts) expect(keys.some((key) => Math.abs(key - startS) < 0.002)).toBe(true);
}

/** Where the last decoded sample ends, counted from time 0 (an encoder's priming lies before it); null where there is no sound. */
async function soundEnds(path: string): Promise<{ atS: number; frameS: number } | null> {
  // A playlist's stream is listed twice: in its program, and by itself.
  const [rate] = (await probe(path, '-select_streams', 'a:0', '-show_entries', 'stream=sample_rate')).split('\n').map(Number);
  const frames = (await probe(path, '-select_streams', 'a:0', '-show_entries', 'frame=pts_time,nb_samples'))
    .split('\n')
    .map((line) => line.split(','));
  const [pts, samples] = (frames[frames.length - 1] ?? []).map(Number);
  if (!rate || pts === undefined || samples === undefined) return null;
  return { atS: pts + samples / rate, frameS: 1024 / rate };
}
