import type { GenerationReport, ReportTrack } from './artefact.js';
import { PipelineError } from './errors.js';
import { frameTicks, videoTimescale } from './grid.js';
import { type AudioPlan, audioName, audioTracks, type Plan } from './plan.js';
import { frameTimeUs } from './rational.js';

/** One AAC access unit: the finest step in which an audio track's length can be right or wrong. */
const AAC_SAMPLES = 1024;

/**
 * Holds what was made to what was planned, by the numbers alone: tracks, packets, time line. The bytes behind the
 * numbers are checked one by one elsewhere.
 * @throws PipelineError VERIFY_TRACKS, VERIFY_PACKETS or VERIFY_TIMELINE with what was expected and found
 */
export function checkReport(plan: Plan, report: GenerationReport): void {
  const expected = [...plan.rungs.map((rung) => rung.name), ...audioTracks(plan).map(audioName)];
  const found = report.tracks.map((track) => track.name);
  if (expected.join() !== found.join()) throw new PipelineError('VERIFY_TRACKS', { details: { expected, found } });
  subtitleTracks(plan, report);
  for (const track of report.tracks) {
    contiguous(track);
    const audio = audioTracks(plan).find((each) => audioName(each) === track.name);
    if (audio) audioLength(audio, track);
    else videoLength(plan, track);
  }
}

/** All that were planned, or a finding that says why not; each from the video's beginning to its end. */
function subtitleTracks(plan: Plan, report: GenerationReport): void {
  const found = report.subtitles ?? [];
  const missing = (plan.subtitles ?? []).filter(({ name }) => !found.some((track) => track.name === name));
  const unplanned = found.filter((track) => !plan.subtitles?.some(({ name }) => name === track.name));
  const told = report.findings?.some(({ code }) => code === 'SUBTITLES_UNREADABLE') === true;
  if (unplanned.length > 0 || (missing.length > 0 && !told)) {
    const details = { expected: (plan.subtitles ?? []).map(({ name }) => name), found: found.map(({ name }) => name) };
    throw new PipelineError('VERIFY_TRACKS', { details });
  }
  const expectedUs = frameTimeUs(plan.grid.frameCount, plan.grid.rate);
  for (const track of found) {
    let nextUs = 0;
    for (const segment of track.segments) nextUs = segment.startUs === nextUs ? nextUs + segment.durationUs : Number.NaN;
    if (nextUs !== expectedUs) throw new PipelineError('VERIFY_TIMELINE', { details: { track: track.name, expectedUs, foundUs: String(nextUs) } });
  }
}

function contiguous(track: ReportTrack): void {
  let nextTicks = 0;
  for (const segment of track.segments) {
    if (segment.startTicks !== nextTicks) {
      throw new PipelineError('VERIFY_TIMELINE', {
        details: { track: track.name, key: segment.key, expectedTicks: nextTicks, foundTicks: segment.startTicks },
      });
    }
    nextTicks += segment.durationTicks;
  }
}

const packets = (track: ReportTrack): number => track.segments.reduce((sum, segment) => sum + segment.packetCount, 0);
const ticks = (track: ReportTrack): number => track.segments.reduce((sum, segment) => sum + segment.durationTicks, 0);

function videoLength(plan: Plan, track: ReportTrack): void {
  const { rate, frameCount } = plan.grid;
  const rung = plan.rungs.find((each) => each.name === track.name);
  if (track.resolution?.width !== rung?.width || track.resolution?.height !== rung?.height || track.timescale !== videoTimescale(rate)) {
    throw new PipelineError('VERIFY_TRACKS', { details: { track: track.name, timescale: track.timescale, width: track.resolution?.width ?? null } });
  }
  if (packets(track) !== frameCount) {
    throw new PipelineError('VERIFY_PACKETS', { details: { track: track.name, expected: frameCount, found: packets(track) } });
  }
  const expectedTicks = frameCount * frameTicks(rate);
  if (ticks(track) !== expectedTicks) {
    throw new PipelineError('VERIFY_TIMELINE', { details: { track: track.name, expectedTicks, foundTicks: ticks(track) } });
  }
}

/** Encoders add priming and round up to whole access units; the source's own length is known to about one more. */
function audioLength(audio: AudioPlan, track: ReportTrack): void {
  const expectedS = audio.expectedDurationUs / 1e6;
  const foundS = ticks(track) / track.timescale;
  const toleranceS = (4 * AAC_SAMPLES) / track.timescale;
  if (Math.abs(foundS - expectedS) > toleranceS) {
    throw new PipelineError('VERIFY_PACKETS', { details: { track: track.name, expectedS, foundS, toleranceS } });
  }
  // The last access unit may be short; packets that were copied keep their container's rounding to whole milliseconds.
  const missing = packets(track) * AAC_SAMPLES - ticks(track);
  if (missing < -track.timescale / 1000 || missing >= AAC_SAMPLES) {
    throw new PipelineError('VERIFY_PACKETS', { details: { track: track.name, packets: packets(track), ticks: ticks(track) } });
  }
}
