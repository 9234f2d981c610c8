/** One row of the table: a figure, and the goal that it is held to where it has one. */
export interface Row {
  readonly part: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Digits behind the point in the table; the JSON has all. */
  readonly digits: number;
  readonly goal: Goal | null;
  /** What a reader must know to read the figure: "runs 1.04 1.05 1.09", "synthetic source". */
  readonly note: string;
}

export type Goal = { readonly atMost: number } | { readonly atLeast: number } | { readonly within: number };

export const meets = (value: number, goal: Goal): boolean =>
  'atMost' in goal ? value <= goal.atMost : 'atLeast' in goal ? value >= goal.atLeast : Math.abs(value) <= goal.within;

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Of an even count the mean of the two in the middle. @throws RangeError for no values */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  if (low === undefined || high === undefined) throw new RangeError('no values, no median');
  return (low + high) / 2;
}

/** Ratio of two variants round by round, so that what slows the machine in one round slows both. @throws RangeError where they differ in length */
export function ratios(over: readonly number[], under: readonly number[]): number[] {
  if (over.length !== under.length) throw new RangeError(`${over.length} values against ${under.length}`);
  return over.map((value, round) => value / (under[round] as number));
}

export const goalText = (goal: Goal | null, unit: string): string => {
  if (goal === null) return '';
  const [sign, value] = 'atMost' in goal ? ['≤', goal.atMost] : 'atLeast' in goal ? ['≥', goal.atLeast] : ['±', goal.within];
  return `${sign} ${value}${unit === '×' ? '' : ` ${unit}`}`.trim();
};

/** A row whose value is the median of ratios, the single ones in its note. */
export function ratioRow(row: Pick<Row, 'part' | 'name' | 'goal'> & { readonly values: readonly number[]; readonly note?: string }): Row {
  const { values, note, ...rest } = row;
  const each = `runs ${values.map((value) => value.toFixed(3)).join(' ')}`;
  return { ...rest, value: median(values), unit: '×', digits: 3, note: note ? `${each}; ${note}` : each };
}
