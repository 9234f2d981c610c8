import type { Decision } from './plan.js';
import type { VideoFacts } from './probe.js';
import { sameRate, snapRate, WELL_KNOWN_RATES } from './rate.js';
import { type Rational, rational, toNumber } from './rational.js';

export interface RateDecision {
  readonly rate: Rational;
  readonly frameCount: number;
  /** Output frames are the source's frames, one for one. */
  readonly constantRate: boolean;
  /** Of so many source frames, which are even, the first is kept. Absent: all. */
  readonly keepEvery?: number;
  readonly decisions: readonly Decision[];
}

const MAX_FPS = 60;
/** Below it nothing is gained, and slide shows would get GOPs of two frames. */
const MIN_VARIABLE_FPS = 10;

/**
 * The one rate that the whole output runs at, and how many frames that makes.
 *
 * Constant rate needs proof: either the file's own table (or all its packets) shows every frame on the grid, or the
 * averages leave no room for doubt. Anything else is resampled, which is right in every case and only costs the claim
 * that each source frame appears exactly once.
 */
export function decideRate(video: VideoFacts): RateDecision {
  const base = snapRate(video.baseRate);
  if (!isConstant(video, base)) return variable(video, base);
  const step = Math.ceil(toNumber(base) / MAX_FPS - 1e-9);
  if (step <= 1) return { rate: base, frameCount: video.packetCount, constantRate: true, decisions: [] };
  const factor = step <= 2 ? 2 : 4;
  const rate = rational(base.num, base.den * factor);
  const text = `The source has ${fpsText(base)} frames a second; every ${factor === 2 ? 'second' : 'fourth'} one is kept, which makes ${fpsText(rate)}.`;
  // Rounded up: output frame n is source frame n × factor, and the last of those exists.
  const decisions = [{ code: 'RATE_HALVED', text }] as const;
  return { rate, frameCount: Math.ceil(video.packetCount / factor), constantRate: false, keepEvery: factor, decisions };
}

function isConstant(video: VideoFacts, base: Rational): boolean {
  const fps = toNumber(base);
  const expected = (video.durationUs * fps) / 1_000_000;
  if (video.evenlySpaced === false) return false;
  const surplus = video.packetCount - expected;
  // Looked at frame by frame: only an edit list that shows fewer frames can still speak against it.
  if (video.evenlySpaced === true) return Math.abs(surplus) <= 1.01;
  const average = toNumber(video.averageRate);
  // One frame too few is a gap that would be missed in some chunk; one too many is a last frame without a length.
  return Math.abs(average / fps - 1) <= 0.0005 && surplus > -0.6 && surplus <= 1.01;
}

function variable(video: VideoFacts, base: Rational): RateDecision {
  // Not packets over length: an edit list may show only a part of the packets.
  const average = toNumber(video.averageRate);
  const rate = variableRate(base, average);
  const frameCount = Math.max(1, Math.round((video.durationUs * rate.num) / (rate.den * 1_000_000)));
  const text = `The source has a variable frame rate (${average.toFixed(2)} a second on average); it is encoded at ${fpsText(rate)}, frames being repeated or dropped where needed.`;
  return { rate, frameCount, constantRate: false, decisions: [{ code: 'VARIABLE_RATE', text }] };
}

/**
 * The camera's nominal rate where it has one near its average; else the next well-known rate above the average, since
 * ffprobe's base rate of a screen recording is often its clock (1000 or 90000).
 */
function variableRate(base: Rational, average: number): Rational {
  const fps = toNumber(base);
  const known = WELL_KNOWN_RATES.some((rate) => sameRate(rate, base));
  if (known && fps <= MAX_FPS && fps >= MIN_VARIABLE_FPS && fps <= average * 2.2 && fps >= average * 0.95) return base;
  const usable = WELL_KNOWN_RATES.filter((rate) => toNumber(rate) >= MIN_VARIABLE_FPS && toNumber(rate) <= MAX_FPS);
  return usable.find((rate) => toNumber(rate) >= average * 0.999) ?? rational(MAX_FPS);
}

/** "29.97", "25". */
const fpsText = (rate: Rational): string => String(Number(toNumber(rate).toFixed(3)));
