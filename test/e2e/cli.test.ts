import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type CliRun, runCli } from '../cli/real/run-cli.js';
import { type ApiVideo, api, decode, ffmpeg, remove, type Stack, start, until, workFolder } from './stack.js';

let folder: string;
let data: string;
let stack: Stack;
const cli = (...args: string[]): CliRun => runCli([...args, '--data', data], { XDG_STATE_HOME: join(folder, 'state') });

beforeAll(async () => {
  folder = await workFolder();
  data = join(folder, 'data');
  const sources = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25:d=4', '-f', 'lavfi', '-i', 'sine=d=4'];
  await ffmpeg(...sources, '-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', join(folder, 'clip.mp4'));
  await ffmpeg('-f', 'lavfi', '-i', 'sine=d=2', '-c:a', 'aac', join(folder, 'sound.m4a'));
  stack = start(['--data', data, join(folder, 'clip.mp4')]);
  await until('the stack is up', stack, async () => (await api<{ data: ApiVideo[] }>(data, '/v1/videos')).data.length > 0);
}, 300_000);
afterAll(async () => {
  stack?.child.kill('SIGINT');
  await stack?.exit;
  await remove(folder);
}, 60_000);

test('a file goes from the terminal to a published video, and comes back as it was published', async () => {
  const upload = cli('upload', join(folder, 'clip.mp4'), join(folder, 'sound.m4a'), '--wait', '--json');
  expect(await upload.exit).toBe(1);
  const of = (name: string) => upload.events().filter(({ file }) => file?.endsWith(name));
  expect(of('sound.m4a').at(-1)).toMatchObject({ event: 'failed', code: 'SOURCE_AUDIO_ONLY' });
  const { video } = of('clip.mp4').at(-1);
  expect(video).toMatchObject({ status: 'ready', name: 'clip.mp4' });

  const download = cli('download', video.id, '--to', join(folder, 'out'), '--json');
  expect(await download.exit).toBe(0);
  const [copied] = download.events();
  expect(copied).toMatchObject({ video_id: video.id, generation: 1, folder: join(folder, 'out', video.id) });
  expect(await readFile(join(copied.folder, 'master.m3u8'), 'utf8')).toContain('playlist.m3u8');
  expect(await decode(join(copied.folder, 'master.m3u8'), 'v')).toEqual({ frames: 100, complaints: '' });

  const status = cli('status', video.id);
  expect(await status.exit).toBe(0);
  expect(status.out()).toContain('ready, generation 1');
  const doctor = cli('doctor');
  expect(await doctor.exit).toBe(0);
  expect(doctor.out()).toContain('answers and takes the key');
}, 300_000);
