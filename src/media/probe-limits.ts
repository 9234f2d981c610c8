import { PipelineError } from '../domain/errors.js';
import type { Probe } from '../domain/probe.js';
import { toNumber } from '../domain/rational.js';
import { MAX_PIXELS, VIDEO_CODECS } from './probe-args.js';
import type { ProbedStream } from './probe-facts.js';

const DAY_US = 24 * 3600 * 1_000_000;
/** Nobody films for a month: such a length is a broken or a made-up number. */
const ABSURD_US = 30 * DAY_US;
const MAX_SIDE = 16_384;
const MIN_FPS = 1;
const MAX_FPS = 240;

/** @throws PipelineError SOURCE_UNSUPPORTED */
export function assertDecodable(video: ProbedStream): void {
  const codec = (video.codec_name ?? 'unknown').slice(0, 32);
  if (!VIDEO_CODECS.includes(codec)) throw new PipelineError('SOURCE_UNSUPPORTED', { details: { codec } });
  if (video.side_data_list?.some((data) => data.dv_profile !== undefined && data.dv_bl_signal_compatibility_id === 0)) {
    const note = 'It is Dolby Vision without a picture for other players (profile 5). Export it as HDR10, HLG or SDR.';
    throw new PipelineError('SOURCE_UNSUPPORTED', { note });
  }
}

/**
 * What the first look already refuses, before anything is read at length. The limits are those of the tenant's default.
 * @throws PipelineError SOURCE_PIXELS, SOURCE_DURATION or SOURCE_CORRUPT
 */
export function assertStreamLimits(video: ProbedStream, containerDurationUs: number | null): void {
  const [width, height] = [video.width ?? 0, video.height ?? 0];
  if (width < 1 || height < 1) throw new PipelineError('SOURCE_CORRUPT', { note: 'Its picture has no size.' });
  if (width * height > MAX_PIXELS || Math.max(width, height) > MAX_SIDE) {
    throw new PipelineError('SOURCE_PIXELS', { note: `Its picture is ${width}×${height}.`, details: { width, height } });
  }
  if (containerDurationUs !== null) assertDuration(containerDurationUs);
}

/** @throws PipelineError SOURCE_FRAME_RATE, SOURCE_DURATION or SOURCE_CORRUPT */
export function assertProbeLimits(probe: Probe): void {
  const { video } = probe;
  if (video.durationUs <= 0) throw new PipelineError('SOURCE_CORRUPT', { note: 'Its length cannot be told.' });
  assertDuration(video.durationUs);
  assertDuration(probe.containerDurationUs);
  // Not packets over length: an edit list may show only a part of the packets.
  const fps = toNumber(video.averageRate);
  if (fps > MAX_FPS) throw new PipelineError('SOURCE_FRAME_RATE', { note: `It has ${Math.round(fps)} frames a second; ${MAX_FPS} are allowed.` });
  if (video.packetCount > 1 && fps < MIN_FPS) {
    throw new PipelineError('SOURCE_FRAME_RATE', { note: `It has only ${fps.toFixed(3)} frames a second; at least ${MIN_FPS} is needed.` });
  }
  // A few frames that claim to fill hours: edit lists that repeat them, or one frame with a length of a day.
  const coveredUs = (video.packetCount * 1_000_000) / fps;
  if (video.durationUs > coveredUs * 1.2 + 10_000_000) {
    throw new PipelineError('SOURCE_CORRUPT', {
      note: 'It declares far more time than its frames fill.',
      details: { packetCount: video.packetCount },
    });
  }
}

function assertDuration(durationUs: number): void {
  if (durationUs < 0 || durationUs > ABSURD_US)
    throw new PipelineError('SOURCE_CORRUPT', { note: 'Its length is not believable.', details: { durationUs } });
  if (durationUs > DAY_US) {
    throw new PipelineError('SOURCE_DURATION', {
      note: `It is ${(durationUs / 3_600_000_000).toFixed(1)} hours long; 24 are allowed.`,
      details: { durationUs },
    });
  }
}
