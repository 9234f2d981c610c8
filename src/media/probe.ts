import { checkExtent } from '../domain/container-extent.js';
import { PipelineError } from '../domain/errors.js';
import { cutError, type Extent, type ReadRange } from '../domain/extent.js';
import type { Probe, SourceFacts } from '../domain/probe.js';
import { type Container, HEAD_BYTES, sniffContainer, sniffRefused } from '../domain/sniff.js';
import type { SourceInput } from './input-args.js';
import { measureByIndex } from './measure-by-index.js';
import { measureByPackets } from './measure-by-packets.js';
import { streamsArgs } from './probe-args.js';
import {
  audioFacts,
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
}

/** What ffprobe may say of 64 streams, many times over. */
const MAX_JSON_CHARS = 256 * 1024;

/**
 * Looks at a source and says what it is, or why it is refused. Changes nothing; safe to repeat.
 *
 * Small reads decide first whether the file is all there (no process is started for one that is cut). Packets are
 * taken from the index of an MP4 or MOV; any other file is read once from start to end, which for a large one takes
 * as long as reading it takes.
 * @throws PipelineError SOURCE_EMPTY, SOURCE_NOT_MEDIA, SOURCE_AUDIO_ONLY, SOURCE_STILL_PICTURE, SOURCE_NO_VIDEO, SOURCE_UNSUPPORTED,
 *   SOURCE_PIXELS, SOURCE_DURATION, SOURCE_FRAME_RATE, SOURCE_TRACKS, SOURCE_EDITS, INSPECT_STALLED, DECODER_CRASHED, RESOURCE_LIMIT,
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
  const tracks: ProbedTracks = { file, video, audio };
  const measured = extent?.indexed ? await measureByIndex(wish.readRange, tracks, extent) : null;
  const found = measured ?? (await measureByPackets(wish, tracks, container));
  const probe: Probe = {
    source,
    format,
    video: { ...facts, ...found.video },
    audio: audio && found.audio ? { ...audioFacts(audio), ...found.audio } : null,
    containerStartUs: found.containerStartUs,
    containerDurationUs: found.containerDurationUs,
    seekable: extent?.seekable ?? true,
    ...(undecodable.length > 0 ? { undecodableAudio: undecodable } : {}),
  };
  assertProbeLimits(probe);
  return probe;
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
