import { checkExtent } from '../domain/container-extent.js';
import { PipelineError } from '../domain/errors.js';
import { cutError, type Extent, type ReadRange } from '../domain/extent.js';
import type { Probe, SourceFacts } from '../domain/probe.js';
import { type Container, HEAD_BYTES, sniffContainer, sniffRefused } from '../domain/sniff.js';
import type { SourceInput } from './input-args.js';
import { measureByIndex } from './measure-by-index.js';
import { measureByPackets } from './measure-by-packets.js';
import { otherTracks, textSubtitles } from './other-tracks.js';
import { streamsArgs, VIDEO_CODECS } from './probe-args.js';
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
import { assertProbeLimits, assertStreamLimits } from './probe-limits.js';
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

/** More than are ever kept, few enough for workflow history. */
const MAX_TRACKS = 32;
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

  const { sounds, undecodable } = pickAudio(file.streams);
  const tracks: ProbedTracks = { file, video, sounds };
  const measured = extent?.indexed ? await measureByIndex(wish.readRange, tracks, extent) : null;
  const found = measured ?? (await measureByPackets(wish, tracks, container));
  const [audio = null, ...moreAudio] = sounds.slice(0, MAX_TRACKS).flatMap((stream) => {
    const sound = found.sounds.get(stream.index);
    return sound ? [{ ...audioFacts(stream), ...sound }] : [];
  });
  const others = otherTracks(file.streams, video);
  const subtitles = textSubtitles(file.streams).slice(0, MAX_TRACKS);
  const probe: Probe = {
    source,
    format,
    video: { ...facts, ...found.video },
    audio,
    containerStartUs: found.containerStartUs,
    containerDurationUs: found.containerDurationUs,
    seekable: extent?.seekable ?? true,
    ...(undecodable.length > 0 ? { undecodableAudio: undecodable } : {}),
    ...(moreAudio.length > 0 ? { moreAudio } : {}),
    ...(subtitles.length > 0 ? { subtitles } : {}),
    ...(others.length > 0 ? { otherTracks: others } : {}),
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
