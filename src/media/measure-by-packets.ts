import { type ErrorDetails, PipelineError } from '../domain/errors.js';
import type { SourceFacts, VideoFacts } from '../domain/probe.js';
import { snapRate } from '../domain/rate.js';
import { parseRational, rational } from '../domain/rational.js';
import type { Container } from '../domain/sniff.js';
import type { SourceInput } from './input-args.js';
import { type PacketScan, type StreamScan, scanPackets } from './packet-scan.js';
import {
  accessUnitRates,
  countOf,
  type Measured,
  type MeasuredSound,
  microseconds,
  type ProbedFile,
  type ProbedStream,
  type ProbedTracks,
  videoFacts,
} from './probe-facts.js';

export interface ScanWish {
  readonly input: SourceInput;
  readonly source: SourceFacts;
  readonly ffprobePath: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/**
 * By reading every packet, which is also the only way to see that such a file goes on to its end.
 * @throws PipelineError SOURCE_TRUNCATED, SOURCE_CORRUPT, and what running ffprobe throws
 */
export async function measureByPackets(wish: ScanWish, tracks: ProbedTracks, container: Container | null): Promise<Measured> {
  const { file, video, sounds } = tracks;
  const facts = videoFacts(video);
  const rates = facts ? [snapRate(facts.baseRate), snapRate(facts.averageRate)] : [];
  const scan = await scanPackets({
    ...{ input: wish.input, ffprobePath: wish.ffprobePath, signal: wish.signal },
    grids: new Map([[video.index, rates], ...sounds.map((sound) => [sound.index, accessUnitRates(sound)] as const)]),
    timeoutMs: wish.timeoutMs ?? 60_000 + wish.source.sizeBytes / 4_000,
  });
  assertReadToTheEnd(scan, file, container);
  const measured = scannedFacts(scan, tracks);
  const lostFrames = container === 'avi' ? lostOfAvi(scan, video) : 0;
  return lostFrames === 0 ? measured : { ...measured, video: { ...measured.video, lostFrames } };
}

/**
 * In an AVI frames have no times but their number: the demuxer passes over what it cannot read without a word and numbers
 * what follows on, so that all after it comes too early. Its header counts the frames; those that a recorder left out too.
 */
function lostOfAvi(scan: PacketScan, video: ProbedStream): number {
  const [counted, rate, found] = [countOf(video.nb_frames), parseRational(video.r_frame_rate), scan.streams.get(video.index)];
  if (counted === null || !rate || rate.num <= 0 || !found) return 0;
  const lost = counted - Math.round((found.endUs * rate.num) / (rate.den * 1_000_000));
  return Math.max(0, lost);
}

/** @throws PipelineError SOURCE_CORRUPT where there is no frame */
export function scannedFacts(scan: PacketScan, { file, video, sounds }: ProbedTracks): Measured {
  const pictures = scan.streams.get(video.index);
  if (!pictures || pictures.packetCount === 0) throw new PipelineError('SOURCE_CORRUPT', { note: 'Its video track holds no frames.' });
  // On an even grid the last frame is as long as the others, though some files give it no length of its own.
  const grid = pictures.evenRate;
  const durationUs = grid ? Math.round((pictures.packetCount * grid.den * 1_000_000) / grid.num) : pictures.endUs - pictures.startUs;
  const scanned = extentOf(scan);
  const startUs = microseconds(file.format?.start_time) ?? scanned.startUs;
  return {
    video: {
      ...{ packetCount: pictures.packetCount, startUs: pictures.startUs, durationUs, evenlySpaced: grid !== null },
      ...(grid ? { baseRate: grid, averageRate: grid } : averageOver(pictures.packetCount, durationUs)),
    },
    sounds: new Map(
      sounds.flatMap(({ index }) => {
        const sound = scan.streams.get(index);
        return sound ? [[index, soundOf(sound)] as const] : [];
      }),
    ),
    containerStartUs: startUs,
    containerDurationUs: scanned.endUs - startUs,
  };
}

function soundOf(sound: StreamScan): MeasuredSound {
  const durationUs = sound.endUs - sound.startUs;
  const rate = durationUs > 0 ? { bitsPerSecond: Math.round((sound.sizeBytes * 8_000_000) / durationUs) } : {};
  return { startUs: sound.startUs, durationUs, unbroken: sound.evenRate !== null, ...rate };
}

function extentOf(scan: PacketScan): { startUs: number; endUs: number } {
  const streams = [...scan.streams.values()];
  return { startUs: Math.min(...streams.map((stream) => stream.startUs)), endUs: Math.max(...streams.map((stream) => stream.endUs)) };
}

/** ffprobe's own average is a guess from the first seconds; all packets are known here. */
function averageOver(packetCount: number, durationUs: number): Partial<VideoFacts> {
  return durationUs > 0 ? { averageRate: snapRate(rational(packetCount * 1_000_000, durationUs)) } : {};
}

/**
 * Told apart by text, for want of anything better: ffprobe exits 0 on a file that stops in the middle of a packet
 * and on one whose middle is not readable.
 */
const CUT_TEXT = /File ended prematurely|partial file/;
const DAMAGE_TEXT = /invalid as first byte of an EBML number|exceeds containing master element|error reading header/i;

/** What must be left uncovered of a declared length before a file counts as cut; see below. */
const SHORT_SHARE = 0.01;
const SHORT_US = 1_000_000;

/**
 * A file that declares its length must have packets up to there. Allowed to be short by 1 s, 1 % or the longest
 * silence between two of its packets: writers round, and the last frame of a slide show has no length of its own.
 */
function assertReadToTheEnd(scan: PacketScan, file: ProbedFile, container: Container | null): void {
  const details = { exitCode: scan.exitCode, stderr: scan.stderr.slice(-2_000) };
  if (CUT_TEXT.test(scan.stderr)) throw truncated('It ends inside its media data.', details);
  if (scan.exitCode !== 0 || (container === 'matroska' && DAMAGE_TEXT.test(scan.stderr))) throw new PipelineError('SOURCE_CORRUPT', { details });
  const declaredUs = microseconds(file.format?.duration);
  if (declaredUs === null || scan.streams.size === 0) return;
  const { startUs, endUs } = extentOf(scan);
  // Matroska and AVI declare a length from zero on; a transport stream's is told from its own first and last time stamps.
  const coveredUs = endUs - (container === 'mpegts' ? startUs : Math.min(0, startUs));
  const slackUs = Math.max(SHORT_US, declaredUs * SHORT_SHARE, scan.longestGapUs);
  if (declaredUs - coveredUs <= slackUs) return;
  const seconds = (us: number): string => (us / 1_000_000).toFixed(1);
  throw truncated(`It declares ${seconds(declaredUs)} s and holds ${seconds(coveredUs)} s.`, { declaredUs, coveredUs });
}

const truncated = (note: string, details: ErrorDetails): PipelineError => new PipelineError('SOURCE_TRUNCATED', { note, details });
