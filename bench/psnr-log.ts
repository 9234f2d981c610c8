/** Highest figure that is reported: equal pictures have no finite PSNR. */
const EQUAL_DB = 100;

/**
 * Mean squared errors by frame, all planes together, from the stats file of ffmpeg's `psnr` filter.
 * @throws RangeError where a line is none, or frames are missing
 */
export function parsePsnrLog(text: string): number[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, index) => {
    const [, n, mse] = /^n:(\d+) mse_avg:(\d+(?:\.\d+)?) /.exec(line) ?? [];
    if (Number(n) !== index + 1) throw new RangeError(`line ${index + 1} of a psnr log: ${line.slice(0, 60)}`);
    return Number(mse);
  });
}

/** Of 8-bit samples. */
export const decibels = (mse: number): number => (mse <= 0 ? EQUAL_DB : Math.min(EQUAL_DB, 10 * Math.log10(255 ** 2 / mse)));

/** PSNR over the whole: of the mean error, not the mean of frames' figures. @throws RangeError for no frames */
export function wholeDecibels(mses: readonly number[]): number {
  if (mses.length === 0) throw new RangeError('no frames, no PSNR');
  return decibels(mses.reduce((sum, mse) => sum + mse, 0) / mses.length);
}

/** Frames on each side of a join that are looked at. */
export const JOIN_SPAN = 5;

export interface JoinDeltas {
  /** dB by which ours is better (+) or worse (−), for each of the frames around each join. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** The same for all other frames: how far two encodes differ anyway. */
  readonly elsewhere: readonly number[];
}

/**
 * Frame by frame, ours against theirs. `joins` are the first frames of chunks, without frame 0.
 * @throws RangeError where the two have other lengths
 */
export function joinDeltas(ours: readonly number[], theirs: readonly number[], joins: readonly number[]): JoinDeltas {
  if (ours.length !== theirs.length) throw new RangeError(`${ours.length} frames against ${theirs.length}`);
  const side = new Map<number, 'before' | 'after'>();
  for (const join of joins) {
    for (let n = 1; n <= JOIN_SPAN; n += 1) side.set(join - n, 'before').set(join + n - 1, 'after');
  }
  const deltas = { before: [] as number[], after: [] as number[], elsewhere: [] as number[] };
  for (const [frame, mse] of ours.entries()) deltas[side.get(frame) ?? 'elsewhere'].push(decibels(mse) - decibels(theirs[frame] as number));
  return deltas;
}

export const worst = (deltas: readonly number[]): number => deltas.reduce((least, delta) => Math.min(least, delta), Number.POSITIVE_INFINITY);

/** The value that a share of all lies below (0.01: the first percentile). @throws RangeError for no values */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const found = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  if (found === undefined) throw new RangeError('no values, no quantile');
  return found;
}
