import { limitTerms, type Rational, rational, toNumber } from './rational.js';

/** Rates that cameras, editors and broadcasters use. Ascending. */
export const WELL_KNOWN_RATES: readonly Rational[] = [
  ...[rational(10), rational(12), rational(25, 2), rational(15_000, 1001), rational(15), rational(20)],
  ...[rational(24_000, 1001), rational(24), rational(25), rational(30_000, 1001), rational(30)],
  ...[rational(48_000, 1001), rational(48), rational(50), rational(60_000, 1001), rational(60)],
  ...[rational(90), rational(100), rational(120_000, 1001), rational(120), rational(144), rational(240_000, 1001), rational(240)],
];

/** Half the distance between 30 and 30000/1001: nearer to one than to the other. */
const SNAP_SHARE = 0.0005;
/** Keeps a track's timescale and tick counts far from 32 bits, at an error of less than a frame in a year. */
const MAX_TERM = 1_000_000;

/** The well-known rate within 0.05 % of a probed one ("2997/100", "1000000/33333"); else the rate itself, in terms that a container can hold. */
export function snapRate(rate: Rational): Rational {
  const fps = toNumber(rate);
  const near = WELL_KNOWN_RATES.map((known) => ({ known, off: Math.abs(toNumber(known) / fps - 1) })).sort((a, b) => a.off - b.off)[0];
  return near && near.off <= SNAP_SHARE ? near.known : limitTerms(rate, MAX_TERM);
}

export function sameRate(a: Rational, b: Rational): boolean {
  return a.num === b.num && a.den === b.den;
}
