import { ffmpeg, ffprobeJson } from './lavfi.js';

const RATE = 48_000;

/** lavfi input: a beep of 50 ms at every whole second. */
export const beeps = (seconds: number): string[] => [
  '-f',
  'lavfi',
  '-i',
  `aevalsrc='if(lt(mod(t,1),0.05),0.8*sin(2*PI*1000*t),0)':s=${RATE}:d=${seconds}`,
];

/** Mono samples at 48 kHz, priming included. */
export function samplesOf(path: string): Int16Array {
  const raw = ffmpeg('-i', path, '-map', '0:a', '-ac', '1', '-ar', String(RATE), '-f', 's16le', '-');
  return Int16Array.from({ length: raw.length / 2 }, (_, n) => raw.readInt16LE(n * 2));
}

/** Seconds at which it becomes loud, on the time line that a player shows. */
export function beepsOf(path: string): number[] {
  // The decoder gives the priming too; it ends where the edit list says, at time 0.
  const { streams } = ffprobeJson<{ streams: { start_time: string }[] }>('-select_streams', 'a', '-show_entries', 'stream=start_time', path);
  const startS = Number(streams[0]?.start_time);
  const beepsS: number[] = [];
  let quiet = RATE;
  for (const [n, sample] of samplesOf(path).entries()) {
    quiet += 1;
    if (Math.abs(sample) < 6000) continue;
    if (quiet > RATE / 10) beepsS.push(startS + n / RATE);
    quiet = 0;
  }
  return beepsS;
}
