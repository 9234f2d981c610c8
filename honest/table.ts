import type { Outcome } from './check-row.js';

/** One line for the person who waits. */
export function rowText(outcome: Outcome): string {
  const verdict = outcome.faults.length === 0 ? 'ok ' : 'RED';
  const facts = [outcome.result, syncText(outcome), colourText(outcome)].filter((text) => text !== '').join('; ');
  const faults = outcome.faults.map((fault) => `\n      ${fault}`).join('');
  return `${verdict} ${outcome.group.padEnd(7)} ${outcome.name}: ${facts}  (${outcome.seconds.toFixed(1)} s)${faults}`;
}

const syncText = ({ syncMs }: Outcome): string => (syncMs === null ? '' : `${syncMs.toFixed(1)} ms`);
const colourText = ({ colourOff }: Outcome): string => (colourOff === null ? '' : `colour ${colourOff}`);

const MARK = { begin: '<!-- begin of the table: npm run honest -- --write -->', end: '<!-- end of the table -->' };

interface Named {
  readonly group: string;
  readonly name: string;
}

/**
 * The page with the rows that ran put into its table, between the marks: in the matrix's order, those that did not run
 * as they stood, and none that the matrix no longer has.
 * @throws Error where the page has no place for it
 */
export function pageWith(page: string, outcomes: readonly Outcome[], order: readonly Named[]): string {
  const [begin, end] = [page.indexOf(MARK.begin), page.indexOf(MARK.end)];
  if (begin < 0 || end < begin) throw new Error('The page has no place for the table.');
  const standing = page.slice(begin, end).split('\n');
  const lines = order.flatMap(({ group, name }) => {
    const ran = outcomes.find((outcome) => outcome.group === group && outcome.name === name);
    const before = standing.filter((line) => line.startsWith(cells([group, name]).slice(0, -1)));
    return ran ? [rowCells(ran)] : before;
  });
  const head = [cells(['', 'source', 'result', 'flash to beep', 'colour off', 'record']), '|---|---|---|--:|--:|---|'];
  return `${page.slice(0, begin + MARK.begin.length)}\n\n${[...head, ...lines].join('\n')}\n\n${page.slice(end)}`;
}

const cells = (values: readonly string[]): string => `| ${values.map((value) => value.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;

function rowCells(outcome: Outcome): string {
  const result = outcome.faults.length === 0 ? outcome.result : `**RED** ${[outcome.result, ...outcome.faults].join('; ')}`;
  const colour = outcome.colourOff === null ? '' : String(outcome.colourOff);
  return cells([outcome.group, outcome.name, result, syncText(outcome), colour, outcome.decisions.join(', ')]);
}

/** The last line of a run: everything, for programs. */
export function summaryJson(outcomes: readonly Outcome[], facts: Readonly<Record<string, unknown>>): string {
  const red = outcomes.filter(({ faults }) => faults.length > 0);
  const worst = (values: readonly (number | null)[]): number => Math.max(0, ...values.map((value) => value ?? 0));
  return JSON.stringify({
    ok: red.length === 0 && outcomes.length > 0,
    ...{ rows: outcomes.length, green: outcomes.length - red.length },
    worstSyncMs: Number(worst(outcomes.map(({ syncMs }) => syncMs)).toFixed(2)),
    worstColourOff: worst(outcomes.map(({ colourOff }) => colourOff)),
    red: red.map(({ group, name, faults }) => ({ group, name, faults })),
    ...facts,
  });
}
