import { median, type Row, ratioRow, sum } from './figures.js';
import type { OpenResult } from './open-load.js';
import { isGood } from './tally.js';

/** More than is sustained in calm. */
export const TIMES = 10;
/** Of clients whose uploads are under way. The same in calm and in overload: they were let in before. */
export const SIGNS_A_SECOND = 20;
const PART = 'overload';
const KINDS = ['read', 'create', 'sign'] as const;

type Answers = Pick<OpenResult, 'tallies'>;

export interface Round {
  /** Requests a second in calm, without signatures. */
  readonly sustained: number;
  readonly calm: Answers;
  readonly over: Answers;
}

/**
 * What rounds of calm and overload say: what must never happen, counted in both of all of them; times as the median of each round's
 * overload against its own calm.
 * @param seen.seconds that calm and overload lasted, each
 * @param seen.acknowledged uploads, and how many of them are not there
 */
export function overloadRows(seen: {
  readonly rounds: readonly Round[];
  readonly seconds: number;
  readonly acknowledged: number;
  readonly lost: number;
}): Row[] {
  const { rounds, seconds, acknowledged, lost } = seen;
  const count = ({ tallies }: Answers, kinds: readonly string[], match: (status: number) => boolean): number =>
    sum(kinds.flatMap((kind) => Object.entries(tallies[kind]?.statuses() ?? {}).map(([status, times]) => (match(Number(status)) ? times : 0))));
  const ever = (kinds: readonly string[], match: (status: number) => boolean): number =>
    sum(rounds.flatMap(({ calm, over }) => [count(calm, kinds, match), count(over, kinds, match)]));
  const never = (name: string, value: number, note = ''): Row => ({ part: PART, name, value, unit: '', digits: 0, goal: { atMost: 0 }, note });
  const p99 = (result: Answers, kind: string): number => result.tallies[kind]?.quantileMs(0.99) ?? Number.NaN;
  const served = (result: Answers): number => count(result, ['read', 'create'], isGood) / seconds;
  const each = (figure: (round: Round) => number): string => rounds.map((round) => figure(round).toFixed(0)).join(', ');
  return [
    never(
      'answers that are no 2xx, 429 or 503',
      ever(KINDS, (status) => !isGood(status) && ![0, 429, 503].includes(status)),
    ),
    never(
      'requests without an answer',
      ever(KINDS, (status) => status === 0),
    ),
    {
      ...{ part: PART, name: `served of ${TIMES} times what is sustained`, unit: '/s', digits: 0, goal: null },
      value: median(rounds.map(({ over }) => served(over))),
      note: `${each(({ over }) => served(over))} of ${each(({ sustained }) => sustained * TIMES)}/s; in calm ${each(({ calm }) => served(calm))} of ${each(({ sustained }) => sustained)}/s; ${sum(rounds.map(({ over }) => count(over, KINDS, (status) => status === 503)))} times 503`,
    },
    ...KINDS.map((kind) =>
      ratioRow({
        ...{ part: PART, name: `${kind}: p99 of who is served, overload / calm`, goal: { atMost: 2 } },
        values: rounds.map(({ calm, over }) => p99(over, kind) / p99(calm, kind)),
        note: `${each(({ over }) => p99(over, kind))} ms / ${each(({ calm }) => p99(calm, kind))} ms`,
      }),
    ),
    never(
      'signs of uploads under way that were refused',
      ever(['sign'], (status) => !isGood(status)),
      `${SIGNS_A_SECOND}/s`,
    ),
    never('acknowledged uploads without row or workflow', lost, `of ${acknowledged}`),
  ];
}
