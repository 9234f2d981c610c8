import { describe, expect, test } from '@jest/globals';
import { drawSessions, POINTS } from '../../../faults/abandoned-plan.js';
import { type AbandonedFindings, abandonedJson, abandonedRows, type EndedSession } from '../../../faults/abandoned-verdict.js';

const session = (point: EndedSession['point'], upload: string, video: string): EndedSession => ({
  point,
  uploadId: `upl of ${point}`,
  upload,
  video,
});
const fine: AbandonedFindings = {
  wanted: 2,
  sessions: [session('all parts', 'completed', 'errored'), session('some parts', 'expired', 'cancelled')],
  ledger: { accepted: 2, in_flight: 0, gap: 0, open_uploads: 0, reserved_bytes: 0 },
  others: 1,
  multiparts: [],
  objects: [],
  workflows: [],
  alarms: [],
};
const broken = (change: Partial<AbandonedFindings>): string[] =>
  abandonedRows({ ...fine, ...change }).flatMap(({ name, held }) => (held ? [] : [name]));

describe('abandoned sessions', () => {
  test('the same seed leaves the same ones at the same points, and a small run has every point', () => {
    expect(drawSessions({ seed: 3, sessions: 50 })).toEqual(drawSessions({ seed: 3, sessions: 50 }));
    expect(drawSessions({ seed: 3, sessions: 50 })).not.toEqual(drawSessions({ seed: 4, sessions: 50 }));
    expect(new Set(drawSessions({ seed: 9, sessions: 4 }).map(({ point }) => point))).toEqual(new Set(POINTS));
    for (const { point, sizeBytes } of drawSessions({ seed: 1, sessions: 200 })) {
      expect(sizeBytes).toBeGreaterThan(point === 'some parts' ? 8 * 1024 * 1024 : 0);
    }
  });

  test('every promise is a row, and each finding breaks its own', () => {
    expect(broken({})).toEqual([]);
    expect(abandonedJson(fine, { seed: 1, wallS: 1.4 })).toMatchObject({ completed: 1, expired: 1, wall_s: 1 });
    expect(broken({ wanted: 3 })).toEqual(['sessions abandoned']);
    expect(broken({ sessions: [session('all parts', 'expired', 'cancelled'), session('created', 'expired', 'cancelled')] })).toEqual([
      'whole files lost',
    ]);
    expect(broken({ sessions: [session('all parts', 'completed', 'queued'), session('created', 'waiting', 'waiting')] })).toEqual([
      'whole files lost',
      'others not expired',
    ]);
    expect(broken({ multiparts: ['k'] })).toEqual(['multiparts left']);
    expect(broken({ objects: ['k'] })).toEqual(['objects left']);
    expect(broken({ ledger: { ...fine.ledger, reserved_bytes: 1 } })).toEqual(['reserved bytes']);
    expect(broken({ ledger: { ...fine.ledger, gap: 1 } })).toEqual(['ledger']);
    expect(broken({ ledger: { ...fine.ledger, accepted: 1 } })).toEqual(['ledger']);
    expect(broken({ workflows: ['w'] })).toEqual(['workflows left']);
    expect(broken({ alarms: ['a'] })).toEqual(['alarms']);
  });
});
