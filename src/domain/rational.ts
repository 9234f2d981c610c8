/** An exact fraction; frame rates and times are never floats where frames are counted. Always in lowest terms, den > 0. */
export interface Rational {
  readonly num: number;
  readonly den: number;
}

function gcd(a: number, b: number): number {
  let [x, y] = [Math.abs(a), Math.abs(b)];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

/** @throws RangeError where either side is no safe integer or den is 0 */
export function rational(num: number, den = 1): Rational {
  if (!Number.isSafeInteger(num) || !Number.isSafeInteger(den) || den === 0) {
    throw new RangeError(`not a fraction of integers: ${num}/${den}`);
  }
  const divisor = gcd(num, den) || 1;
  const sign = den < 0 ? -1 : 1;
  // Adding 0 turns -0 into 0, which would compare as another value.
  return { num: (sign * num) / divisor + 0, den: (sign * den) / divisor };
}

/** Reads ffprobe's "30000/1001" or "25"; null for "0/0", "N/A" and the like. */
export function parseRational(text: string | undefined): Rational | null {
  const match = /^(\d+)(?:[/:](\d+))?$/.exec(text ?? '');
  if (!match) return null;
  const [num, den] = [Number(match[1]), Number(match[2] ?? '1')];
  return num > 0 && den > 0 && Number.isSafeInteger(num) && Number.isSafeInteger(den) ? rational(num, den) : null;
}

export function toNumber(value: Rational): number {
  return value.num / value.den;
}

/** The nearest fraction whose terms are both at most `most`: the last convergent of the continued fraction that fits. */
export function limitTerms(value: Rational, most: number): Rational {
  if (value.num <= most && value.den <= most) return value;
  let [before, last] = [rational(0), { num: 1, den: 0 }];
  let [num, den] = [value.num, value.den];
  while (den !== 0) {
    const whole = Math.floor(num / den);
    const next = { num: whole * last.num + before.num, den: whole * last.den + before.den };
    if (next.num > most || next.den > most) break;
    [before, last] = [last, next];
    [num, den] = [den, num % den];
  }
  return last.den === 0 ? rational(most) : rational(last.num, last.den);
}

/** Time of a frame's start in whole microseconds, rounded to nearest: exact for a day at any rate up to 1000 fps. */
export function frameTimeUs(frame: number, rate: Rational): number {
  const scaled = BigInt(frame) * BigInt(rate.den) * 1_000_000n * 2n;
  const doubled = scaled / BigInt(rate.num);
  return Number((doubled + 1n) / 2n);
}

/** "12.345678" from whole microseconds: what ffmpeg takes as a time, without a float in between. */
export function secondsText(us: number): string {
  const sign = us < 0 ? '-' : '';
  const whole = Math.abs(Math.round(us));
  return `${sign}${Math.floor(whole / 1_000_000)}.${String(whole % 1_000_000).padStart(6, '0')}`;
}
