import { cleanCueText } from './cue-text.js';

/** One caption. Microseconds; lines of text joined by a line feed. */
export interface Cue {
  readonly startUs: number;
  readonly endUs: number;
  /** Where it stands on the screen, in WebVTT's words; empty for the usual place. */
  readonly settings: string;
  readonly text: string;
}

/**
 * Reads what ffmpeg's muxer wrote. Blank lines inside a cue, which some subtitles have, do not end it there: it goes on
 * to the next line of times, less that cue's own name.
 */
export function parseCues(vtt: string): Cue[] {
  const blocks = vtt
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n')
    .split(/\n{2,}/);
  const cues: { startUs: number; endUs: number; settings: string; lines: string[] }[] = [];
  for (const block of blocks.slice(vtt.startsWith('WEBVTT') ? 1 : 0)) {
    const lines = block.split('\n');
    const at = lines.slice(0, 2).findIndex((line) => TIMES.test(line));
    if (at < 0) {
      cues.at(-1)?.lines.push(...lines);
      continue;
    }
    const [, start, end, settings = ''] = TIMES.exec(lines[at] ?? '') ?? [];
    cues.push({ startUs: micros(start), endUs: micros(end), settings: knownSettings(settings), lines: lines.slice(at + 1) });
  }
  return cues.map(({ lines, ...cue }) => ({ ...cue, text: cleanCueText(lines) }));
}

const CLOCK = String.raw`-?(?:\d{2,}:)?\d{2}:\d{2}\.\d{3}`;
const TIMES = new RegExp(String.raw`^(${CLOCK}) --> (${CLOCK})(?:[ \t]+(.*))?$`);

function micros(clock: string | undefined): number {
  const text = clock ?? '';
  const seconds = text
    .replace('-', '')
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round(seconds * 1_000_000) * (text.startsWith('-') ? -1 : 1);
}

const PERCENT = String.raw`\d{1,3}(?:\.\d{1,4})?%`;
const SETTING = new RegExp(
  String.raw`^(?:vertical:(?:rl|lr)|line:(?:-?\d{1,4}|${PERCENT})(?:,(?:start|center|end))?|position:${PERCENT}(?:,(?:line-left|center|line-right))?|size:${PERCENT}|align:(?:start|center|end|left|right))$`,
);

const knownSettings = (text: string): string =>
  text
    .split(/[ \t]+/)
    .filter((word) => SETTING.test(word))
    .join(' ');

/** Cues on the video's time line, in order: cut to it, without those that lie outside or say nothing. */
export function placeCues(cues: readonly Cue[], on: { readonly originUs: number; readonly durationUs: number }): Cue[] {
  // In whole milliseconds, as they are written: a cue must not end up in a segment that it does not reach.
  const within = (us: number): number => Math.floor(Math.min(Math.max(0, us - on.originUs), on.durationUs) / 1000) * 1000;
  return cues
    .map((cue) => ({ ...cue, startUs: within(cue.startUs), endUs: within(cue.endUs) }))
    .filter((cue) => cue.endUs - cue.startUs >= 1000 && cue.text !== '')
    .sort((a, b) => a.startUs - b.startUs || a.endUs - b.endUs);
}

/** A stretch of the video, and the cues that are on screen in it. */
export interface CueSegment {
  readonly startUs: number;
  readonly durationUs: number;
  readonly cues: readonly Cue[];
}

/** A minute of talk is a few kilobytes. */
const SEGMENT_US = 60_000_000;

/** A cue that lasts over the end of a segment is in both, whole, as HLS asks. */
export function segmentCues(cues: readonly Cue[], durationUs: number): CueSegment[] {
  return Array.from({ length: Math.max(1, Math.ceil(durationUs / SEGMENT_US)) }, (_, n) => {
    const startUs = n * SEGMENT_US;
    const endUs = Math.min(durationUs, startUs + SEGMENT_US);
    return { startUs, durationUs: endUs - startUs, cues: cues.filter((cue) => cue.startUs < endUs && cue.endUs > startUs) };
  });
}

/** Our tracks begin at 0, and so do the cues' times. */
const HEADER = 'WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n';

/** One segment as it is stored. Times count from the beginning of the video. */
export function writeCues(cues: readonly Cue[]): string {
  const blocks = cues.map(
    ({ startUs, endUs, settings, text }) => `${clock(startUs)} --> ${clock(endUs)}${settings ? ` ${settings}` : ''}\n${text}\n`,
  );
  return [HEADER, ...blocks].join('\n');
}

export const hasHeader = (vtt: string): boolean => vtt.startsWith(HEADER);

function clock(us: number): string {
  const ms = Math.round(us / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes, seconds] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60];
  return `${two(hours)}:${two(minutes)}:${two(seconds)}.${String(ms % 1000).padStart(3, '0')}`;
}
