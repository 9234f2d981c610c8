import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Clock,
  decideGeneration,
  decideMultipart,
  decideSource,
  decideWorkflow,
  type GenerationFacts,
  type Standing,
} from '../../src/domain/reconcile.js';
import { UPLOAD_STATES, type UploadState } from '../../src/domain/upload.js';
import { SETTLED_STATES, VIDEO_STATES, type VideoState } from '../../src/domain/video.js';

const clock: Clock = { nowMs: Date.parse('2026-11-21T12:00:00Z'), graceMs: 3_600_000, startGraceMs: 30_000 };
const DAY_MS = 86_400_000;
const ago = (ms: number): string => new Date(clock.nowMs - ms).toISOString();
const isOpen = (state: UploadState): boolean => state === 'waiting' || state === 'uploading';

/** Ages on both sides of both graces. */
const ageMs = fc.oneof(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 3_500_000, max: 3_700_000 }), fc.integer({ min: 0, max: 10 * DAY_MS }));
const standing = fc.constantFrom<Standing>('running', 'completed', 'failed', 'failed again', 'unknown');

interface UploadRow {
  state: UploadState;
  readonly multipartId: string | null;
  readonly videoState: VideoState;
  standing: Standing;
  readonly ageMs: number;
}
/** `of`: the upload whose key it has; null: nobody's key. */
interface Multipart {
  readonly of: number | null;
  readonly id: string;
  readonly ageMs: number;
}
interface Stored {
  readonly of: number | null;
  readonly named: 'known' | 'unknown' | null;
  readonly ageMs: number;
}
interface Picture {
  readonly uploads: readonly UploadRow[];
  readonly multiparts: readonly Multipart[];
  readonly objects: readonly Stored[];
}

const multipartId = fc.constantFrom('m1', 'm2');
/** Whoever deletes a video closes its upload first. */
const uploadRow: fc.Arbitrary<UploadRow> = fc
  .record({
    state: fc.constantFrom(...UPLOAD_STATES),
    multipartId: fc.option(multipartId),
    videoState: fc.constantFrom(...VIDEO_STATES),
    standing,
    ageMs,
  })
  .filter((row) => !isOpen(row.state) || row.videoState !== 'deleted');
const picture: fc.Arbitrary<Picture> = fc.array(uploadRow, { maxLength: 4 }).chain((uploads) => {
  const of = uploads.length === 0 ? fc.constant(null) : fc.option(fc.nat(uploads.length - 1));
  return fc.record({
    uploads: fc.constant(uploads),
    multiparts: fc.array(fc.record({ of, id: multipartId, ageMs }), { maxLength: 5 }),
    objects: fc.array(fc.record({ of, named: fc.constantFrom('known', 'unknown', null), ageMs }), { maxLength: 5 }),
  });
});

const rowOf = (all: Picture, of: number | null): UploadRow | null => (of === null ? null : (all.uploads[of] ?? null));
function wordFor(all: Picture, object: Stored): ReturnType<typeof decideSource> {
  const row = rowOf(all, object.of);
  const claim = row && { upload: { state: row.state }, videoState: row.videoState };
  const first = decideSource({ modifiedAt: ago(object.ageMs) }, claim, clock);
  return first === 'look' ? decideSource({ modifiedAt: ago(object.ageMs), namedUpload: object.named }, claim, clock) : first;
}

/** Everything that one run would do, done; and what it told a person. */
function reconciled(all: Picture): { readonly after: Picture; readonly repairs: number; readonly alarms: number } {
  let [repairs, alarms] = [0, 0];
  const repair = (): true => {
    repairs += 1;
    return true;
  };
  const uploads = all.uploads.map((row) => {
    if (!isOpen(row.state)) return row;
    const word = decideWorkflow({ changedAt: ago(row.ageMs) }, row.standing, clock);
    if (word === 'alarm') alarms += 1;
    return word === 'start' || word === 'start again' ? { ...row, standing: repair() && ('running' as const) } : row;
  });
  const now = { ...all, uploads };
  const objects = now.objects.filter((object) => {
    const word = wordFor(now, object);
    if (word === 'report') alarms += 1;
    const row = rowOf(now, object.of);
    if (word === 'finish' && row) row.state = repair() && 'completed';
    return !(word === 'remove' && repair());
  });
  const multiparts = now.multiparts.filter((one) => {
    const row = rowOf(now, one.of);
    return decideMultipart({ multipartId: one.id, initiatedAt: ago(one.ageMs) }, row, clock) === 'keep' || !repair();
  });
  return { after: { uploads, multiparts, objects }, repairs, alarms };
}

describe('reconciling a picture of bucket, catalogue and Temporal', () => {
  test('a second run finds nothing left to repair, whatever the first one met', () => {
    fc.assert(
      fc.property(picture, (all) => {
        const { after } = reconciled(structuredClone(all));
        expect(reconciled(after).repairs).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  test('takes nothing that anybody may want: no source of a video that is there, no file or parts of an open upload, nothing young', () => {
    fc.assert(
      fc.property(picture, (all) => {
        for (const object of all.objects) {
          const row = rowOf(all, object.of);
          const wanted = row !== null && (isOpen(row.state) || (row.state === 'completed' && row.videoState !== 'deleted'));
          const mayBeLost = row === null && object.named !== null;
          if (wanted || mayBeLost || object.ageMs <= clock.graceMs) expect(wordFor(all, object)).not.toBe('remove');
        }
        for (const one of all.multiparts) {
          const row = rowOf(all, one.of);
          const own = row !== null && isOpen(row.state) && row.multipartId === one.id;
          const word = decideMultipart({ multipartId: one.id, initiatedAt: ago(one.ageMs) }, row, clock);
          if (own || one.ageMs <= clock.graceMs) expect(word).toBe('keep');
          else expect(word).toBe('abort');
        }
      }),
      { numRuns: 500 },
    );
  });

  test('leaves no open upload without somebody who looks after it, or a person who is told', () => {
    fc.assert(
      fc.property(picture, (all) => {
        const { after, alarms } = reconciled(structuredClone(all));
        const alone = after.uploads.filter(({ state, standing: now, ageMs: age }) => isOpen(state) && now !== 'running' && age > clock.startGraceMs);
        expect(alone.length).toBeLessThanOrEqual(alarms);
      }),
      { numRuns: 500 },
    );
  });

  test('hands a file to the open session that has it within moments, not after the long grace', () => {
    const claim = { upload: { state: 'waiting' }, videoState: 'waiting' } as const;
    expect(decideSource({ modifiedAt: ago(31_000) }, claim, clock)).toBe('finish');
    expect(decideSource({ modifiedAt: ago(29_000) }, claim, clock)).toBe('keep');
  });

  test.each([
    ['running', 'leave'],
    ['unknown', 'start'],
    ['failed', 'start again'],
    ['failed again', 'alarm'],
    ['completed', 'alarm'],
  ] as const)('a row in flight whose workflow is %s: %s, and nothing while it is young', (state, word) => {
    expect(decideWorkflow({ changedAt: ago(31_000) }, state, clock)).toBe(word);
    expect(decideWorkflow({ changedAt: ago(29_000) }, state, clock)).toBe('leave');
  });

  test('clears objects of generations at their end only, and of published ones only what no report names', () => {
    const facts: fc.Arbitrary<GenerationFacts> = fc.record({
      state: fc.constantFrom('queued', 'preparing', 'review', 'published', 'errored', 'cancelled'),
      settledAt: fc.option(ageMs.map(ago)),
      supersededAt: fc.option(ageMs.map(ago)),
      retired: fc.boolean(),
      videoState: fc.constantFrom(...VIDEO_STATES),
      videoChangedAt: ageMs.map(ago),
    });
    const old = (at: string | null): boolean => at !== null && clock.nowMs - Date.parse(at) > clock.graceMs;
    fc.assert(
      fc.property(facts, (given) => {
        const word = decideGeneration(given, clock);
        const deleted = given.videoState === 'deleted';
        if (word === 'wipe')
          expect(deleted ? old(given.videoChangedAt) : old(given.settledAt) && (given.state !== 'published' || given.retired)).toBe(true);
        if (word === 'retire') expect([given.state, old(given.supersededAt), given.retired, deleted]).toEqual(['published', true, false, false]);
        if (word === 'sweep') expect([given.state, old(given.settledAt), deleted]).toEqual(['published', true, false]);
        if (word === 'report') throw new Error('it is known');
        if (word === 'keep' && old(given.settledAt) && !deleted) expect(given.state).toBe('published');
      }),
      { numRuns: 500 },
    );
    expect(decideGeneration(null, clock)).toBe('report');
    expect(SETTLED_STATES).toContain('deleted');
  });

  test('stops reading reports of what was published more than a week ago', () => {
    const published = { state: 'published', videoState: 'ready', videoChangedAt: ago(0), supersededAt: null, retired: false } as const;
    expect(decideGeneration({ ...published, settledAt: ago(6.9 * DAY_MS) }, clock)).toBe('sweep');
    expect(decideGeneration({ ...published, settledAt: ago(7.1 * DAY_MS) }, clock)).toBe('keep');
  });
});
