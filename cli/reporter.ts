import { basename } from 'node:path';
import { describe } from '../client/describe-video.js';
import type { Video } from '../client/index.js';
import { bytesText } from '../src/domain/summary.js';
import { createScreen, type LiveLine, type Screen } from '../stack/screen.js';
import { plainProgressText, progressText, timeText } from './progress-text.js';

/** What happens to a file, as programs read it: one object a line. `file` is as the user named it. */
export type CliEvent = { readonly file: string } & (
  | {
      readonly event: 'session';
      readonly upload_id: string;
      readonly video_id: string;
      readonly size_bytes: number;
      readonly part_count: number;
      readonly part_size_bytes: number;
      readonly resumed: boolean;
      readonly bytes_there: number;
    }
  | { readonly event: 'progress'; readonly moved_bytes: number; readonly size_bytes: number; readonly bytes_per_second: number | null }
  | { readonly event: 'note'; readonly text: string }
  | { readonly event: 'part_failed'; readonly part_number: number; readonly why: string }
  | {
      readonly event: 'uploaded';
      readonly upload_id: string;
      readonly video_id: string;
      readonly size_bytes: number;
      readonly transfer_s: number;
      readonly upload_s: number;
      readonly bytes_per_second: number;
    }
  | { readonly event: 'video'; readonly video: Video }
  | { readonly event: 'failed'; readonly code: string; readonly message: string }
);

export interface Reporter {
  tell(event: CliEvent): void;
  /** A line that belongs to no file. */
  say(line: string): void;
  /** An answer, for programs as it is and for people in words. */
  answer(value: unknown, words: () => string): void;
  settle(): void;
}

interface Streams {
  readonly out: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };
  readonly err: { write(text: string): unknown };
}

/** How often the same file's progress is told: to programs, on a terminal, and as lines. */
const JSON_EVERY_MS = 1_000;
const DRAW_EVERY_MS = 150;
const LINE_EVERY_MS = 4_000;

export function createReporter(json: boolean, streams: Streams, now: () => number = () => performance.now()): Reporter {
  return json ? jsonReporter(streams, now) : wordsReporter(createScreen(streams.out), streams, now);
}

function jsonReporter({ out, err }: Streams, now: () => number): Reporter {
  const write = (value: unknown): void => void out.write(`${JSON.stringify(value)}\n`);
  const due = every(JSON_EVERY_MS, now);
  return {
    tell(event) {
      if (event.event === 'progress' && event.moved_bytes < event.size_bytes && !due(event.file)) return;
      write({ at: new Date().toISOString(), ...event });
    },
    say: (line) => void err.write(`${line}\n`),
    answer: (value) => write(value),
    settle: () => undefined,
  };
}

function wordsReporter(screen: Screen, { out }: Streams, now: () => number): Reporter {
  const lines = new Map<string, LiveLine>();
  const isTerminal = out.isTTY === true;
  const drawDue = every(isTerminal ? DRAW_EVERY_MS : LINE_EVERY_MS, now);
  const show = (file: string, text: string, milestone = text): void => {
    const name = basename(file);
    lines.set(file, { key: file, text: `  ${name}  ${text}`, milestone: `  ${name}: ${milestone}` });
    screen.live([...lines.values()]);
  };
  const said = (file: string, text: string): void => screen.say(`  ${basename(file)}: ${text}`);
  return {
    tell(event) {
      const { file } = event;
      switch (event.event) {
        case 'session':
          if (event.resumed)
            said(file, `goes on: ${bytesText(event.bytes_there)} of ${bytesText(event.size_bytes)} are there already (${event.upload_id})`);
          return show(file, `uploading ${bytesText(event.size_bytes)} in ${event.part_count} parts`);
        case 'progress': {
          const progress = { movedBytes: event.moved_bytes, sizeBytes: event.size_bytes, perSecond: event.bytes_per_second };
          if (drawDue(file)) show(file, progressText(progress), plainProgressText(progress).trim());
          return;
        }
        case 'note':
          return said(file, event.text);
        case 'part_failed':
          // The part is sent again; on a terminal the bar shows it, and a line for each would drown the rest.
          return;
        case 'uploaded':
          return show(file, uploadedText(event));
        case 'video':
          show(file, describe(event.video), describe(event.video, true));
          if (event.video.status === 'ready' && event.video.playback) said(file, `play ${event.video.playback.hls}`);
          return;
        case 'failed':
          return show(file, `${event.code}: ${event.message}`);
      }
    },
    say: (line) => screen.say(line),
    answer: (_value, words) => screen.say(words()),
    settle: () => screen.settle(),
  };
}

function uploadedText(event: Extract<CliEvent, { event: 'uploaded' }>): string {
  const rate = event.bytes_per_second > 0 ? `, ${bytesText(event.bytes_per_second)}/s` : '';
  return `uploaded: ${bytesText(event.size_bytes)} in ${timeText(event.upload_s)}${rate}; video ${event.video_id}`;
}

/** True at most once in `ms` for each key. */
function every(ms: number, now: () => number): (key: string) => boolean {
  const last = new Map<string, number>();
  return (key) => {
    const before = last.get(key);
    if (before !== undefined && now() - before < ms) return false;
    last.set(key, now());
    return true;
  };
}
