import { activityTimes, gapMs, type HistoryEvent } from '../../bench/activity-times.js';
import { timeline } from '../../bench/overhead.js';

const event = (id: number, atMs: number, kind: HistoryEvent['kind'], rest: Partial<HistoryEvent> = {}): HistoryEvent => ({
  ...{ id, atMs, kind, activity: null, scheduledId: null, result: null },
  ...rest,
});

const HISTORY = [
  event(1, 0, 'other'),
  event(5, 100, 'scheduled', { activity: 'encodeChunk' }),
  event(6, 110, 'scheduled', { activity: 'encodeAudio' }),
  event(7, 150, 'started', { scheduledId: 5 }),
  event(8, 120, 'started', { scheduledId: 6 }),
  event(9, 400, 'completed', { scheduledId: 5, result: { wallMs: 240 } }),
];

describe('activities of a history', () => {
  it('are paired by the event that scheduled them; one that has not ended is left out', () => {
    expect(activityTimes(HISTORY)).toEqual([
      { activity: 'encodeChunk', scheduledMs: 100, startedMs: 150, completedMs: 400, result: { wallMs: 240 } },
    ]);
  });

  it('leave gaps where none of them runs', () => {
    const ran = (startedMs: number, completedMs: number) => ({ activity: 'x', scheduledMs: startedMs, startedMs, completedMs, result: null });
    expect(gapMs([ran(40, 50), ran(10, 30), ran(20, 35)], 0, 60)).toBe(10 + 5 + 10);
    expect(gapMs([ran(0, 30), ran(10, 20), ran(40, 60)], 0, 60)).toBe(10);
    expect(gapMs([ran(0, 100)], 20, 60)).toBe(0);
    expect(gapMs([], 0, 60)).toBe(60);
  });

  it('make a time line that begins with the end of the upload', () => {
    const lines = timeline({ activities: activityTimes(HISTORY), uploadedAtMs: 50, playableMs: 300, publishedAtMs: 450 });
    expect(lines.slice(1)).toEqual(['   100     50    250  encodeChunk', '   300  playable', '   400  published']);
  });
});
