import { checkExtent } from '../domain/container-extent.js';
import { ERROR_CODES, PipelineError } from '../domain/errors.js';
import { cutError, type Extent, type ReadRange } from '../domain/extent.js';
import type { Probe, SourceFacts } from '../domain/probe.js';
import { type Container, HEAD_BYTES, sniffContainer, sniffRefused } from '../domain/sniff.js';
import { heldText, type TruncatedPolicy } from '../domain/truncation.js';
import type { SourceInput } from './input-args.js';
import { measureByIndex } from './measure-by-index.js';
import { measureByPackets } from './measure-by-packets.js';
import { measureWholePart } from './measure-whole-part.js';
import { otherTracks, textSubtitles } from './other-tracks.js';
import { streamsArgs } from './probe-args.js';
import {
  audioFacts,
  type Measured,
  microseconds,
  type ProbedFile,
  type ProbedStream,
  type ProbedTracks,
  parseFfprobe,
  pickAudio,
  pickVideo,
  videoFacts,
} from './probe-facts.js';
import { assertDecodable, assertProbeLimits, assertStreamLimits } from './probe-limits.js';
import { runFfprobe } from './run-ffprobe.js';

export interface ProbeWish {
  readonly input: SourceInput;
  readonly source: SourceFacts;
  readonly ffprobePath: string;
  readonly signal?: AbortSignal;
  /** For each of at most two runs of ffprobe. Default: a minute, and for reading all packets the time of 4 MB/s more. */
  readonly timeoutMs?: number;
  readonly readRange: ReadRange;
  /** What is to be done with a source that is cut. Absent: it is refused. */
  readonly truncated?: TruncatedPolicy;
}

/** More than are ever kept, few enough for workflow history. */
const MAX_TRACKS = 32;
/** What ffprobe may say of 64 streams, many times over. */
const MAX_JSON_CHARS = 256 * 1024;

/**
 * Looks at a source and says what it is, or why it is refused. Changes nothing; safe to repeat.
 *
 * Small reads decide first whether the file is all there; of one that is cut it is measured how much is. Packets are
 * taken from the index of an MP4 or MOV; any other file is read once from start to end, which for a large one takes
 * as long as reading it takes.
 * @throws PipelineError SOURCE_EMPTY, SOURCE_NOT_MEDIA, SOURCE_AUDIO_ONLY, SOURCE_STILL_PICTURE, SOURCE_NO_VIDEO, SOURCE_UNSUPPORTED,
 *   SOURCE_PIXELS, SOURCE_DURATION, SOURCE_FRAME_RATE, SOURCE_TRACKS, SOURCE_EDITS, INSPECT_STALLED, DECODER_CRASHED, RESOURCE_LIMIT,
 *   SOURCE_CORRUPT, SOURCE_TRUNCATED; STORAGE_UNAVAILABLE where the range server fails; what `readRange` throws; the
 *   signal's reason once it is aborted
 */
export async function probeSource(wish: ProbeWish): Promise<Probe> {
  try {
    return await probeWhole(wish);
  } catch (error) {
    if (!(error instanceof PipelineError) || error.code !== 'SOURCE_TRUNCATED') throw error;
    return await probeCut(wish, error);
  }
}

async function probeWhole(wish: ProbeWish): Promise<Probe> {
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

  const tracks = tracksOf(file, video);
  const measured = extent?.indexed ? await measureByIndex(wish.readRange, tracks, extent) : null;
  const found = measured ?? (await measureByPackets(wish, tracks, container));
  const openEnd = extent?.verdict === 'unknown' ? { openEnd: true } : {};
  return limited({ ...probeOf(source, tracks, facts, found), seekable: extent?.seekable ?? true, ...openEnd });
}

/**
 * A source that is cut: measures what is there, whole, and either says so in the refusal or, where the tenant wants it,
 * describes that part as if it were all. Where nothing of it can be read it stays at the refusal.
 * @throws PipelineError SOURCE_TRUNCATED with how much is there
 */
async function probeCut(wish: ProbeWish, refusal: PipelineError): Promise<Probe> {
  const refuse = wish.truncated !== 'publish';
  let found: Probe;
  try {
    found = await probeWholePart(wish);
  } catch (error) {
    const hopeless = error instanceof PipelineError && (error.kind === 'input' || (refuse && error.code === 'INTERNAL'));
    throw hopeless && !wish.signal?.aborted ? refusal : error;
  }
  const { truncation } = found;
  if (!refuse || !truncation) return found;
  const note = refusal.message.slice(ERROR_CODES.SOURCE_TRUNCATED.text.length).trim();
  const details = { ...refusal.details, heldUs: truncation.heldUs, declaredUs: truncation.declaredUs };
  throw new PipelineError('SOURCE_TRUNCATED', { note: `${note} ${heldText(truncation)}`, details, cause: refusal });
}

async function probeWholePart(wish: ProbeWish): Promise<Probe> {
  const { source, readRange } = wish;
  const sniffed = sniffContainer(await readRange(0, Math.min(HEAD_BYTES, source.sizeBytes)));
  const file = await describe(wish, sniffed);
  const video = chosenVideo(file);
  assertStreamLimits(video, microseconds(file.format?.duration));
  const facts = videoFacts(video);
  const container = sniffed ?? containerOf(file.format?.format_name ?? '');
  const extent = container ? await checkExtent(container, source.sizeBytes, readRange) : null;
  const tracks = tracksOf(file, video);
  const { measured, truncation } = await measureWholePart(wish, tracks);
  if (!facts) throw new PipelineError('SOURCE_CORRUPT', { note: 'Its frame rate cannot be read.' });
  // The index of a Matroska file lies at its end, whatever its beginning promises.
  const seekable = container === 'mp4' && extent?.seekable === true;
  return limited({ ...probeOf(source, tracks, facts, measured), seekable, truncation });
}

function limited(probe: Probe): Probe {
  assertProbeLimits(probe);
  return probe;
}

function tracksOf(file: ProbedFile, video: ProbedStream): ProbedTracks {
  return { file, video, sounds: pickAudio(file.streams).sounds };
}

function probeOf(
  source: SourceFacts,
  { file, video, sounds }: ProbedTracks,
  facts: NonNullable<ReturnType<typeof videoFacts>>,
  found: Measured,
): Probe {
  const [audio = null, ...moreAudio] = sounds.slice(0, MAX_TRACKS).flatMap((stream) => {
    const sound = found.sounds.get(stream.index);
    return sound ? [{ ...audioFacts(stream), ...sound }] : [];
  });
  const { undecodable } = pickAudio(file.streams);
  const others = otherTracks(file.streams, video);
  const subtitles = textSubtitles(file.streams).slice(0, MAX_TRACKS);
  return {
    source: { key: source.key, sizeBytes: source.sizeBytes, etag: source.etag },
    format: file.format?.format_name ?? '',
    video: { ...facts, ...found.video },
    audio,
    containerStartUs: found.containerStartUs,
    containerDurationUs: found.containerDurationUs,
    ...(undecodable.length > 0 ? { undecodableAudio: undecodable } : {}),
    ...(moreAudio.length > 0 ? { moreAudio } : {}),
    ...(subtitles.length > 0 ? { subtitles } : {}),
    ...(others.length > 0 ? { otherTracks: others } : {}),
  };
}

async function wholeExtent(container: Container, source: SourceFacts, readRange: ReadRange): Promise<Extent> {
  const extent = await checkExtent(container, source.sizeBytes, readRange);
  if (extent.verdict === 'cut') throw cutError(extent);
  return extent;
}

async function describe(wish: ProbeWish, sniffed: Container | null): Promise<ProbedFile> {
  let json = '';
  const { exitCode, stderr } = await runFfprobe({
    ...{ args: streamsArgs(wish.input), ffprobePath: wish.ffprobePath, signal: wish.signal, timeoutMs: wish.timeoutMs ?? 60_000 },
    input: wish.input,
    onStdout: (text) => {
      json += text;
      if (json.length > MAX_JSON_CHARS) throw new PipelineError('SOURCE_TRACKS');
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
  if (!video) throw noVideo(file.streams);
  assertDecodable(video);
  return video;
}

function noVideo(streams: readonly ProbedStream[]): PipelineError {
  if (streams.some((stream) => stream.codec_type === 'audio')) return new PipelineError('SOURCE_AUDIO_ONLY');
  return new PipelineError(streams.some((stream) => stream.codec_type === 'video') ? 'SOURCE_STILL_PICTURE' : 'SOURCE_NO_VIDEO');
}

function containerOf(format: string): Container | null {
  if (format.includes('mp4')) return 'mp4';
  if (format.includes('matroska')) return 'matroska';
  return format === 'avi' || format === 'mpegts' ? format : null;
}
