import { goalText, meets, type Row } from './figures.js';

/** Rows as aligned text, one line each: part, figure, value, goal, verdict, note. */
export function tableText(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.part,
    row.name,
    `${row.value.toFixed(row.digits)}${row.unit === '×' ? '' : ` ${row.unit}`}`,
    goalText(row.goal, row.unit),
    row.goal === null ? '' : meets(row.value, row.goal) ? 'met' : 'MISSED',
    row.note,
  ]);
  const all = [['part', 'figure', 'value', 'goal', '', 'note'], ...cells];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0))) ?? [];
  return all
    .map((line) =>
      line
        .map((cell, column) => (column === 2 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The last line of a run: everything, for programs. `ok` is false where a goal is missed or a part has failed. */
export function summaryJson(rows: readonly Row[], failed: readonly string[], facts: Readonly<Record<string, unknown>>): string {
  const missed = rows.filter((row) => row.goal !== null && !meets(row.value, row.goal));
  return JSON.stringify({
    ok: missed.length === 0 && failed.length === 0,
    missed: missed.map((row) => `${row.part}: ${row.name}`),
    failed,
    ...facts,
    rows: rows.map(({ part, name, value, unit, goal, note }) => ({ part, name, value, unit, goal, note })),
  });
}
