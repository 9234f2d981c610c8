import { hasRoom, heldMore, holdingOf, quotaExceeded } from '../../src/domain/quota.js';
import { UPLOAD_STATES } from '../../src/domain/upload.js';
import { VIDEO_STATES } from '../../src/domain/video.js';

const AT = '2026-11-21T10:00:00.000Z';

test('an upload holds its announced size while it is open, and nothing afterwards', () => {
  const held = UPLOAD_STATES.map((state) => {
    const video = { state: 'waiting', uploadedAt: null, sourceSizeBytes: 7 } as const;
    return [state, holdingOf(video, { state, sizeBytes: 7 })];
  });
  expect(Object.fromEntries(held)).toEqual({
    waiting: { reservedBytes: 7, storedBytes: 0, openUploads: 1 },
    uploading: { reservedBytes: 7, storedBytes: 0, openUploads: 1 },
    completed: { reservedBytes: 0, storedBytes: 0, openUploads: 0 },
    expired: { reservedBytes: 0, storedBytes: 0, openUploads: 0 },
    cancelled: { reservedBytes: 0, storedBytes: 0, openUploads: 0 },
    errored: { reservedBytes: 0, storedBytes: 0, openUploads: 0 },
  });
});

test('a video holds its source from its upload to its deletion, whatever becomes of it', () => {
  for (const state of VIDEO_STATES) {
    const wanted = state === 'deleted' ? 0 : 9;
    expect([state, holdingOf({ state, uploadedAt: AT, sourceSizeBytes: 9 }, null).storedBytes]).toEqual([state, wanted]);
    expect([state, holdingOf({ state, uploadedAt: null, sourceSizeBytes: 9 }, null).storedBytes]).toEqual([state, 0]);
  }
});

test('an account moves by the difference', () => {
  expect(heldMore({ reservedBytes: 7, storedBytes: 0, openUploads: 1 }, { reservedBytes: 0, storedBytes: 7, openUploads: 0 })).toEqual({
    reservedBytes: -7,
    storedBytes: 7,
    openUploads: -1,
  });
});

test.each([
  [null, 1e15, true],
  [100, 40, true],
  [100, 41, false],
  [10, 0, false],
  [60, 0, true],
])('of a quota of %p with 60 held, %d more have room: %p', (quotaBytes, sizeBytes, wanted) =>
  expect(hasRoom({ quotaBytes, reservedBytes: 20, storedBytes: 40, openUploads: 1 }, sizeBytes)).toBe(wanted),
);

test('the refusal says what is left, and never less than nothing', () => {
  const usage = { quotaBytes: 10_000_000, reservedBytes: 2_000_000, storedBytes: 5_000_000, openUploads: 1 };
  expect(quotaExceeded(usage, 4_000_000).message).toContain('The file has 4.0 MB; 3.0 MB of 10.0 MB are left, and open uploads hold 2.0 MB.');
  expect(quotaExceeded({ ...usage, quotaBytes: 1_000_000 }, 1).message).toContain('0 B of 1.0 MB are left');
});
