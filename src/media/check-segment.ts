import type { ReportTrack, SegmentFacts } from '../domain/artefact.js';
import { PipelineError } from '../domain/errors.js';
import type { Plan } from '../domain/plan.js';
import { onlyBox, readBoxes, readingBytes } from './boxes.js';
import { readSegment } from './fmp4.js';
import { readTrackHeader } from './fmp4-init.js';

/**
 * Holds one stored segment to what its writer recorded: packets counted again, first time and length read again, and
 * every fragment of it decodable from its first packet.
 * @throws PipelineError VERIFY_PACKETS or VERIFY_TIMELINE with the key and what was expected and found
 */
export function checkSegment(bytes: Uint8Array, expected: SegmentFacts): void {
  const { key } = expected;
  const fragments = readSegment(bytes);
  const packetCount = fragments.reduce((sum, fragment) => sum + fragment.packetCount, 0);
  if (packetCount !== expected.packetCount) {
    throw new PipelineError('VERIFY_PACKETS', { details: { key, expected: expected.packetCount, found: packetCount } });
  }
  let nextTicks = expected.startTicks;
  for (const fragment of fragments) {
    if (fragment.startTicks !== nextTicks) {
      throw new PipelineError('VERIFY_TIMELINE', { details: { key, expectedTicks: nextTicks, foundTicks: fragment.startTicks } });
    }
    if (!fragment.startsWithSync)
      throw new PipelineError('VERIFY_TIMELINE', { note: 'A fragment does not start with a key frame.', details: { key } });
    nextTicks += fragment.durationTicks;
  }
  const endTicks = expected.startTicks + expected.durationTicks;
  if (nextTicks !== endTicks) throw new PipelineError('VERIFY_TIMELINE', { details: { key, expectedTicks: endTicks, foundTicks: nextTicks } });
}

/** BT.709 in all three, of limited range: what every plan that decides on colours promises. */
const BT709 = [1, 1, 1, 0];

/**
 * Holds a stored init segment to the track that the plan wants: codec, timescale, picture size, shown as it is stored, and its
 * colour tags where the plan decided on them (older ones did not).
 * @throws PipelineError VERIFY_TRACKS
 */
export function checkInit(bytes: Uint8Array, track: ReportTrack, plan: Pick<Plan, 'video'>): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readingBytes(() => readTrackHeader(onlyBox(readBoxes(view), 'moov')));
  const coloured = track.resolution !== null && plan.video.colour !== undefined;
  const found = [header.codec, header.timescale, header.width, header.height, header.upright, ...(coloured ? (header.colour ?? ['untagged']) : [])];
  const expected = [
    track.codec,
    track.timescale,
    track.resolution?.width ?? null,
    track.resolution?.height ?? null,
    true,
    ...(coloured ? BT709 : []),
  ];
  if (found.join() !== expected.join()) {
    throw new PipelineError('VERIFY_TRACKS', { details: { key: track.init.key, expected: expected.map(String), found: found.map(String) } });
  }
}
