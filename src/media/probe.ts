import { type ErrorDetails, PipelineError } from '../domain/errors.js';
import type { AudioFacts, Probe, SourceFacts, VideoFacts } from '../domain/probe.js';
import { snapRate } from '../domain/rate.js';
import { checkExtent, type Extent, type ReadRange } from './container-extent.js';
import type { SourceInput } from './input-args.js';
import { readFrameTimes } from './mp4-frame-times.js';
import { type PacketScan, scanPackets } from './packet-scan.js';
import { streamsArgs, VIDEO_CODECS } from './probe-args.js';
import {
  audioFacts,
  countOf,
  microseconds,
  type ProbedFile,
  type ProbedStream,
  parseFfprobe,
  pickAudio,
  pickVideo,
  videoFacts,
} from './probe-facts.js';
import { assertProbeLimits, assertStreamLimits } from './probe-limits.js';
import { runFfprobe } from './run-ffprobe.js';
import { type Container, HEAD_BYTES, sniffContainer, sniffRefused } from './sniff.js';

export interface ProbeWish {
  readonly input: SourceInput;
  readonly source: SourceFacts;
  readonly ffprobePath: string;
  readonly signal?: AbortSignal;
  /** For each of at most two runs of ffprobe. Default: a minute, and for reading all packets the time of 4 MB/s more. */
  readonly timeoutMs?: number;
  readonly readRange: ReadRange;
}

/** What ffprobe may say of 64 streams, many times over. */
const MAX_JSON_CHARS = 256 * 1024;

/**
 * Looks at a source and says what it is, or why it is refused. Changes nothing; safe to repeat.
 *
 * Small reads decide first whether the file is all there (no process is started for one that is cut). Packets are
 * taken from the index of an MP4 or MOV; any other file is read once from start to end, which for a large one takes
 * as long as reading it takes.
 * @throws PipelineError SOURCE_EMPTY, SOURCE_NOT_MEDIA, SOURCE_NO_VIDEO, SOURCE_UNSUPPORTED, SOURCE_LIMITS,
 *   SOURCE_CORRUPT, SOURCE_TRUNCATED; STORAGE_UNAVAILABLE where the range server fails; what `readRange` throws; the
 *   signal's reason once it is aborted
 */
export async function probeSource(wish: ProbeWish): Promise<Probe> {
  const { source, readRange } = wish;
  if (source.sizeBytes === 0) throw new PipelineError('SOURCE_EMPTY');
  const head = await readRange(0, Math.min(HEAD_BYTES, source.sizeBytes));
  const refused = sniffRefused(head);
  const sniffed = sniffContainer(head);
  if (refused && !sniffed) throw new PipelineError(refused.code, { note: `It is ${refused.kind}.` });
  const early = sniffed ? await wholeExtent(sniffed, source, readRange) : null;

  const file = await describe(wish, sniffed);
  const format = file.format?.format_name ?? '';
  const video = chosenVideo(file);
  const container = sniffed ?? containerOf(format);
  const extent = early ?? (container ? await wholeExtent(container, source, readRange) : null);
  assertStreamLimits(video, microseconds(file.format?.duration));
  const facts = videoFacts(video);
  if (!facts) throw new PipelineError('SOURCE_CORRUPT', { note: 'Its frame rate cannot be read.' });

  const { audio, undecodable } = pickAudio(file.streams);
  const measured = extent?.indexed ? await fromIndex(wish, file, video, audio, extent) : null;
  const found = measured ?? (await fromPackets(wish, file, video, audio, container));
  const probe: Probe = {
    source,
    format,
    video: { ...facts, ...found.video },
    audio: audio && found.audio ? { ...audioFacts(audio), ...found.audio } : null,
    containerStartUs: found.containerStartUs,
    containerDurationUs: found.containerDurationUs,
    ...(undecodable.length > 0 ? { undecodableAudio: undecodable } : {}),
  };
  assertProbeLimits(probe);
  return probe;
}

async function wholeExtent(container: Container, source: SourceFacts, readRange: ReadRange): Promise<Extent> {
  const extent = await checkExtent(container, source.sizeBytes, readRange);
  if (extent.verdict !== 'cut') return extent;
  const { declaredBytes, presentBytes, missing } = extent;
  const share = declaredBytes === null ? '' : ` ${presentBytes} of ${declaredBytes} bytes are there.`;
  throw truncated(`${missing ?? ''}${share}`, { declaredBytes, presentBytes });
}

const truncated = (note: string, details: ErrorDetails): PipelineError => new PipelineError('SOURCE_TRUNCATED', { note, details });

async function describe(wish: ProbeWish, sniffed: Container | null): Promise<ProbedFile> {
  let json = '';
  const { exitCode, stderr } = await runFfprobe({
    ...{ args: streamsArgs(wish.input), ffprobePath: wish.ffprobePath, signal: wish.signal, timeoutMs: wish.timeoutMs ?? 60_000 },
    remote: wish.input.protocols !== 'file',
    onStdout: (text) => {
      json += text;
      if (json.length > MAX_JSON_CHARS) throw new PipelineError('SOURCE_LIMITS', { note: 'It has more tracks than are allowed.' });
    },
  });
  const file = exitCode === 0 ? parseFfprobe(json) : null;
  if (file) return file;
  const foreign = FOREIGN_CODEC.exec(stderr)?.[1];
  if (exitCode !== 0 && foreign) throw new PipelineError('SOURCE_UNSUPPORTED', { details: { codec: foreign } });
  // Its first bytes are those of a container that we take: then it is a broken video, not another kind of file.
  throw new PipelineError(sniffed ? 'SOURCE_CORRUPT' : 'SOURCE_NOT_MEDIA', { details: { exitCode, stderr: stderr.slice(-2_000) } });
}

/** ffprobe ends at the first track whose decoder it may not open. */
const FOREIGN_CODEC = /Codec \((\w{1,32})\) not on whitelist/;

function chosenVideo(file: ProbedFile): ProbedStream {
  // ffprobe skips an index that it cannot follow and then reports no tracks at all, with exit code 0.
  if (file.streams.length === 0) throw new PipelineError('SOURCE_CORRUPT', { note: 'Its list of tracks cannot be read.' });
  const video = pickVideo(file.streams);
  if (!video) throw new PipelineError('SOURCE_NO_VIDEO');
  if (VIDEO_CODECS.includes(video.codec_name ?? '')) return video;
  throw new PipelineError('SOURCE_UNSUPPORTED', { details: { codec: (video.codec_name ?? 'unknown').slice(0, 32) } });
}

function containerOf(format: string): Container | null {
  if (format.includes('mp4')) return 'mp4';
  if (format.includes('matroska')) return 'matroska';
  return format === 'avi' || format === 'mpegts' ? format : null;
}

interface Measured {
  readonly video: Pick<VideoFacts, 'packetCount' | 'startUs' | 'durationUs'> & Partial<VideoFacts>;
  readonly audio: Pick<AudioFacts, 'startUs' | 'durationUs'> | null;
  readonly containerStartUs: number;
  readonly containerDurationUs: number;
}

/** From the index of an MP4 or MOV alone; null where it does not say enough, and the packets are read instead. */
async function fromIndex(
  wish: ProbeWish,
  file: ProbedFile,
  video: ProbedStream,
  audio: ProbedStream | null,
  extent: Extent,
): Promise<Measured | null> {
  const packetCount = countOf(video.nb_frames);
  const durationUs = microseconds(video.duration);
  if (!packetCount || durationUs === null || durationUs <= 0) return null;
  assertContainerMatches(file);
  const containerStartUs = microseconds(file.format?.start_time) ?? 0;
  const times = extent.moov ? await readFrameTimes(extent.moov, Number(video.id ?? 0), wish.readRange) : null;
  // An edit list shows another part of the frames than the table lists: then the table's evenness says nothing of the count.
  const edited = times !== null && Math.abs(times.totalUs - durationUs) > 1_000_000 / (times.rate.num / times.rate.den);
  return {
    video: {
      ...{ packetCount, durationUs, startUs: microseconds(video.start_time) ?? containerStartUs },
      ...(times && !edited ? { evenlySpaced: times.even, ...(times.even ? { baseRate: times.rate } : {}) } : {}),
    },
    audio: audio && { startUs: microseconds(audio.start_time) ?? containerStartUs, durationUs: microseconds(audio.duration) ?? 0 },
    containerStartUs,
    containerDurationUs: microseconds(file.format?.duration) ?? durationUs,
  };
}

/** @throws PipelineError SOURCE_CORRUPT where the file as a whole claims far more time than any of its tracks */
function assertContainerMatches(file: ProbedFile): void {
  const durations = file.streams.map((stream) => microseconds(stream.duration));
  const containerUs = microseconds(file.format?.duration) ?? 0;
  const longestUs = Math.max(...durations.map((us) => us ?? Number.POSITIVE_INFINITY));
  if (containerUs > longestUs * 1.2 + 10_000_000) {
    throw new PipelineError('SOURCE_CORRUPT', { note: 'Its length does not match its tracks.', details: { containerUs, longestUs } });
  }
}

/** By reading every packet. */
async function fromPackets(
  wish: ProbeWish,
  file: ProbedFile,
  video: ProbedStream,
  audio: ProbedStream | null,
  container: Container | null,
): Promise<Measured> {
  const facts = videoFacts(video);
  const rates = facts ? [snapRate(facts.baseRate), snapRate(facts.averageRate)] : [];
  const scan = await scanPackets({
    ...{ input: wish.input, ffprobePath: wish.ffprobePath, signal: wish.signal, gridStream: video.index, rates },
    timeoutMs: wish.timeoutMs ?? 60_000 + wish.source.sizeBytes / 4_000,
  });
  assertReadToTheEnd(scan, file, container);
  const pictures = scan.streams.get(video.index);
  if (!pictures || pictures.packetCount === 0) throw new PipelineError('SOURCE_CORRUPT', { note: 'Its video track holds no frames.' });
  // The last frame of some files has no length of its own: then it lasts as long as the average.
  const spanUs = pictures.endUs - pictures.startUs;
  const grid = pictures.evenRate;
  const durationUs = grid ? Math.round((pictures.packetCount * grid.den * 1_000_000) / grid.num) : spanUs;
  const sound = audio ? scan.streams.get(audio.index) : undefined;
  const declaredStartUs = microseconds(file.format?.start_time);
  const startUs = declaredStartUs ?? Math.min(...[...scan.streams.values()].map((stream) => stream.startUs));
  const endUs = Math.max(...[...scan.streams.values()].map((stream) => stream.endUs));
  return {
    video: {
      ...{ packetCount: pictures.packetCount, startUs: pictures.startUs, durationUs, evenlySpaced: grid !== null },
      ...(grid ? { baseRate: grid, averageRate: grid } : averageOver(pictures.packetCount, durationUs)),
    },
    audio: sound ? { startUs: sound.startUs, durationUs: sound.endUs - sound.startUs } : null,
    containerStartUs: startUs,
    containerDurationUs: endUs - startUs,
  };
}

/** ffprobe's own average is a guess from the first seconds; all packets are known here. */
function averageOver(packetCount: number, durationUs: number): Partial<VideoFacts> {
  return durationUs > 0 ? { averageRate: snapRate({ num: packetCount * 1_000_000, den: durationUs }) } : {};
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
  const startUs = Math.min(0, microseconds(file.format?.start_time) ?? 0, ...[...scan.streams.values()].map((stream) => stream.startUs));
  const endUs = Math.max(...[...scan.streams.values()].map((stream) => stream.endUs));
  const coveredUs = endUs - (container === 'mpegts' ? Math.min(...[...scan.streams.values()].map((stream) => stream.startUs)) : startUs);
  const slackUs = Math.max(SHORT_US, declaredUs * SHORT_SHARE, scan.longestGapUs);
  if (declaredUs - coveredUs <= slackUs) return;
  const seconds = (us: number): string => (us / 1_000_000).toFixed(1);
  throw truncated(`It declares ${seconds(declaredUs)} s and holds ${seconds(coveredUs)} s.`, { declaredUs, coveredUs });
}
