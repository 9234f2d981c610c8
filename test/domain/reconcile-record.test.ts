import { describe, expect, test } from '@jest/globals';
import { EMPTY_LEDGER } from '../../src/domain/ledger.js';
import { nextRecord, type ReconcileRun, type StepResult } from '../../src/domain/reconcile-record.js';

const step = (own: Partial<StepResult>): StepResult => ({ step: 'sources', examined: 0, counts: {}, repairs: [], alarms: [], next: null, ...own });
const run = (runId: string, steps: readonly StepResult[], failed: ReconcileRun['failed'] = []): ReconcileRun => ({
  runId,
  startedAt: '2026-11-21T10:00:00.000Z',
  finishedAt: '2026-11-21T10:00:01.000Z',
  steps,
  failed,
});
const aborted = { kind: 'multipart.aborted', subject: 'k m' } as const;
const started = { kind: 'upload.started', subject: 'upl_1' } as const;

describe('the record of reconciling', () => {
  test('adds up repairs, and remembers where each step goes on, a failed one where it was', () => {
    const first = nextRecord(
      null,
      run('1', [step({ next: 'a', counts: { 'source.removed': 2 } }), step({ step: 'uploads', next: 'u' })]),
      EMPTY_LEDGER,
    );
    expect(first).toMatchObject({
      cursors: { sources: 'a', uploads: 'u' },
      repairs: { 'source.removed': 2 },
      totals: { 'source.removed': 2 },
      alarms: [],
    });
    const failed = [{ step: 'uploads', reason: 'away' }] as const;
    const second = nextRecord(first, run('2', [step({ counts: { 'source.removed': 1, 'upload.started': 1 } })], failed), EMPTY_LEDGER);
    expect(second).toMatchObject({
      cursors: { sources: null, uploads: 'u' },
      repairs: { 'source.removed': 1, 'upload.started': 1 },
      totals: { 'source.removed': 3, 'upload.started': 1 },
    });
    expect(second.alarms).toMatchObject([{ subject: 'uploads', what: expect.stringContaining('away') }]);
  });

  test('a repair that is needed again did not cure, unless its kind may be', () => {
    const first = nextRecord(null, run('1', [step({ repairs: [aborted, started] })]), EMPTY_LEDGER);
    expect(first.alarms).toEqual([]);
    const second = nextRecord(first, run('2', [step({ repairs: [aborted, started] })]), EMPTY_LEDGER);
    expect(second.alarms).toMatchObject([{ subject: aborted.subject, what: expect.stringContaining('did not cure') }]);
  });

  test('a gap of the ledger is an alarm that says what to do', () => {
    const { alarms } = nextRecord(null, run('1', []), { ...EMPTY_LEDGER, accepted: 1 });
    expect(alarms).toMatchObject([{ what: 'the ledger has a gap of 1', todo: expect.stringContaining('/v1/ops/ledger') }]);
  });

  test('keeps the latest repairs and the latest picture of multiparts', () => {
    const many = Array.from({ length: 600 }, (_item, n) => ({ kind: 'source.removed', subject: `${n}` }) as const);
    const record = nextRecord(null, run('1', [step({ repairs: many, multiparts: { open: 3, oldestAt: null } })]), EMPTY_LEDGER);
    expect([record.recent.length, record.recent.at(-1)?.subject, record.multiparts.open]).toEqual([500, '599', 3]);
    expect(nextRecord(record, run('2', []), EMPTY_LEDGER).multiparts.open).toBe(3);
  });
});
