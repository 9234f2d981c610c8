/** Reads ffmpeg's stderr line by line: `-progress` reports and messages come through the same pipe. */
export class FfmpegLog {
  /** When the output last grew, in `performance.now()` milliseconds. */
  advancedAt = performance.now();
  diskFull = false;
  /** A file grew to the size that the run was given. */
  fileLimit = false;
  private readonly lines: string[] = [];
  private readonly best = new Map<string, number>();

  constructor(
    private readonly onProgress: ((outTimeUs: number) => void) | undefined,
    private readonly onMessage?: (line: string) => void,
  ) {}

  /** @returns true for the last line of a progress report */
  take(line: string): boolean {
    const [, key, value] = PROGRESS_LINE.exec(line) ?? [];
    if (key === undefined || value === undefined) {
      this.takeMessage(line);
      return false;
    }
    if (GROWING.includes(key)) this.takeCount(key, Number(value));
    return key === 'progress';
  }

  /** The end of what ffmpeg said, at most 2000 characters, addresses cut. */
  tail(): string {
    return cutAddresses(this.lines.join('\n')).slice(-TAIL_CHARS);
  }

  private takeCount(key: string, value: number): void {
    // "N/A" until there is a first frame.
    if (!Number.isFinite(value) || value <= (this.best.get(key) ?? 0)) return;
    this.best.set(key, value);
    this.advancedAt = performance.now();
    if (key === 'out_time_us') this.onProgress?.(value);
  }

  private takeMessage(line: string): void {
    this.onMessage?.(line);
    if (PRINTED_VALUE.test(line)) return;
    const text = line
      .trimEnd()
      .slice(0, TAIL_CHARS)
      .replace(/[\p{Cc}\p{Cf}]/gu, '?');
    if (text === '') return;
    // ffmpeg's own words, behind a colon at the end of a line: a title in the file cannot say it at this log level.
    if (/: (No space left on device|Disk quota exceeded)$/.test(text)) this.diskFull = true;
    if (/: File too large$/.test(text)) this.fileLimit = true;
    this.lines.push(text);
    if (this.lines.length > TAIL_LINES) this.lines.shift();
  }
}

/** The command as one would paste it into a shell, addresses cut. */
export function pasteable(argv: readonly string[]): string {
  const quote = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
  return ['ffmpeg', ...argv.map(cutAddresses)].map(quote).join(' ').slice(0, COMMAND_CHARS);
}

/** URLs lose all behind the scheme: paths and queries of ours carry tokens and signatures. */
function cutAddresses(text: string): string {
  return text.replace(/\b(https?|tcp):\/\/[^\s'"]+/gi, '$1://SOURCE');
}

/** What `print` in an expression writes: for whoever asked for it, and no message. Later releases name the evaluator before it. */
export const PRINTED_VALUE = /^(?:\[Eval @ \w+\] )?\[warning\] (nan|-?\d+\.\d+)$/;

const PROGRESS_LINE =
  /^(frame|fps|stream_\d+_\d+_\w+|bitrate|total_size|out_time|out_time_us|out_time_ms|dup_frames|drop_frames|speed|progress)=\s*(.*)$/;
const GROWING = ['frame', 'out_time_us', 'total_size'];
const TAIL_CHARS = 2000;
const TAIL_LINES = 40;
const COMMAND_CHARS = 8000;
