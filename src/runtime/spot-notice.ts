import type { Logger } from './logger.js';
import { pause } from './pause.js';

const POLL_MS = 5000;
const ANSWER_MS = 2000;
/** What EC2 gives; others give less, and say so. */
export const SPOT_NOTICE_MS = 120_000;

/**
 * Asks a cloud's metadata service every 5 s whether this machine is about to be taken away (EC2's
 * `spot/instance-action` behind an IMDSv2 token; others speak the same). Calls back once, with the milliseconds left.
 * A service that does not answer is no notice: SIGTERM still comes.
 * Resolves when `signal` ends the watch, or after the notice.
 */
export async function watchSpotNotice(wish: {
  readonly url: string;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly onNotice: (leftMs: number) => void;
  readonly pollMs?: number;
}): Promise<void> {
  const base = wish.url.replace(/\/+$/, '');
  let complained = false;
  while (!wish.signal.aborted) {
    try {
      const leftMs = await askOnce(base, wish.signal);
      complained = false;
      if (leftMs !== null) return wish.onNotice(leftMs);
    } catch (err) {
      if (wish.signal.aborted) return;
      if (!complained) wish.logger.warn({ err }, 'the spot notice service does not answer');
      complained = true;
    }
    await pause(wish.pollMs ?? POLL_MS, wish.signal);
  }
}

/** Milliseconds until the machine goes; null where nothing is planned. */
async function askOnce(base: string, stop: AbortSignal): Promise<number | null> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(ANSWER_MS)]);
  const token = await fetch(`${base}/latest/api/token`, { method: 'PUT', headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '60' }, signal });
  const headers: Record<string, string> = token.ok ? { 'x-aws-ec2-metadata-token': await token.text() } : {};
  const answer = await fetch(`${base}/latest/meta-data/spot/instance-action`, { headers, signal });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`the spot notice service answered ${answer.status}`);
  const { time } = (await answer.json()) as { time?: string };
  const atMs = Date.parse(time ?? '');
  // A notice without a time still is one.
  return Number.isNaN(atMs) ? SPOT_NOTICE_MS : Math.max(0, atMs - Date.now());
}
