import fc from 'fast-check';
import { outlived, shownGeneration } from '../../src/domain/generation.js';
import { MAX_METADATA_ENTRIES, NO_LABELS, patchLabels, titleKey } from '../../src/domain/labels.js';
import { renditionState } from '../../src/domain/rendition-state.js';
import { stageFigures } from '../../src/domain/stage-figures.js';
import { moveOn, park, retry, type Trail, trailOf } from '../../src/domain/trail.js';
import { NO_PROGRESS, progressAt, STAGES } from '../../src/domain/video.js';

test('progress never falls, over stages and over chunks', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 601 }), (chunksTotal) => {
      const steps = STAGES.flatMap((stage) =>
        stage === 'encode'
          ? Array.from({ length: chunksTotal + 1 }, (_, done) => progressAt(stage, done, chunksTotal))
          : [progressAt(stage, 0, chunksTotal)],
      );
      let last = NO_PROGRESS.percent;
      for (const { percent } of steps) {
        expect(percent).toBeGreaterThanOrEqual(last);
        expect(percent).toBeLessThan(100);
        last = percent;
      }
    }),
    { numRuns: 30 },
  );
});

test('more chunks done than there are do not run into the next stage', () => {
  expect(progressAt('encode', 9, 3).percent).toBeLessThanOrEqual(progressAt('package', 3, 3).percent);
  expect(progressAt('encode', 0, 0).percent).toBe(progressAt('encode', 0, 5).percent);
});

describe('a patch of what an owner keeps', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'constructor', 'toString');
  const metadata = fc.dictionary(key, fc.string(), { noNullPrototype: true });
  const changes = fc.dictionary(key, fc.option(fc.string()), { noNullPrototype: true });

  test('merges as RFC 7396 says, and the same again changes nothing', () => {
    fc.assert(
      fc.property(metadata, changes, fc.option(fc.string(), { nil: undefined }), (before, change, title) => {
        const labels = { title: 'T', metadata: before, passthrough: 'P' };
        const after = patchLabels(labels, { title, metadata: change }) ?? labels;
        for (const name of new Set([...Object.keys(before), ...Object.keys(change)])) {
          const wanted = Object.hasOwn(change, name) ? change[name] : before[name];
          expect(Object.hasOwn(after.metadata, name) ? after.metadata[name] : null).toBe(wanted);
        }
        expect([after.title, after.passthrough]).toEqual([title ?? 'T', 'P']);
        expect(patchLabels(after, { title, metadata: change })).toBeNull();
      }),
    );
  });

  test('takes away what is null, all of the metadata too', () => {
    const labels = { title: 'T', metadata: { a: '1', b: '2' }, passthrough: 'P' };
    expect(patchLabels(labels, { title: null, metadata: null, passthrough: null })).toEqual(NO_LABELS);
    expect(patchLabels(labels, {})).toBeNull();
    expect(patchLabels(labels, { metadata: { a: null, c: null } })).toEqual({ ...labels, metadata: { b: '2' } });
  });

  test('is refused where there would be more entries than are allowed, and not where some go as others come', () => {
    const full = Object.fromEntries(Array.from({ length: MAX_METADATA_ENTRIES }, (_each, n) => [`k${n}`, '']));
    expect(() => patchLabels({ ...NO_LABELS, metadata: full }, { metadata: { one: '' } })).toThrow(
      expect.objectContaining({ code: 'METADATA_LIMIT' }),
    );
    expect(patchLabels({ ...NO_LABELS, metadata: full }, { metadata: { one: '', k0: null } })).not.toBeNull();
  });

  test('a title is found whatever the case and the width of its letters, and its key stays short', () => {
    expect(titleKey('ＡÄ ΟΔΟΣ')).toBe(titleKey('aä οδοσ'));
    expect([...titleKey('\ufdfa'.repeat(255))]).toHaveLength(100);
    expect(titleKey('😀'.repeat(120))).toBe('😀'.repeat(100));
  });
});

describe('a trail', () => {
  const at = (s: number): string => new Date(Date.UTC(2026, 10, 21, 10, 0, s)).toISOString();
  const failure = { code: 'ENCODE_FAILED', message: 'x' } as const;
  const begun = trailOf({ trail: null, state: 'queued', createdAt: at(0) });

  test('counts every second once, whatever is run again', () => {
    const encoding = moveOn(moveOn(begun, 'inspect', at(1)), 'encode', at(4));
    expect(moveOn(encoding, 'encode', at(5))).toBe(encoding);
    const again = retry(park(encoding, failure, 'encode', at(10)), 'encode', at(40));
    const done = moveOn(again, null, at(42));
    expect(done).toEqual({
      ...{ at: null, since: null },
      stages: {
        queued: { startedAt: at(0), ms: 1_000 },
        inspect: { startedAt: at(1), ms: 3_000 },
        encode: { startedAt: at(4), ms: 8_000 },
        review: { startedAt: at(10), ms: 30_000 },
      },
      reviews: [{ code: 'ENCODE_FAILED', stage: 'encode', since: at(10), retriedAt: at(40) }],
    });
    expect(moveOn(done, null, at(50))).toBe(done);
  });

  test('of a generation that began before there were trails begins where it is seen first', () => {
    const late = trailOf({ trail: null, state: 'preparing', createdAt: at(0) });
    expect(moveOn(late, 'package', at(30))).toEqual({ at: 'package', since: at(30), stages: { package: { startedAt: at(30), ms: 0 } }, reviews: [] });
  });

  test('keeps the latest of many reviews', () => {
    let trail: Trail = begun;
    for (let n = 0; n < 50; n += 1) trail = retry(park(trail, failure, 'plan', at(n)), 'plan', at(n));
    expect([trail.reviews.length, trail.reviews.at(-1)?.since]).toEqual([20, at(49)]);
  });

  test('figures are of the stages that were run: the nearest rank', () => {
    const trails = Array.from({ length: 100 }, (_each, n): Trail => ({ ...begun, stages: { plan: { startedAt: at(0), ms: n + 1 } } }));
    expect(stageFigures(trails)).toEqual([50, 90, 99].map((ms) => ({ stage: 'plan', quantile: ms / 100, ms })));
    expect(stageFigures([])).toEqual([]);
    expect(stageFigures(trails.slice(0, 1)).map(({ ms }) => ms)).toEqual([1, 1, 1]);
  });
});

test.each([
  ['preparing', 'plan', 'waiting'],
  ['preparing', 'encode', 'encoding'],
  ['preparing', 'verify', 'encoded'],
  ['ready', 'publish', 'ready'],
  ['review', 'encode', 'review'],
  ['errored', 'encode', 'errored'],
  ['queued', null, 'waiting'],
] as const)('qualities of a video that is %s at %s are %s', (state, stage, wanted) => {
  expect(renditionState({ state, progress: { ...NO_PROGRESS, stage } })).toBe(wanted);
});
describe('generations that are published', () => {
  const nowMs = Date.parse('2026-11-21T10:00:00.000Z');
  const ago = (ms: number): string => new Date(nowMs - ms).toISOString();
  const kept = (generation: number, more = {}) =>
    ({ generation, state: 'published', live: false, supersededAt: ago(10_000), retiredAt: null, ...more }) as const;

  test('go when they are neither live nor among the newest, and another one has been live for long enough', () => {
    const all = [kept(1), kept(2), kept(3, { live: true, supersededAt: null }), kept(4), kept(5, { supersededAt: ago(500) })];
    const gone = (count: number, supersededMs: number) => outlived(all, { count, supersededMs }, nowMs);
    expect(gone(2, 1_000)).toEqual([4, 2, 1]);
    expect(gone(3, 1_000)).toEqual([2, 1]);
    expect(gone(1, 1_000)).toEqual([4, 2, 1]);
    expect(gone(1, 400)).toEqual([5, 4, 2, 1]);
    expect(gone(2, 20_000)).toEqual([]);
    expect(gone(9, 0)).toEqual([]);
  });

  test('do not count where they failed, or are gone already', () => {
    const all = [
      kept(1),
      kept(2, { retiredAt: ago(1) }),
      kept(3, { state: 'errored', supersededAt: null }),
      kept(4, { live: true, supersededAt: null }),
    ];
    expect(outlived(all, { count: 2, supersededMs: 0 }, nowMs)).toEqual([]);
    expect(outlived(all, { count: 1, supersededMs: 0 }, nowMs)).toEqual([1]);
  });

  test('are what a video tells of itself, but while a newer one is being made', () => {
    expect(shownGeneration({ state: 'preparing', generation: 2, liveGeneration: 1 })).toBe(2);
    expect(shownGeneration({ state: 'ready', generation: 2, liveGeneration: 1 })).toBe(1);
    expect(shownGeneration({ state: 'errored', generation: 2, liveGeneration: null })).toBe(2);
  });
});
