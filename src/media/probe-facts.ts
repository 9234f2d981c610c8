import { z } from 'zod';
import type { AudioFacts, VideoFacts } from '../domain/probe.js';
import { parseRational, type Rational, rational } from '../domain/rational.js';
import { orientationOf } from './orientation.js';
import { AUDIO_CODECS, VIDEO_CODECS } from './probe-args.js';
import { roleOf } from './track-role.js';

const word = z.string().max(200).optional();
const flag = z.number().optional();

const sideData = z.object({
  ...{ rotation: z.number().optional(), displaymatrix: z.string().max(400).optional() },
  ...{ dv_profile: z.number().optional(), dv_bl_signal_compatibility_id: z.number().optional() },
});

const streamSchema = z.object({
  ...{
    index: z.number().int().min(0),
    id: word,
    codec_tag_string: word,
    codec_type: word,
    codec_name: word,
    profile: word,
    pix_fmt: word,
    field_order: word,
  },
  ...{ width: z.number().int().optional(), height: z.number().int().optional(), sample_aspect_ratio: word },
  ...{ color_range: word, color_space: word, color_transfer: word, color_primaries: word },
  ...{ r_frame_rate: word, avg_frame_rate: word, nb_frames: word, start_time: word, duration: word },
  ...{ channels: z.number().int().optional(), channel_layout: word, sample_rate: word, bit_rate: word },
  disposition: z
    .object({
      ...{ default: flag, attached_pic: flag, timed_thumbnails: flag, still_image: flag, forced: flag },
      ...{ comment: flag, visual_impaired: flag, hearing_impaired: flag, dub: flag, original: flag },
    })
    .optional(),
  tags: z.object({ language: word }).optional(),
  side_data_list: z.array(sideData).optional(),
});

const outputSchema = z.object({
  streams: z.array(streamSchema).default([]),
  format: z.object({ format_name: word, start_time: word, duration: word }).optional(),
});

export type ProbedStream = z.infer<typeof streamSchema>;
export type ProbedFile = z.infer<typeof outputSchema>;

/** A file and the tracks that were chosen of it. */
export interface ProbedTracks {
  readonly file: ProbedFile;
  readonly video: ProbedStream;
  /** Sound that can be decoded, the one that is heard by default first. */
  readonly sounds: readonly ProbedStream[];
}

/** Counts and times of the chosen tracks, however they were got at. Microseconds on the file's time line. */
export interface Measured {
  readonly video: Pick<VideoFacts, 'packetCount' | 'startUs' | 'durationUs'> & Partial<VideoFacts>;
  /** By stream index; none for a track without packets. */
  readonly sounds: ReadonlyMap<number, MeasuredSound>;
  readonly containerStartUs: number;
  readonly containerDurationUs: number;
}

export type MeasuredSound = Pick<AudioFacts, 'startUs' | 'durationUs' | 'bitsPerSecond' | 'unbroken'>;

/** ffprobe's JSON, checked. null where it is not what ffprobe writes of a readable file. */
export function parseFfprobe(json: string): ProbedFile | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
  const parsed = outputSchema.safeParse(value);
  return parsed.success && parsed.data.format ? parsed.data : null;
}

/** Cover art and thumbnails are no moving pictures. */
export const isStill = (s: ProbedStream): boolean =>
  Boolean(s.disposition?.attached_pic || s.disposition?.timed_thumbnails || s.disposition?.still_image);

/**
 * The moving picture, of several the best: one that can be decoded before one that cannot, a film before a track of one
 * frame, a default track before others, then the largest, then the one with the most frames.
 */
export function pickVideo(streams: readonly ProbedStream[]): ProbedStream | null {
  const worth = (s: ProbedStream): number[] => [
    Number(VIDEO_CODECS.includes(s.codec_name ?? '')),
    Number(s.nb_frames !== '1'),
    s.disposition?.default ?? 0,
    (s.width ?? 0) * (s.height ?? 0),
    countOf(s.nb_frames) ?? 0,
    -s.index,
  ];
  const byWorth = (a: ProbedStream, b: ProbedStream): number => {
    const [left, right] = [worth(a), worth(b)];
    return left.map((value, n) => (right[n] ?? 0) - value).find((difference) => difference !== 0) ?? 0;
  };
  const moving = streams.filter((s) => s.codec_type === 'video' && !isStill(s));
  return moving.sort(byWorth)[0] ?? null;
}

/** The audio tracks that can be decoded, the first default one in front and the others as they lie; and the codecs of those that cannot. */
export function pickAudio(streams: readonly ProbedStream[]): { sounds: ProbedStream[]; undecodable: string[] } {
  const all = streams.filter((s) => s.codec_type === 'audio');
  const decodable = (s: ProbedStream): boolean =>
    AUDIO_CODECS.includes(s.codec_name ?? '') && (s.channels ?? 0) > 0 && Number(s.sample_rate ?? 0) > 0;
  const sounds = all.filter(decodable);
  const main = sounds.find((s) => s.disposition?.default) ?? sounds[0];
  return {
    sounds: main ? [main, ...sounds.filter((s) => s !== main)] : [],
    undecodable: all.filter((s) => !decodable(s)).map((s) => plain(s.codec_name) ?? 'unknown'),
  };
}

/** What the tables of the file say of its video stream; counts and times are put in by the caller. */
export function videoFacts(stream: ProbedStream): Omit<VideoFacts, 'packetCount' | 'evenlySpaced' | 'startUs' | 'durationUs'> | null {
  const base = rateOf(stream.r_frame_rate) ?? rateOf(stream.avg_frame_rate);
  if (!base) return null;
  return {
    streamIndex: stream.index,
    codec: stream.codec_name ?? '',
    profile: plain(stream.profile),
    width: stream.width ?? 0,
    height: stream.height ?? 0,
    sampleAspect: parseRational(stream.sample_aspect_ratio) ?? rational(1),
    ...orientationOf(stream.side_data_list),
    pixelFormat: plain(stream.pix_fmt) ?? 'unknown',
    fieldOrder: plain(stream.field_order) ?? 'unknown',
    color: {
      ...{ primaries: plain(stream.color_primaries) ?? 'unknown', transfer: plain(stream.color_transfer) ?? 'unknown' },
      ...{ space: plain(stream.color_space) ?? 'unknown', range: plain(stream.color_range) ?? 'unknown' },
    },
    averageRate: rateOf(stream.avg_frame_rate) ?? base,
    baseRate: base,
  };
}

export function audioFacts(stream: ProbedStream): Omit<AudioFacts, 'startUs' | 'durationUs'> {
  const layout = plain(stream.channel_layout);
  return {
    ...{ streamIndex: stream.index, codec: stream.codec_name ?? '', profile: plain(stream.profile) },
    ...{ channels: stream.channels ?? 0, sampleRate: Number(stream.sample_rate ?? 0), language: languageOf(stream.tags?.language) },
    ...(layout && layout !== 'unknown' ? { layout } : {}),
    ...roleOf(stream),
  };
}

/** Samples in one packet of AAC-LC. */
const AAC_SAMPLES = 1024;

/** The rate at which packets of 1024 samples follow one another without a gap; none for a track without sample rate. */
export function accessUnitRates(stream: ProbedStream): Rational[] {
  const sampleRate = countOf(stream.sample_rate);
  return sampleRate ? [rational(sampleRate, AAC_SAMPLES)] : [];
}

/** Seconds as ffprobe writes them, in microseconds; null for "N/A" and absent. */
export function microseconds(text: string | undefined): number | null {
  const value = text === undefined || text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? Math.round(value * 1_000_000) : null;
}

export function countOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : null;
}

const rateOf = (text: string | undefined): Rational | null => parseRational(text);

/** Short plain words only: what a file says must not carry control characters into logs and pages. */
export function plain(text: string | undefined): string | null {
  return text !== undefined && /^[\w .,:()+/-]{1,64}$/.test(text) ? text : null;
}

/** BCP 47 from ISO 639-2 ("eng" → "en"), as playlists want it; null for "und" and for nonsense. */
export function languageOf(tag: string | undefined): string | null {
  if (!tag || !/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag) || tag === 'und') return null;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch (cause) {
    if (cause instanceof RangeError) return null;
    throw cause;
  }
}
