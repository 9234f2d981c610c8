import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ChunkManifest, TrackFacts } from '../domain/artefact.js';
import { PipelineError } from '../domain/errors.js';
import { type ChunkRange, chunkAt } from '../domain/grid.js';
import { chunkManifestKey, type GenerationRef, planKey, segmentKey } from '../domain/keys.js';
import { chunkLimits } from '../domain/limits.js';
import { type Plan, tilesIn } from '../domain/plan.js';
import { nextSizeClass, type SizeClass } from '../domain/size-class.js';
import { encodeChunkArgs } from '../media/encode-args.js';
import { readFragmentedMp4 } from '../media/fmp4.js';
import { cutSegments } from '../media/segments.js';
import { commitManifest } from './commit-manifest.js';
import type { EncoderDeps } from './deps.js';
import { drainable } from './drainable-ffmpeg.js';
import { getJson, needJson } from './json-objects.js';
import { meter } from './meter.js';
import { withSource } from './source-input.js';
import { storePictures } from './store-pictures.js';
import { storeTrack } from './store-track.js';
import { withHeartbeat } from './with-heartbeat.js';

export interface ChunkFacts {
  readonly index: number;
  readonly wallMs: number;
  readonly sourceBytesRead: number;
}

/**
 * Encodes one chunk, all rungs from one decode, and commits it by one conditional write of its manifest.
 *
 * Dies before the commit: nothing that anyone can see has changed; its segments lie under keys that carry its attempt,
 * no manifest names them, and a sweep removes them. Dies after: the next attempt finds the manifest and returns. A
 * late twin (a zombie, a retry that overtook it) loses the conditional write and removes its own.
 */
export const encodeChunk =
  (deps: EncoderDeps) =>
  (job: GenerationRef & { readonly index: number; readonly sizeClass: SizeClass }): Promise<ChunkFacts> =>
    withHeartbeat(async (beat, signal) => {
      const manifestKey = chunkManifestKey(job, job.index);
      const committed = await getJson<ChunkManifest>(deps.store, manifestKey);
      if (committed !== null) return factsOf(committed);
      const plan = await needJson<Plan>(deps.store, planKey(job));
      const chunk = chunkAt(plan.grid, job.index);
      const attempt = randomBytes(4).toString('hex');
      const scratch = await deps.scratch.dir(`chunk-${attempt}`);
      try {
        const cost = await encode(deps, plan, chunk, scratch.path, beat, signal);
        const written: string[] = [];
        const tracks: TrackFacts[] = [];
        for (const rung of plan.rungs) {
          const file = join(scratch.path, `${rung.name}.mp4`);
          const parsed = await readFragmentedMp4(file);
          const cuts = cutSegments({ fragments: parsed.fragments, grid: plan.grid, chunk });
          const keyOf = (n: number): string => segmentKey(job, rung.name, job.index, attempt, n);
          tracks.push(
            await storeTrack(
              deps.store,
              { at: job, name: rung.name, file, parsed, cuts, contentType: 'video/iso.segment', segmentKey: keyOf },
              written,
            ),
          );
        }
        const pictures = await storePictures(deps.store, { plan, chunk, attempt, folder: scratch.path }, written);
        const manifest: ChunkManifest = { ...chunk, attempt, tracks, ...pictures, cost };
        return factsOf(await commitManifest(deps.store, job, manifestKey, manifest, written));
      } catch (error) {
        throw movedUp(error, job.sizeClass);
      } finally {
        await scratch.remove();
      }
    });

/** Says that the same queue would only fail again: the workflow takes the chunk to the next class. */
function movedUp(error: unknown, sizeClass: SizeClass): unknown {
  if (!(error instanceof PipelineError) || error.code !== 'RESOURCE_LIMIT' || nextSizeClass(sizeClass) === null) return error;
  return new PipelineError('RESOURCE_LIMIT', { details: { ...error.details, movesUp: true }, cause: error });
}

const factsOf = (manifest: ChunkManifest): ChunkFacts => ({ index: manifest.index, ...manifest.cost });

async function encode(
  deps: EncoderDeps,
  plan: Plan,
  chunk: ChunkRange,
  folder: string,
  beat: (fraction: number) => void,
  signal: AbortSignal,
): Promise<ChunkManifest['cost']> {
  const { poster, storyboard } = plan.images;
  const hasPoster = poster.frame >= chunk.startFrame && poster.frame < chunk.startFrame + chunk.frameCount;
  return withSource(deps, plan.input ?? plan.source, async (input) => {
    const argv = encodeChunkArgs({
      plan,
      chunk,
      input,
      outputs: {
        rungs: plan.rungs.map((rung) => join(folder, `${rung.name}.mp4`)),
        tilesPattern: tilesIn(storyboard, chunk).count > 0 ? join(folder, 'tile_%04d.jpg') : null,
        poster: hasPoster ? join(folder, 'poster.png') : null,
      },
    });
    const durationUs = (chunk.frameCount * 1e6 * plan.grid.rate.den) / plan.grid.rate.num;
    const { wallMs } = await drainable(deps, argv, { input, folder, limits: chunkLimits(plan, chunk), durationUs, beat, signal });
    for (const rung of plan.rungs) meter()?.encoded(rung.name, durationUs / 1000);
    return { wallMs: Math.round(wallMs), sourceBytesRead: input.bytesRead() };
  });
}
