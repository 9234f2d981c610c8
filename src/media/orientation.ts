import type { VideoFacts } from '../domain/probe.js';

/**
 * How a player shows the stored picture, from its display matrix: rows (a b u), (c d v), (x y w) in ffprobe's words,
 * by which a point goes from (p, q) to (ap + cq, bp + dq). Players know quarter turns and mirrors only, so of any other
 * matrix the nearest of these is taken. Without a readable matrix the angle alone speaks.
 */
export function orientationOf(
  sideData: readonly { readonly rotation?: number | undefined; readonly displaymatrix?: string | undefined }[] | undefined,
): Pick<VideoFacts, 'rotation' | 'mirrored'> {
  const data = sideData?.find((each) => each.displaymatrix !== undefined || each.rotation !== undefined);
  const matrix = numbersOf(data?.displaymatrix);
  // ffprobe gives the angle counter-clockwise.
  if (!matrix) return { rotation: quarters(-(data?.rotation ?? 0)) };
  const [a, b, c, d] = matrix;
  const mirrored = a * d - b * c < 0;
  // Where the stored picture's right-hand side points to, once a mirror's share is taken out.
  const [x, y] = mirrored ? [-a, -b] : [a, b];
  return { rotation: quarters((Math.atan2(y, x) * 180) / Math.PI), ...(mirrored ? { mirrored } : {}) };
}

/** Nearest quarter turn, 0 to 270. */
const quarters = (degrees: number): number => ((((Math.round(degrees / 90) % 4) + 4) % 4) * 90) % 360;

/** a, b, c, d of "00000000:  0  65536  0" and so on, one line a row; null for what is no such matrix, or turns nothing into anything. */
function numbersOf(text: string | undefined): readonly [number, number, number, number] | null {
  const rows = [...(text ?? '').matchAll(/^[0-9a-f]{8}:\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)\s*$/gm)].map(([, ...row]) => row.map(Number));
  const [[a = 0, b = 0] = [], [c = 0, d = 0] = []] = rows;
  return rows.length === 3 && a * d - b * c !== 0 ? [a, b, c, d] : null;
}
