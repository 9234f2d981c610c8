import { type Rational, toNumber } from '../domain/rational.js';
import type { SourceInput } from './input-args.js';
import { packetsArgs } from './probe-args.js';
import { runFfprobe } from './run-ffprobe.js';
import { type PacketFacts, WholePart } from './whole-part.js';

/** What reading every packet of one stream told. Times in microseconds on the file's time line. */
export interface StreamScan {
  /** Packets that are shown; those that an edit list discards are not counted. */
  readonly packetCount: number;
  readonly startUs: number;
  /** End of the packet that ends last. */
  readonly endUs: number;
  readonly sizeBytes: number;
  /** The rate on whose grid every packet of the stream has exactly one place, out of those asked for; null where none fits. */
  readonly evenRate: Rational | null;
}

export interface PacketScan {
  readonly streams: ReadonlyMap<number, StreamScan>;
  /** Longest silence between two packets in the order of the file, any stream. */
  readonly longestGapUs: number;
  /** What ffprobe complained of. */
  readonly stderr: string;
  readonly exitCode: number;
}

/**
 * Reads the file once from start to end. Memory does not grow with its length; a day of video is some ten million lines.
 * @param wish.grids rates that a stream may be even at, by stream index
 * @param wish.wholePart the file is cut: of each stream only what comes before the first thing that is missing counts
 * @param wish.fromUs packets before this moment are passed over
 */
export async function scanPackets(wish: {
  input: SourceInput;
  ffprobePath: string;
  timeoutMs: number;
  signal?: AbortSignal;
  grids: ReadonlyMap<number, readonly Rational[]>;
  fromUs?: number;
  wholePart?: boolean;
}): Promise<PacketScan> {
  const tracks = new Map<number, Track>();
  const parts = new Map<number, WholePart>();
  let rest = '';
  let lastUs: number | null = null;
  let longestGapUs = 0;
  const onLine = (line: string): void => {
    const [index, pts, dts, duration, size, flags] = line.split(',');
    // Packets with side data make empty lines behind them.
    if (!index || flags === undefined) return;
    const timeUs = micros(pts) ?? micros(dts);
    if (timeUs !== null && wish.fromUs !== undefined && timeUs < wish.fromUs) return;
    const stream = Number(index);
    let track = tracks.get(stream);
    if (!track) {
      const fresh = new Track(wish.grids.get(stream) ?? []);
      track = fresh;
      tracks.set(stream, fresh);
      if (wish.wholePart) parts.set(stream, new WholePart((packet) => fresh.add(packet)));
    }
    const packet = { timeUs, decodeUs: micros(dts), durationUs: micros(duration) ?? 0, sizeBytes: Number(size), discarded: flags.includes('D') };
    (parts.get(stream) ?? track).add(packet);
    if (timeUs === null) return;
    if (lastUs !== null) longestGapUs = Math.max(longestGapUs, timeUs - lastUs);
    lastUs = Math.max(lastUs ?? timeUs, timeUs);
  };
  const { exitCode, stderr } = await runFfprobe({
    ...{ args: packetsArgs(wish.input), ffprobePath: wish.ffprobePath, timeoutMs: wish.timeoutMs, signal: wish.signal },
    input: wish.input,
    onStdout: (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    },
  });
  onLine(rest);
  for (const part of parts.values()) part.end();
  return { streams: new Map([...tracks].map(([index, track]) => [index, track.result()])), longestGapUs, stderr, exitCode };
}

const micros = (seconds: string | undefined): number | null => {
  const value = seconds ? Number(seconds) : Number.NaN;
  return Number.isFinite(value) ? Math.round(value * 1_000_000) : null;
};

/** Sums of one stream; never a list of packets. */
class Track {
  private count = 0;
  private sizeBytes = 0;
  private startUs: number | null = null;
  private endUs: number | null = null;
  private readonly grids: GridFit[];

  constructor(rates: readonly Rational[]) {
    this.grids = rates.map((rate) => new GridFit(rate));
  }

  add(packet: Omit<PacketFacts, 'decodeUs'>): void {
    const { timeUs, durationUs } = packet;
    if (packet.discarded) return;
    this.count += 1;
    this.sizeBytes += packet.sizeBytes;
    if (timeUs === null) {
      for (const grid of this.grids) grid.spoil();
      return;
    }
    this.startUs = Math.min(this.startUs ?? timeUs, timeUs);
    this.endUs = Math.max(this.endUs ?? timeUs, timeUs + durationUs);
    for (const grid of this.grids) grid.add(timeUs);
  }

  result(): StreamScan {
    const even = this.grids.find((grid) => grid.fits());
    const { count, sizeBytes } = this;
    return { packetCount: count, startUs: this.startUs ?? 0, endUs: this.endUs ?? 0, sizeBytes, evenRate: even?.rate ?? null };
  }
}

/** How far from its place on the grid a packet may lie, in frames: containers round to milliseconds, which is 0.06 of a frame at 60 fps. */
const MAX_OFF_GRID = 0.3;

/** Whether packets, in whatever order, take each place of a grid exactly once; by count, ends and sum of the places. */
class GridFit {
  private originUs: number | null = null;
  private count = 0;
  private min = 0;
  private max = 0;
  private sum = 0;
  private spoiled = false;
  private readonly framesPerUs: number;

  constructor(readonly rate: Rational) {
    this.framesPerUs = toNumber(rate) / 1_000_000;
  }

  add(timeUs: number): void {
    this.originUs ??= timeUs;
    const exact = (timeUs - this.originUs) * this.framesPerUs;
    const place = Math.round(exact);
    if (Math.abs(exact - place) > MAX_OFF_GRID) this.spoiled = true;
    this.count += 1;
    this.min = Math.min(this.min, place);
    this.max = Math.max(this.max, place);
    this.sum += place;
  }

  spoil(): void {
    this.spoiled = true;
  }

  fits(): boolean {
    return !this.spoiled && this.count > 0 && this.count === this.max - this.min + 1 && this.sum * 2 === this.count * (this.min + this.max);
  }
}
