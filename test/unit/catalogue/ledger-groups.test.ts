import { describe, expect, test } from '@jest/globals';
import { type LedgerGroup, ledgersOf } from '../../../src/catalogue/ledger-groups.js';
import { GENERATION_STATES } from '../../../src/domain/generation.js';
import { gapOf } from '../../../src/domain/ledger.js';
import { UPLOAD_STATES } from '../../../src/domain/upload.js';
import { VIDEO_STATES } from '../../../src/domain/video.js';

const group: LedgerGroup = {
  tenantId: 'a',
  upload: 'completed',
  video: 'ready',
  generation: 'published',
  current: true,
  live: false,
  count: 3,
  sizeBytes: 30,
  oldestCreatedAt: '2026-01-01T00:00:00.000Z',
  oldestCompletedAt: '2026-01-02T00:00:00.000Z',
};
const gap = (change: Partial<LedgerGroup>): number => ledgersOf([{ ...group, ...change }]).reduce((sum, each) => sum + gapOf(each), 0);

describe('ledgers from counts', () => {
  test('the one state of the video that fits a generation leaves no gap, every other one does', () => {
    for (const generation of GENERATION_STATES) {
      const fitting = VIDEO_STATES.filter((video) => gap({ generation, video }) === 0);
      const own = { queued: 'queued', preparing: 'preparing', review: 'review', published: 'ready', errored: 'errored', cancelled: 'cancelled' };
      expect([generation, fitting]).toEqual([generation, [own[generation], 'deleted']]);
    }
  });

  test('an accepted upload without a generation is a gap, unless its video was deleted', () => {
    expect(gap({ generation: null, current: null })).toBe(3);
    expect(gap({ generation: null, current: null, video: 'deleted' })).toBe(0);
  });

  test('a generation that a newer one has replaced must have come to an end', () => {
    const gaps = GENERATION_STATES.map((generation) => [generation, gap({ generation, current: false, video: 'preparing' })]);
    expect(Object.fromEntries(gaps)).toEqual({ queued: 3, preparing: 3, review: 3, published: 0, errored: 0, cancelled: 0 });
  });

  test('an upload of which something plays is published, whatever becomes of an attempt to make it better', () => {
    const places = GENERATION_STATES.map((generation) => {
      const video = { queued: 'queued', preparing: 'preparing', review: 'review', published: 'ready', errored: 'ready', cancelled: 'ready' } as const;
      const [ledger] = ledgersOf([{ ...group, live: true, generation, video: video[generation] }]);
      return [generation, ledger?.published, ledger && gapOf(ledger)];
    });
    expect(places).toEqual(GENERATION_STATES.map((generation) => [generation, 3, 0]));
    expect([gap({ generation: 'errored', video: 'ready' }), gap({ live: true, generation: 'queued', video: 'ready' })]).toEqual([3, 3]);
  });

  test('only completed uploads are accepted, only open ones hold bytes', () => {
    for (const upload of UPLOAD_STATES) {
      const [ledger] = ledgersOf([{ ...group, upload, video: 'waiting', generation: null, current: null }]);
      const open = upload === 'waiting' || upload === 'uploading';
      expect([upload, ledger?.accepted, ledger?.openUploads, ledger?.reservedBytes]).toEqual([
        upload,
        upload === 'completed' ? 3 : 0,
        open ? 3 : 0,
        open ? 30 : 0,
      ]);
    }
  });
});
