import { open } from 'node:fs/promises';
import pLimit from 'p-limit';
import type { SegmentFacts, TrackFacts } from '../domain/artefact.js';
import { type GenerationRef, initKey } from '../domain/keys.js';
import type { FragmentedMp4 } from '../media/fmp4.js';
import type { CutSegment } from '../media/segments.js';
import { IMMUTABLE, type ObjectStore } from '../storage/object-store.js';
import { putAgreed, sha256Hex } from './json-objects.js';

const PARALLEL_PUTS = 4;

/**
 * Puts one encoded track into the store: its init segment under the key that all chunks share, each segment once at
 * the key from which players will get it. Adds every key of this attempt to `written`, before it is written.
 */
export async function storeTrack(
  store: ObjectStore,
  job: {
    readonly at: GenerationRef;
    readonly name: string;
    readonly file: string;
    readonly parsed: FragmentedMp4;
    readonly cuts: readonly CutSegment[];
    readonly contentType: 'video/iso.segment' | 'audio/mp4';
    readonly segmentKey: (index: number) => string;
  },
  written: string[],
): Promise<TrackFacts> {
  const file = await open(job.file);
  const bytesAt = async (offset: number, sizeBytes: number): Promise<Uint8Array> => {
    const bytes = new Uint8Array(sizeBytes);
    await file.read(bytes, 0, sizeBytes, offset);
    return bytes;
  };
  try {
    const { init } = job.parsed;
    const initBytes = await bytesAt(init.offset, init.sizeBytes);
    const initArtefact = await putAgreed(store, initKey(job.at, job.name), initBytes, {
      contentType: 'video/mp4',
      cacheControl: IMMUTABLE,
      code: 'INIT_MISMATCH',
    });
    const limit = pLimit(PARALLEL_PUTS);
    const segments = await Promise.all(
      job.cuts.map((cut, index) =>
        limit(async (): Promise<SegmentFacts> => {
          const bytes = await bytesAt(cut.offset, cut.sizeBytes);
          const key = job.segmentKey(index);
          const sha256 = sha256Hex(bytes);
          written.push(key);
          await store.put(key, bytes, { contentType: job.contentType, cacheControl: IMMUTABLE, sha256 });
          const { packetCount, startTicks, durationTicks } = cut;
          return { key, sizeBytes: cut.sizeBytes, sha256, packetCount, startTicks, durationTicks };
        }),
      ),
    );
    return { name: job.name, init: initArtefact, timescale: init.timescale, codec: init.codec, segments };
  } finally {
    await file.close();
  }
}
