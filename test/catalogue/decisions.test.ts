import { closeUpload } from '../../src/catalogue/decisions.js';
import { beginUpload } from '../../src/catalogue/drafts.js';
import { applyChange, type Standing } from '../../src/catalogue/standing.js';
import { VIDEO_STATES } from '../../src/domain/video.js';
import { draftFor } from '../contract/catalogue.js';

const NOW = '2026-11-21T10:00:00.000Z';

/** An open upload beside a video in any state, as a new source for an old video has it. */
function standingIn(state: Standing['video']['state']): Standing {
  const { video, upload } = beginUpload({ ...draftFor('tnt_a'), sizeBytes: 70, expiresAt: NOW }, NOW);
  return { video: { ...video, state }, upload, generation: null, eventSequence: 2 };
}

test.each(['cancelled', 'expired', 'errored'] as const)(
  'an upload that is %s gives its room back, and ends no video but one that waits for it',
  (state) => {
    for (const videoState of VIDEO_STATES) {
      const before = standingIn(videoState);
      const change = closeUpload(state, null)(before, NOW);
      if (change === null) throw new Error(`nothing changes in ${videoState}`);
      const { after, events, held, spent } = applyChange(before, change, NOW);
      const awaited = videoState === 'waiting' || videoState === 'uploading';
      const ended = state === 'errored' ? 'errored' : 'cancelled';
      expect([videoState, after.upload?.state, after.video.state]).toEqual([videoState, state, awaited ? ended : videoState]);
      expect(held).toEqual({ reservedBytes: -70, storedBytes: 0, openUploads: -1 });
      expect(spent).toEqual([{ day: '2026-11-21', bytes: -70, encodeMs: 0 }]);
      const told = [...(state === 'errored' ? [] : [`upload.${state}`]), ...(awaited ? [`video.${ended}`] : [])];
      expect(events.map(({ type }) => type)).toEqual(told);
    }
  },
);
