import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type CliRun, runCli } from '../cli/real/run-cli.js';
import { type ApiVideo, api, decode, ffmpeg, remove, type Stack, start, stateOf, until, workFolder } from './stack.js';

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
  await madeOnceMoreAndBack(video);
  const doctor = cli('doctor');
  expect(await doctor.exit).toBe(0);
  expect(doctor.out()).toContain('answers and takes the key');
}, 300_000);

/** What was published plays until the new generation is, and again after one call; a deletion takes both. */
async function madeOnceMoreAndBack({ id, playback }: ApiVideo): Promise<void> {
  const first = playback?.hls ?? '';
  const plays = async (hls: string): Promise<number> => (await fetch(hls)).status;
  const again = cli('reprocess', id, '--reason', 'once more', '--json');
  expect(await again.exit).toBe(0);
  expect(again.events().at(-1)).toMatchObject({ generation: 2, live_generation: 1, playable: true, playback: { hls: first } });
  const seen: ApiVideo[] = [];
  const answers = new Set<number>();
  await until('the second generation is published', stack, async () => {
    const now = await api<ApiVideo>(data, `/v1/videos/${id}`);
    seen.push(now);
    answers.add(await plays(now.playback?.hls ?? ''));
    return now.status === 'ready';
  });
  expect(answers).toEqual(new Set([200]));
  const second = seen.at(-1)?.playback?.hls ?? '';
  expect(new Set(seen.map((each) => each.playback?.hls))).toEqual(new Set([first, second]));
  expect(second).toBe(first.replace('/g1/', '/g2/'));

  const back = cli('rollback', id, '--json');
  expect(await back.exit).toBe(0);
  expect(back.events().at(-1)).toMatchObject({ generation: 2, live_generation: 1, playback: { hls: first } });
  // Whole once working files are swept, which is moments after the publish.
  const receipts = await until('both receipts are whole', stack, async () => {
    const { data: rows } = await api<{ data: { cost: { encoded_s: Record<string, number> } | null }[] }>(data, `/v1/videos/${id}/generations`);
    return rows.every(({ cost }) => cost?.encoded_s.audio !== undefined) && rows.map(({ cost }) => cost);
  });
  const whole = { encoded_s: { '180p': 4, audio: expect.closeTo(4, 0) }, wasted: { attempts: 0 }, unreported: { attempts: 0 } };
  expect(receipts).toMatchObject([whole, whole]);
  const list = cli('generations', id);
  expect(await list.exit).toBe(0);
  expect(list.out()).toMatch(/g2 {2}published, kept .*"once more"\ng1 {2}published, live {2}/);
  expect([await plays(first), await plays(second)]).toEqual([200, 200]);

  const { ports } = await stateOf(data);
  const key = (await readFile(join(data, 'api-key'), 'utf8')).trim();
  const gone = await fetch(`http://127.0.0.1:${ports.api}/v1/videos/${id}`, { method: 'DELETE', headers: { authorization: `Bearer ${key}` } });
  expect(gone.status).toBe(204);
  await until('both generations are gone', stack, async () => (await Promise.all([first, second].map(plays))).every((status) => status >= 403));
}
