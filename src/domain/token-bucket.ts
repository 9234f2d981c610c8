/** How a bucket fills: `perS` tokens a second, up to `burst`. */
export interface Rate {
  readonly perS: number;
  readonly burst: number;
}

/** What was in it when it was last looked at. */
export interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

export interface Decision {
  readonly allowed: boolean;
  /** Whole tokens that are left. */
  readonly remaining: number;
  /** Until there is a token again; 0 where there is one. */
  readonly retryMs: number;
  /** Until the bucket is full. */
  readonly fullMs: number;
}

/** Takes one token, where there is one. A clock that goes back adds nothing, and a smaller bucket holds no more than it can. */
export function takeToken(before: Bucket | null, rate: Rate, nowMs: number): { readonly bucket: Bucket; readonly decision: Decision } {
  const refilled = before === null ? rate.burst : before.tokens + (Math.max(0, nowMs - before.atMs) * rate.perS) / 1000;
  const there = Math.min(rate.burst, refilled);
  const allowed = there >= 1;
  const tokens = allowed ? there - 1 : there;
  return { bucket: { tokens, atMs: Math.max(nowMs, before?.atMs ?? nowMs) }, decision: decisionOf(allowed, tokens, rate) };
}

export function decisionOf(allowed: boolean, tokens: number, rate: Rate): Decision {
  const untilMs = (wanted: number): number => Math.max(0, ((wanted - tokens) / rate.perS) * 1000);
  return { allowed, remaining: Math.max(0, Math.floor(tokens)), retryMs: untilMs(1), fullMs: untilMs(rate.burst) };
}

/** The part of a rate that one of `count` processes may give out by itself. At least one request at a time, or it would give out none. */
export const shareOf = ({ perS, burst }: Rate, count: number): Rate => ({ perS: perS / count, burst: Math.max(1, burst / count) });
