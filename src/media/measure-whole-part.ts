import { PipelineError } from '../domain/errors.js';
import { snapRate } from '../domain/rate.js';
import { parseRational } from '../domain/rational.js';
import type { Truncation } from '../domain/truncation.js';
import { type ScanWish, scannedFacts } from './measure-by-packets.js';
import { scanPackets } from './packet-scan.js';
import { accessUnitRates, countOf, type Measured, microseconds, type ProbedTracks, videoFacts } from './probe-facts.js';

/**
 * Of a source that is known to be cut: what is there, whole, by reading all of it. Sound that goes on where the picture
 * has ended is no part of it.
 * @throws PipelineError SOURCE_CORRUPT where not one frame is whole; what running ffprobe throws
 */
export async function measureWholePart(wish: ScanWish, tracks: ProbedTracks): Promise<{ measured: Measured; truncation: Truncation }> {
  const { video, sounds } = tracks;
  const facts = videoFacts(video);
  const rates = facts ? [snapRate(facts.baseRate), snapRate(facts.averageRate)] : [];
  const scan = await scanPackets({
    ...{ input: wish.input, ffprobePath: wish.ffprobePath, signal: wish.signal, wholePart: true },
    grids: new Map([[video.index, rates], ...sounds.map((sound) => [sound.index, accessUnitRates(sound)] as const)]),
    timeoutMs: wish.timeoutMs ?? 60_000 + wish.source.sizeBytes / 4_000,
  });
  const measured = scannedFacts(scan, tracks);
  const { durationUs } = measured.video;
  if (durationUs <= 0) throw new PipelineError('SOURCE_CORRUPT', { note: 'Not one frame of it is whole.' });
  return { measured, truncation: { heldUs: durationUs, declaredUs: declaredOf(tracks, durationUs) } };
}

/** What the file says of its length, where it says more than it holds. */
function declaredOf({ file, video }: ProbedTracks, heldUs: number): number | null {
  const { format_name: format, duration } = file.format ?? {};
  // A transport stream's length is told from its last time stamp: it is the part itself.
  if (format === 'mpegts') return null;
  // Of an AVI ffprobe tells what it guesses from the bytes that are there, but its header counts the frames.
  const counted = format === 'avi' ? countOf(video.nb_frames) : null;
  const rate = parseRational(video.r_frame_rate);
  const declaredUs = counted !== null && rate ? Math.round((counted * rate.den * 1_000_000) / rate.num) : (microseconds(duration) ?? 0);
  return declaredUs > heldUs ? declaredUs : null;
}
