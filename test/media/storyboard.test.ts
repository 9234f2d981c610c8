import type { Plan } from '../../src/domain/plan.js';
import { rational } from '../../src/domain/rational.js';
import { storyboardVtt } from '../../src/media/storyboard.js';

function planOf(rate: [number, number], frameCount: number, storyboard: Partial<Plan['images']['storyboard']>): Pick<Plan, 'grid' | 'images'> {
  const shape = { intervalFrames: 30, tileCount: 1, tileWidth: 240, tileHeight: 136, columns: 2, rows: 2, ...storyboard };
  const grid = { rate: rational(...rate), frameCount, gopFrames: 60, segmentFrames: 120, firstChunkFrames: 240, chunkFrames: 600, chunkCount: 1 };
  return { grid, images: { poster: { frame: 0, width: 2, height: 2 }, storyboard: shape } };
}

const cuesOf = (vtt: string) => {
  const [head, ...cues] = vtt.split('\n\n');
  expect(head).toBe('WEBVTT');
  return cues.map((cue) => {
    const [, from, to, target] = /^([\d:.]+) --> ([\d:.]+)\n(\S+)\n?$/.exec(cue) ?? [];
    return { from: from ?? '', to: to ?? '', target: target ?? '' };
  });
};
const ms = (clock: string): number => Math.round(clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) * 1000);

test('29.97: the times are those of the frames, tiles fill a sheet and go on in the next', () => {
  expect(storyboardVtt(planOf([30_000, 1001], 140, { tileCount: 5 }))).toBe(`WEBVTT

00:00.000 --> 00:01.001
sprite_000.jpg#xywh=0,0,240,136

00:01.001 --> 00:02.002
sprite_000.jpg#xywh=240,0,240,136

00:02.002 --> 00:03.003
sprite_000.jpg#xywh=0,136,240,136

00:03.003 --> 00:04.004
sprite_000.jpg#xywh=240,136,240,136

00:04.004 --> 00:04.672
sprite_001.jpg#xywh=0,0,240,136
`);
});

test.each<[string, [number, number], number, number]>([
  ['23.976 for two hours', [24_000, 1001], 172_627, 691],
  ['25 for 59 minutes', [25, 1], 88_500, 354],
  ['60 for 24 hours', [60, 1], 5_184_000, 20_736],
  ['one frame', [25, 1], 1, 25],
])('%s: no gap, no overlap, from 0 to the end', (_name, rate, frameCount, intervalFrames) => {
  const cues = cuesOf(
    storyboardVtt(planOf(rate, frameCount, { intervalFrames, tileCount: Math.ceil(frameCount / intervalFrames), columns: 10, rows: 10 })),
  );
  expect(cues[0]?.from).toBe('00:00.000');
  for (const [i, cue] of cues.entries()) {
    expect(cue.to).toBe(cues[i + 1]?.from ?? cue.to);
    expect(ms(cue.to)).toBeGreaterThan(ms(cue.from));
    expect(cue.target).toMatch(/^sprite_\d{3}\.jpg#xywh=\d+,\d+,\d+,\d+$/);
  }
  const endMs = (frameCount * rate[1] * 1000) / rate[0];
  const lastMs = ms(cues[cues.length - 1]?.to ?? '');
  expect(lastMs).toBeGreaterThanOrEqual(endMs - 1e-6);
  expect(lastMs - endMs).toBeLessThan(1);
});

test('hours are written from an hour on', () => {
  const cues = cuesOf(storyboardVtt(planOf([25, 1], 25 * 3602, { intervalFrames: 25 * 1800, tileCount: 3 })));
  expect(cues.map((cue) => cue.from)).toEqual(['00:00.000', '30:00.000', '01:00:00.000']);
});

test('sheets can lie elsewhere', () => {
  expect(storyboardVtt(planOf([25, 1], 10, {}), (n) => `../x/${n}.jpg`)).toContain('../x/0.jpg#xywh=0,0,240,136');
});
