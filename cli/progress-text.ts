import { bytesText } from '../src/domain/summary.js';

export interface Progress {
  readonly movedBytes: number;
  readonly sizeBytes: number;
  /** Bytes a second; null while it is not known. */
  readonly perSecond: number | null;
}

const BAR_CELLS = 24;

/** "━━━━━━────  42 %  18.2 MB/s  1:04 left" */
export function progressText(progress: Progress): string {
  return `${barText(fractionOf(progress))} ${plainProgressText(progress)}`;
}

/** The same without the bar, for output that is read as lines. */
export function plainProgressText(progress: Progress): string {
  const { sizeBytes, perSecond } = progress;
  const percent = `${Math.floor(100 * fractionOf(progress))} %`.padStart(5);
  const seconds = secondsLeft(progress);
  const rate = perSecond === null ? '' : `  ${bytesText(Math.round(perSecond))}/s`;
  return `${percent} of ${bytesText(sizeBytes)}${rate}${seconds === null ? '' : `  ${timeText(seconds)} left`}`;
}

/** null where it cannot be said: nothing moves, or nothing is known yet. */
export function secondsLeft({ movedBytes, sizeBytes, perSecond }: Progress): number | null {
  if (perSecond === null || perSecond <= 0 || movedBytes >= sizeBytes) return null;
  return Math.ceil((sizeBytes - movedBytes) / perSecond);
}

/** "0:09", "12:30", "3:05:00" */
export function timeText(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

function barText(fraction: number): string {
  const full = Math.floor(BAR_CELLS * fraction);
  return '━'.repeat(full) + '─'.repeat(BAR_CELLS - full);
}

/** An empty file is done when it is begun. */
function fractionOf({ movedBytes, sizeBytes }: Progress): number {
  return sizeBytes === 0 ? 1 : Math.min(1, Math.max(0, movedBytes / sizeBytes));
}
