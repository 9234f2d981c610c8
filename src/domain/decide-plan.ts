import { packetDecisions } from './damage.js';
import { decideAudio } from './decide-audio.js';
import { decideColour } from './decide-colour.js';
import { decideImages } from './decide-images.js';
import { decideRate } from './decide-rate.js';
import { decideSubtitles } from './decide-subtitles.js';
import type { Decision, DecisionCode } from './decision-codes.js';
import { PipelineError } from './errors.js';
import { type GridShape, layGrid } from './grid.js';
import { LADDER, ladderFor, type Rung } from './ladder.js';
import type { Plan } from './plan.js';
import type { Probe, VideoFacts } from './probe.js';
import { toNumber } from './rational.js';
import { sizeClassFor } from './size-class.js';
import { passedOver } from './track-policy.js';
import { endDecisions, type TruncatedPolicy } from './truncation.js';

/**
 * Frames that are encoded in front of a chunk and thrown away: rate control starts cold, and without them the first frames
 * of every chunk lose up to 1.7 dB. With 5 to 48 frames 0.3 dB are left, all the same (`npm run bench -- run-in`,
 * veryfast). At most one GOP, as the encoder cuts it off as one fragment.
 */
const RUN_IN_FRAMES = 10;
/** Frames behind a chunk, for the lookahead: without them its last five lose up to 1.2 dB, with 5 of them 0.25 dB. */
const RUN_OUT_FRAMES = 5;

/**
 * From what the source is to how it is encoded: every choice is made here, once, and the result stands for the whole
 * generation. Pure: the same probe and settings give the same plan.
 * @param wish.encoderSlots ffmpeg processes that the fleet runs at a time
 * @param wish.damagedSources the tenant's wish; absent: `refuse`
 * @param wish.chunkGrid other lengths of the chunk grid, for tests
 * @throws PipelineError SOURCE_LIMITS, where the picture is so narrow that no even size is left; SOURCE_DAMAGED
 */
export function decidePlan(wish: {
  probe: Probe;
  videoId: string;
  tenantId: string;
  generation: number;
  encoderSlots: number;
  preset: 'veryfast' | 'medium';
  damagedSources?: TruncatedPolicy;
  chunkGrid?: Partial<GridShape>;
}): Plan {
  const { probe } = wish;
  const { video } = probe;
  const picture = uprightPicture(video);
  if (Math.min(picture.width, picture.height) < 2) throw new PipelineError('SOURCE_LIMITS', { note: 'Its picture is too narrow to be encoded.' });
  const timing = decideRate(video);
  const { remux } = probe;
  const shape = remux?.outcome === 'refused' ? { ...wish.chunkGrid, ...ONE_PIECE } : wish.chunkGrid;
  const grid = layGrid({ rate: timing.rate, frameCount: timing.frameCount, encoderSlots: wish.encoderSlots, shape });
  const rungs = ladderFor({ ...picture, fps: toNumber(timing.rate) });
  const deinterlace = ['tt', 'bb', 'tb', 'bt'].includes(video.fieldOrder);
  const deinterlaceMarked = video.fieldOrder === 'unknown' && FIELD_CODECS.includes(video.codec);
  const { colour, decisions: colourDecisions } = decideColour(video);
  const sound = decideAudio(probe);
  const words = decideSubtitles(probe);
  return {
    videoId: wish.videoId,
    tenantId: wish.tenantId,
    generation: wish.generation,
    source: probe.source,
    ...(remux?.outcome === 'done' ? { input: remux.file } : {}),
    format: remux?.outcome === 'done' ? remux.format : probe.format,
    sizeClass: sizeClassFor(video),
    video: {
      streamIndex: remux?.outcome === 'done' ? 0 : video.streamIndex,
      preset: wish.preset,
      originUs: Math.max(0, remux ? remux.originUs : video.startUs - probe.containerStartUs),
      ...(remux?.outcome === 'refused' ? { fromStart: true } : {}),
      constantRate: timing.constantRate,
      ...(timing.keepEvery ? { keepEvery: timing.keepEvery } : {}),
      deinterlace,
      ...(deinterlaceMarked ? { deinterlaceMarked } : {}),
      ...((deinterlace || deinterlaceMarked) && video.rotation !== 0 ? { turned: { rotation: video.rotation, mirrored: video.mirrored } } : {}),
      colour,
      runInFrames: Math.min(grid.gopFrames, RUN_IN_FRAMES),
      runOutFrames: Math.min(grid.gopFrames, RUN_OUT_FRAMES),
    },
    grid,
    rungs,
    audio: sound.audio,
    ...(sound.extraAudio.length > 0 ? { extraAudio: sound.extraAudio } : {}),
    ...(words.subtitles.length > 0 ? { subtitles: words.subtitles } : {}),
    images: decideImages(picture, grid),
    ...(wish.damagedSources === 'publish' ? { damagedSources: wish.damagedSources } : {}),
    decisions: [
      ...endDecisions(probe),
      ...packetDecisions({ broken: remux?.brokenPackets, lost: video.lostFrames }, timing.frameCount, wish.damagedSources),
      ...remuxDecisions(probe),
      ...timing.decisions,
      ...pictureDecisions(video, picture),
      ...fieldDecisions(deinterlace, deinterlaceMarked),
      ...colourDecisions,
      ...ladderDecisions(picture, rungs),
      ...sound.decisions,
      ...words.decisions,
      ...passedOver(probe.otherTracks ?? []),
    ],
  };
}

/** Codecs that know fields and whose files often do not say whether they have them: only the frames do. */
const FIELD_CODECS: readonly string[] = ['h264', 'mpeg2video', 'mpeg4', 'prores', 'mjpeg'];

/** A first chunk longer than any source. */
const ONE_PIECE: Partial<GridShape> = { firstChunkS: 10 * 24 * 3600 };

const KINDS: readonly (readonly [string, string])[] = [
  ['mpegts', 'An MPEG-TS'],
  ['avi', 'An AVI file'],
  ['matroska', 'A live recording without an index'],
];

function remuxDecisions({ format, remux }: Probe): Decision[] {
  if (!remux) return [];
  const kind = KINDS.find(([name]) => format.includes(name))?.[1] ?? 'A fragmented file without an index';
  return remux.outcome === 'done'
    ? [{ code: 'REMUXED', text: `${kind} cannot be cut exactly; its pictures were first put into another container, unchanged.` }]
    : [{ code: 'ONE_PIECE', text: `${kind} cannot be cut exactly (${remux.reason}); it is encoded in one piece, which takes longer.` }];
}

export interface Picture {
  readonly width: number;
  readonly height: number;
}

/** The picture as a viewer sees it, in square pixels: sample aspect folded into the width, then turned. */
export function uprightPicture(video: VideoFacts): Picture {
  const wide = Math.round((video.width * video.sampleAspect.num) / video.sampleAspect.den);
  // A made-up aspect must not make a picture of a million pixels across.
  const width = wide >= 1 && wide <= 16_384 ? wide : video.width;
  return video.rotation % 180 === 90 ? { width: video.height, height: width } : { width, height: video.height };
}

function pictureDecisions(video: VideoFacts, picture: Picture): Decision[] {
  const decisions: Decision[] = [];
  const add = (code: DecisionCode, text: string): void => void decisions.push({ code, text });
  if (video.mirrored) add('MIRRORED', 'The source asks players to show it mirrored; the result is stored as it is seen.');
  if (video.rotation !== 0) add('ROTATED', `The source asks players to turn it by ${video.rotation}°; the result is stored upright.`);
  if (picture.height > picture.width) add('PORTRAIT', 'The picture is upright (portrait): qualities go by its width.');
  if (video.sampleAspect.num !== video.sampleAspect.den) {
    add('SQUARE_PIXELS', `The source has pixels that are not square; the picture is shown as ${picture.width}×${picture.height}.`);
  }
  return decisions;
}

function fieldDecisions(all: boolean, marked: boolean): Decision[] {
  if (all) return [{ code: 'DEINTERLACED', text: 'The source is interlaced; its fields are joined to whole frames.' }];
  const text = 'The source does not say whether it is interlaced; frames that are marked as such have their fields joined.';
  return marked ? [{ code: 'FIELDS_UNKNOWN', text }] : [];
}

function ladderDecisions(picture: Picture, rungs: readonly Rung[]): Decision[] {
  const short = Math.min(picture.width, picture.height);
  const names = rungs.map((rung) => rung.name);
  const decisions: Decision[] = LADDER.filter((row) => !names.includes(row.name)).map((row) => ({
    // A new row of the ladder wants its code in the list: a test holds the two together.
    code: `NO_${row.name.toUpperCase()}` as DecisionCode,
    text: `No ${row.name}: the source has ${short} pixels on its shorter side, and enlarging it would add nothing.`,
  }));
  const [only] = rungs;
  return only && !LADDER.some((row) => row.name === only.name)
    ? [
        ...decisions,
        { code: 'OWN_SIZE', text: `The source is smaller than the lowest quality, so it keeps its own size, ${only.width}×${only.height}.` },
      ]
    : decisions;
}
