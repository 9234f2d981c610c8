import type { Damage } from '../domain/damage.js';
import type { ChunkRange } from '../domain/grid.js';
import type { Plan } from '../domain/plan.js';
import { chunkWindow } from './chunk-window.js';
import { PRINTED_VALUE } from './ffmpeg-log.js';

/**
 * Counts the damaged frames of one piece from what ffmpeg says while it reads the piece. The places that encode-args has it
 * tell stand between its complaints: a complaint is about the frame whose place comes next. So damage before and behind
 * the piece, which must be decoded with it, is not counted twice.
 *
 * Where the rate is constant, a place that is never told is a frame that is missing, whoever lost it. Elsewhere only what
 * a decoder said that it could not show is known to be missing.
 */
export class DamageLog {
  /** Complaints that may lie in the source, wherever they were. */
  private complaints = 0;
  private readonly told = new Set<number>();
  private readonly flagged = new Set<number>();
  private readonly complained = new Set<number>();
  private lost = 0;
  private isFlagged = false;
  private isComplained = false;
  private at: number;
  private readonly first: number;
  private readonly end: number;

  constructor(
    private readonly plan: Pick<Plan, 'video' | 'grid' | 'format'>,
    chunk: ChunkRange,
  ) {
    const { runInFrames } = chunkWindow(plan, chunk);
    this.first = runInFrames;
    this.end = runInFrames + chunk.frameCount;
    // What is lost before the first frame was shown is a part of the piece only where nothing lies before it.
    this.at = chunk.startFrame === 0 ? 0 : Number.NEGATIVE_INFINITY;
  }

  take(line: string): void {
    const place = PRINTED_VALUE.exec(line)?.[1];
    if (place !== undefined) this.show(Math.round(Number(place)));
    else if (FLAGGED.test(line)) this.isFlagged = this.complain();
    else if (LOST.test(line)) this.lose();
    else if (COMPLAINT.test(line) && !HARMLESS.test(line)) this.isComplained = this.complain();
  }

  /** ffmpeg, its demuxers or decoders complained of what they read. */
  get said(): boolean {
    return this.complaints > 0;
  }

  /** Of the piece itself, once it is made. */
  damage(): Damage {
    const places = [...this.told].filter((place) => this.holds(place)).length;
    const missing = this.plan.video.constantRate ? this.end - this.first - places : this.lost;
    // Some decoders mark the frame, some only complain, most do both.
    return { missing, concealed: Math.max(this.flagged.size, this.complained.size) };
  }

  private show(place: number): void {
    this.at = place;
    this.told.add(place);
    if (this.holds(place) && this.isFlagged) this.flagged.add(place);
    if (this.holds(place) && this.isComplained) this.complained.add(place);
    [this.isFlagged, this.isComplained] = [false, false];
  }

  private lose(): void {
    this.complain();
    if (this.at >= this.first - 1 && this.at < this.end) this.lost += 1;
    // What was said before was about the frame that does not come.
    this.isComplained = false;
  }

  private complain(): true {
    this.complaints += 1;
    return true;
  }

  private readonly holds = (place: number): boolean => place >= this.first && place < this.end;
}

const FLAGGED = /\bcorrupt decoded frame\b/;
const LOST = /^\[error\] Error while decoding stream #|^\[\w*ts @ \w+\] \[warning\] Packet corrupt .*dropping it/;
/** A decoder or a demuxer of those that are let in, or ffmpeg about a packet or a whole file. Encoders and filters are ours. */
const COMPLAINT =
  /^\[(?:NULL|h264|hevc|(?:lib)?vp[x89][-\w]*|av1|libdav1d|mpeg4|mpeg2video|prores|mjpeg|mov,[\w,]+|matroska,webm|mpegts|avi) @ \w+\] \[(?:error|fatal|panic)\] |: corrupt input packet in stream |: Invalid data found when processing input$/;
/** What a seek into an open GOP, or a camera's own habits, make honest files say. */
const HARMLESS = /mmco: unref short failure|co located POCs unavailable|number of reference frames .* exceeds max/;

/** Counts the packets of one stream that a demuxer calls broken, and what it could not make sense of, where nothing is decoded. */
export class PacketLog {
  count = 0;

  constructor(private readonly streamIndex: number) {}

  take(line: string): void {
    const stream = BROKEN.exec(line)?.[1];
    if (stream === undefined ? DEMUXER.test(line) : Number(stream) === this.streamIndex) this.count += 1;
  }
}

const BROKEN = /\] \[warning\] Packet corrupt \(stream = (\d+)/;
const DEMUXER = /^\[(?:mov,[\w,]+|matroska,webm|mpegts|avi) @ \w+\] \[error\] /;

/** Counts the packets of a sound track that could not be decoded. */
export class SoundLog {
  lost = 0;

  take(line: string): void {
    if (LOST.test(line)) this.lost += 1;
  }
}
