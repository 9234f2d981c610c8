import { chunkAt } from '../../src/domain/grid.js';
import { rational } from '../../src/domain/rational.js';
import type { Fragment } from '../../src/media/fmp4.js';
import { cutAudioSegments, cutSegments } from '../../src/media/segments.js';
import { tinyPlan } from './encode-all.js';

/** 400 ticks a frame at 25 fps; 100 bytes a frame. */
const { grid } = tinyPlan({ rate: rational(25), frameCount: 70 });

function fragments(startFrame: number, ...frames: readonly number[]): Fragment[] {
  let [frame, offset] = [startFrame, 800];
  return frames.map((packetCount) => {
    const sizeBytes = packetCount * 100;
    const fragment = {
      startTicks: frame * 400,
      durationTicks: packetCount * 400,
      packetCount,
      startsWithSync: true,
      dataSizeBytes: sizeBytes,
      offset,
      sizeBytes,
    };
    frame += packetCount;
    offset += sizeBytes;
    return fragment;
  });
}

const cut = (index: number, list: readonly Fragment[]) => cutSegments({ fragments: list, grid, chunk: chunkAt(grid, index) });
const changed = (list: readonly Fragment[], index: number, change: Partial<Fragment>): Fragment[] =>
  list.map((fragment, i) => (i === index ? { ...fragment, ...change } : fragment));
const fault = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe('cutting a chunk', () => {
  it('drops run-in and run-out and keeps what the grid wants', () => {
    expect(cut(1, fragments(18, 6, 12, 12, 12))).toEqual([
      { offset: 1400, sizeBytes: 2400, packetCount: 24, startTicks: 9600, durationTicks: 9600, fragmentCount: 2 },
    ]);
  });

  it('takes a shorter last segment', () => {
    expect(cut(2, fragments(48, 12, 10))).toMatchObject([{ packetCount: 22, startTicks: 19_200 }]);
  });

  it.each<[string, Fragment[], object]>([
    ['frames that are missing at the end', fragments(24, 12, 11), { expected: 24, found: 23 }],
    ['a whole fragment that is missing', fragments(24, 12), { expected: 24, found: 12 }],
    ['no fragment of its own', fragments(12, 12), { segment: 0, expected: 9600, found: null }],
    ['a start beside the grid', fragments(25, 12, 12), { expected: 9600, found: 10_000 }],
    ['GOPs across a segment boundary', fragments(24, 10, 10, 10), { expected: 24, found: 30 }],
    ['a gap between fragments', changed(fragments(24, 12, 12), 1, { startTicks: 14_800 }), { expected: 14_400, found: 14_800 }],
    ['a first frame that is no key frame', changed(fragments(24, 12, 12), 1, { startsWithSync: false }), { startTicks: 14_400 }],
    ['frames of uneven length', changed(fragments(24, 12, 12), 1, { durationTicks: 4801 }), { expected: 4800, found: 4801 }],
    ['bytes between fragments', changed(fragments(24, 12, 12), 1, { offset: 2001 }), { expected: 2000, found: 2001 }],
  ])('refuses %s', (_name, list, details) => {
    expect(fault(() => cut(1, list))).toMatchObject({ code: 'ENCODE_MISMATCH', details });
  });

  it('refuses more than the grid has', () => {
    const more = [...fragments(48, 12, 10), ...fragments(70, 5)].map((fragment, i) => (i === 2 ? { ...fragment, offset: 3000 } : fragment));
    expect(cut(2, more)).toHaveLength(1);
    expect(fault(() => cut(2, fragments(48, 12, 15)))).toMatchObject({ details: { expected: 22, found: 27 } });
  });
});

describe('cutting audio', () => {
  const audio = (...packets: readonly number[]): Fragment[] => {
    let [ticks, offset] = [0, 700];
    return packets.map((packetCount) => {
      const fragment = {
        startTicks: ticks,
        durationTicks: packetCount * 1024,
        packetCount,
        startsWithSync: true,
        dataSizeBytes: 9,
        offset,
        sizeBytes: 10,
      };
      ticks += fragment.durationTicks;
      offset += 10;
      return fragment;
    });
  };

  it('makes segments of about 4 s of any fragments', () => {
    const counts = (list: Fragment[]): number[] => cutAudioSegments({ fragments: list, timescale: 48_000 }).map((segment) => segment.packetCount);
    expect(counts(audio(94, 94, 94, 94, 94, 20))).toEqual([188, 188, 114]);
    expect(counts(audio(50, 50, 50, 50, 50))).toEqual([200, 50]);
    expect(counts(audio(300, 300))).toEqual([300, 300]);
    expect(counts(audio(3))).toEqual([3]);
  });

  it('refuses a late start and a gap', () => {
    expect(fault(() => cutAudioSegments({ fragments: changed(audio(94, 94), 0, { startTicks: 1 }), timescale: 48_000 }))).toMatchObject({
      code: 'ENCODE_MISMATCH',
    });
    expect(fault(() => cutAudioSegments({ fragments: changed(audio(94, 94), 1, { startTicks: 1 }), timescale: 48_000 }))).toMatchObject({
      details: { expected: 96_256, found: 1 },
    });
    expect(fault(() => cutAudioSegments({ fragments: [], timescale: 48_000 }))).toMatchObject({ code: 'ENCODE_MISMATCH' });
  });
});
