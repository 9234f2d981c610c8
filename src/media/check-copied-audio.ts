import type { AudioPlan } from '../domain/plan.js';
import { mismatch } from './boxes.js';
import type { FragmentedMp4 } from './fmp4.js';

/** Samples in one packet of AAC-LC. */
const ACCESS_UNIT = 1024;
/** Edit lists of encoders hide up to 2112 samples of priming, containers round, and the last packet may be padding. */
const TOLERANCE_UNITS = 4;
/** Matroska's times are whole milliseconds, and ffmpeg does not always find back to the sample. */
const ROUNDING_S = 0.001;

/**
 * Holds a copied audio track to what its source promised: packets of 1024 samples without a gap, as long as the plan
 * says, and no more than priming hidden before time 0. A track that does not hold is encoded instead.
 * @throws PipelineError ENCODE_MISMATCH
 */
export function checkCopiedAudio({ init, fragments }: FragmentedMp4, audio: AudioPlan): void {
  const { timescale, editMediaTime } = init;
  if (timescale !== audio.sampleRate) throw mismatch('The copied sound has another clock.', { expected: audio.sampleRate, found: timescale });
  for (const { startTicks, packetCount, durationTicks } of fragments.slice(0, -1)) {
    const expected = packetCount * ACCESS_UNIT;
    if (Math.abs(durationTicks - expected) > timescale * ROUNDING_S)
      throw mismatch('The copied sound has a gap.', { startTicks, expected, found: durationTicks });
  }
  const foundTicks = fragments.reduce((sum, fragment) => sum + fragment.durationTicks, 0);
  const expectedTicks = Math.round((audio.expectedDurationUs * timescale) / 1_000_000);
  if (Math.abs(foundTicks - expectedTicks) > TOLERANCE_UNITS * ACCESS_UNIT || editMediaTime > TOLERANCE_UNITS * ACCESS_UNIT) {
    throw mismatch('The copied sound has another length than the source says.', { expectedTicks, foundTicks, editMediaTime });
  }
}
