/** One wanted quality. A new quality is one new row of LADDER. */
export interface RungRow {
  readonly name: string;
  /** Pixels on the shorter side of the upright picture. */
  readonly shortSide: number;
  readonly crf: number;
  readonly maxrateKbps: number;
  readonly bufsizeKbps: number;
}

/** Highest first. Rates are caps (VBV) for 16:9 at up to 30 fps; CRF decides below them. */
export const LADDER: readonly RungRow[] = [
  { name: '1080p', shortSide: 1080, crf: 23, maxrateKbps: 5000, bufsizeKbps: 10000 },
  { name: '720p', shortSide: 720, crf: 23, maxrateKbps: 2800, bufsizeKbps: 5600 },
  { name: '480p', shortSide: 480, crf: 23, maxrateKbps: 1400, bufsizeKbps: 2800 },
];

/** One rung of one video: the row, made concrete. Even sizes, square samples. */
export interface Rung {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly crf: number;
  readonly maxrateKbps: number;
  readonly bufsizeKbps: number;
}

/** The nearest even size that is not larger than the source's own: 479 lines become 478, not 480. */
const evenWithin = (value: number, most: number): number => Math.max(2, Math.min(2 * Math.round(value / 2), 2 * Math.floor(most / 2)));

/** Above this rate a rung's caps are half as large again (Apple HLS authoring table: 60 fps against 30 fps). */
const HIGH_RATE_FPS = 32;

/**
 * The rungs for an upright picture of `width` × `height` (after rotation and sample aspect).
 * Never upscaled; by the short side, so that a portrait clip gets the same qualities as a landscape one;
 * at least one rung: a source below the lowest row keeps its own size under that row's caps.
 * A source within 2 % below a row counts as that row's size, not upscaled: 1078 lines are "1080p" at 1078.
 */
export function ladderFor(picture: { width: number; height: number; fps: number }): Rung[] {
  const short = Math.min(picture.width, picture.height);
  const factor = picture.fps > HIGH_RATE_FPS ? 1.5 : 1;
  const concrete = (row: RungRow): Rung => {
    const scale = Math.min(1, row.shortSide / short);
    return {
      name: row.name,
      width: evenWithin(picture.width * scale, picture.width),
      height: evenWithin(picture.height * scale, picture.height),
      crf: row.crf,
      maxrateKbps: Math.round(row.maxrateKbps * factor),
      bufsizeKbps: Math.round(row.bufsizeKbps * factor),
    };
  };
  const fitting = LADDER.filter((row) => short >= row.shortSide * 0.98);
  if (fitting.length > 0) return fitting.map(concrete);
  const lowest = LADDER[LADDER.length - 1] as RungRow;
  return [{ ...concrete(lowest), name: `${evenWithin(short, short)}p` }];
}
