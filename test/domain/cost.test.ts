import fc from 'fast-check';
import { type AttemptCost, receiptOf } from '../../src/domain/cost.js';

const attempt = (step: string, number: number, more: Partial<AttemptCost> = {}): AttemptCost => ({
  ...{ step, activity: 'run-5', attempt: number, outcome: 'wasted', encodedMs: {}, before: null },
  ...{ cpuMs: 100, wallMs: 200, bytesRead: 10, bytesWritten: 1, requests: 3 },
  ...more,
});
const done = (step: string, number: number, more: Partial<AttemptCost> = {}) => attempt(step, number, { outcome: 'done', ...more });
const won = (step: string, number: number, more: Partial<AttemptCost> = {}) =>
  attempt(step, number, { outcome: 'committed', encodedMs: { '720p': 2000 }, ...more });

describe('a receipt', () => {
  test('sums what was used, and beside it what was thrown away', () => {
    const receipt = receiptOf([done('inspect', 1), attempt('chunk-0000', 1), won('chunk-0000', 2), won('chunk-0001', 1, { cpuMs: 50 })]);
    expect(receipt).toEqual({
      ...{ attempts: 4, cpuMs: 350, wallMs: 800, bytesRead: 40, bytesWritten: 4, requests: 12, encodedMs: { '720p': 4000 } },
      wasted: { attempts: 1, cpuMs: 100, wallMs: 200, bytesRead: 10, bytesWritten: 1, requests: 3 },
      unreported: { attempts: 0, cpuMs: 0 },
    });
  });

  test('counts each attempt once, in whatever order and however often it is told', () => {
    const step = fc.constantFrom('inspect', 'chunk-0000', 'audio');
    const costs = fc.array(
      fc.record({ step, attempt: fc.integer({ min: 1, max: 4 }), outcome: fc.constantFrom('committed', 'done', 'wasted'), cpuMs: fc.nat(9) }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(costs, fc.nat(100), (drawn, turn) => {
        const named = [...new Map(drawn.map((cost) => [`${cost.step} ${cost.attempt}`, attempt(cost.step, cost.attempt, cost)])).values()];
        const turned = [...named.slice(turn % (named.length + 1)), ...named, ...named.slice(0, turn % (named.length + 1))];
        const receipt = receiptOf(turned);
        expect(receipt).toEqual(receiptOf(named));
        expect([receipt.attempts, receipt.cpuMs]).toEqual([named.length, named.reduce((sum, { cpuMs }) => sum + cpuMs, 0)]);
        const steps = new Set(named.filter(({ outcome }) => outcome !== 'wasted').map((cost) => cost.step));
        expect(receipt.attempts - receipt.wasted.attempts).toBe(steps.size);
      }),
    );
  });

  test('of two that both succeeded one is the work, the other was done for nothing; what was committed comes first', () => {
    expect(receiptOf([done('package', 1), done('package', 2, { cpuMs: 7 })]).wasted).toMatchObject({ attempts: 1, cpuMs: 7 });
    const repeated = receiptOf([done('chunk-0000', 1, { cpuMs: 7 }), won('chunk-0000', 2)]);
    expect([repeated.wasted.cpuMs, repeated.encodedMs]).toEqual([7, { '720p': 2000 }]);
    // A zombie comes late, and with it what it has cost.
    expect(receiptOf([won('chunk-0000', 2), attempt('chunk-0000', 1, { encodedMs: { '720p': 2000 } })]).encodedMs).toEqual({ '720p': 2000 });
  });

  test('says how many ended without a word, and what was last heard of them', () => {
    const killed = receiptOf([won('chunk-0000', 4, { before: { cpuMs: 70 } }), attempt('chunk-0000', 2)]);
    expect(killed.unreported).toEqual({ attempts: 2, cpuMs: 70 });
    // One that told in the end is no longer among them, nor is what the next one had heard of it.
    const told = [won('chunk-0000', 2, { before: { cpuMs: 70 } }), attempt('chunk-0000', 1)];
    expect(receiptOf(told).unreported).toEqual({ attempts: 0, cpuMs: 0 });
    // Attempts of another activity are numbered anew: a stage that a person had tried again.
    expect(receiptOf([attempt('audio', 1), won('audio', 1, { activity: 'run-9' })]).unreported.attempts).toBe(0);
  });
});
