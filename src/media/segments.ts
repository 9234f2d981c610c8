import { type ChunkRange, frameTicks, type Grid, segmentFrameCounts } from '../domain/grid.js';
import { mismatch } from './boxes.js';
import type { Fragment } from './fmp4.js';

/** One segment: a run of whole fragments that lie side by side in their file. */
export interface CutSegment {
  /** Bytes in the file. */
  readonly offset: number;
  readonly sizeBytes: number;
  readonly packetCount: number;
  readonly startTicks: number;
  readonly durationTicks: number;
  readonly fragmentCount: number;
}

/**
 * Cuts a chunk's fragments into the grid's segments; run-in (before the chunk) and run-out (behind it) fall away.
 * Nothing is assumed of the encoder: every frame count, start and length must be the grid's.
 * @throws PipelineError ENCODE_MISMATCH that says what was expected and what was found
 */
export function cutSegments(wish: { readonly fragments: readonly Fragment[]; readonly grid: Grid; readonly chunk: ChunkRange }): CutSegment[] {
  const { fragments, grid, chunk } = wish;
  const ticks = frameTicks(grid.rate);
  const start = chunk.startFrame * ticks;
  const end = (chunk.startFrame + chunk.frameCount) * ticks;
  checkContinuous(fragments);
  for (const { startTicks, durationTicks, packetCount } of fragments) {
    if (durationTicks !== packetCount * ticks) {
      throw mismatch('Frames of a fragment have other lengths than planned.', { startTicks, expected: packetCount * ticks, found: durationTicks });
    }
  }
  const own = fragments.filter((fragment) => fragment.startTicks >= start && fragment.startTicks < end);
  let next = 0;
  let at = start;
  const segments = segmentFrameCounts(grid, chunk).map((frames, index) => {
    const taken: Fragment[] = [];
    let packets = 0;
    for (let fragment = own[next]; fragment && packets < frames; fragment = own[next]) {
      taken.push(fragment);
      packets += fragment.packetCount;
      next += 1;
    }
    const found = taken[0]?.startTicks ?? null;
    if (found !== at) throw mismatch(`Segment ${index} does not start where it should.`, { segment: index, expected: at, found });
    if (packets !== frames) throw mismatch(`Segment ${index} has other frames than planned.`, { segment: index, expected: frames, found: packets });
    at += frames * ticks;
    return join(taken);
  });
  if (next !== own.length) throw mismatch('There are more fragments than segments need.', { expected: next, found: own.length });
  return segments;
}

/** HLS players fetch audio in pieces of about the length of the video's. */
const AUDIO_SEGMENT_S = 4;

/**
 * Groups the fragments of a whole audio track into segments of about 4 s: a group is closed by the fragment that brings it
 * nearest. What is left at the end is a segment of its own.
 * @throws PipelineError ENCODE_MISMATCH where the track does not start at 0 or has a gap
 */
export function cutAudioSegments(wish: { readonly fragments: readonly Fragment[]; readonly timescale: number }): CutSegment[] {
  checkContinuous(wish.fragments);
  const found = wish.fragments[0]?.startTicks ?? null;
  if (found !== 0) throw mismatch('The audio does not start at 0.', { expected: 0, found });
  const target = AUDIO_SEGMENT_S * wish.timescale;
  const groups: Fragment[][] = [];
  let group: Fragment[] = [];
  let length = 0;
  for (const fragment of wish.fragments) {
    if (group.length > 0 && length + fragment.durationTicks / 2 >= target) {
      groups.push(group);
      group = [];
      length = 0;
    }
    group.push(fragment);
    length += fragment.durationTicks;
  }
  return [...groups, group].map(join);
}

function checkContinuous(fragments: readonly Fragment[]): void {
  let before: Fragment | null = null;
  for (const fragment of fragments) {
    const { startTicks } = fragment;
    if (!fragment.startsWithSync) throw mismatch('A fragment does not start with a key frame.', { startTicks });
    if (before !== null) {
      const expected = before.startTicks + before.durationTicks;
      if (startTicks !== expected) throw mismatch('There is a gap or an overlap between fragments.', { expected, found: startTicks });
      const offset = before.offset + before.sizeBytes;
      if (fragment.offset !== offset) throw mismatch('Fragments do not lie side by side.', { expected: offset, found: fragment.offset });
    }
    before = fragment;
  }
}

function join(fragments: readonly Fragment[]): CutSegment {
  const [first] = fragments;
  if (!first) throw mismatch('A segment has no fragments.');
  const sum = (of: (fragment: Fragment) => number): number => fragments.reduce((total, fragment) => total + of(fragment), 0);
  return {
    offset: first.offset,
    sizeBytes: sum((fragment) => fragment.sizeBytes),
    packetCount: sum((fragment) => fragment.packetCount),
    startTicks: first.startTicks,
    durationTicks: sum((fragment) => fragment.durationTicks),
    fragmentCount: fragments.length,
  };
}
