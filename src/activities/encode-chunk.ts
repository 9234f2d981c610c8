import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ChunkManifest, TrackFacts } from '../domain/artefact.js';
import { type Damage, damagedFrames, damageText, toleratedFrames } from '../domain/damage.js';
import { PipelineError } from '../domain/errors.js';
import { type ChunkRange, chunkAt } from '../domain/grid.js';
import { chunkManifestKey, type GenerationRef, mendManifestKey, planKey, segmentKey } from '../domain/keys.js';
import { chunkLimits } from '../domain/limits.js';
import { type Plan, tilesIn } from '../domain/plan.js';
import { frameTimeUs } from '../domain/rational.js';
import type { Recipe } from '../domain/recipe.js';
import { nextSizeClass, type SizeClass } from '../domain/size-class.js';
import { DamageLog } from '../media/damage-log.js';
import { encodeChunkArgs } from '../media/encode-args.js';
import { type FragmentedMp4, readFragmentedMp4 } from '../media/fmp4.js';
import { type CutSegment, cutSegments } from '../media/segments.js';
import { commitManifest } from './commit-manifest.js';
import type { EncoderDeps } from './deps.js';
import { drainable } from './drainable-ffmpeg.js';
import { getJson, needJson } from './json-objects.js';
import type { MendManifest } from './mend-source.js';
import { meter } from './meter.js';
import { withSource } from './source-input.js';
import { storePictures } from './store-pictures.js';
import { storeTrack } from './store-track.js';
import { withHeartbeat } from './with-heartbeat.js';

export interface ChunkJob extends GenerationRef {
  readonly index: number;
  readonly sizeClass: SizeClass;
  /** How its part of the source is read. Absent: `normal`. */
  readonly recipe?: Recipe;
  /** Nothing better will come: the piece is taken however damaged. Absent: no. */
  readonly settle?: boolean;
}

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
 *
 * What is damaged in the source is counted. Beyond a stumble, or where it makes the piece fail, `movesOn` in the error's
 * details says that the same again would be in vain: the workflow knows other recipes.
 */
export const encodeChunk =
  (deps: EncoderDeps) =>
  (job: ChunkJob): Promise<ChunkFacts> =>
    withHeartbeat(async (beat, signal) => {
      const manifestKey = chunkManifestKey(job, job.index);
      const committed = await getJson<ChunkManifest>(deps.store, manifestKey);
      if (committed !== null) return factsOf(committed);
      const plan = await needJson<Plan>(deps.store, planKey(job));
      const chunk = chunkAt(plan.grid, job.index);
      const recipe = job.recipe ?? 'normal';
      const heard = new DamageLog(plan, chunk);
      const attempt = randomBytes(4).toString('hex');
      const scratch = await deps.scratch.dir(`chunk-${attempt}`);
      try {
        const read = await readBy(deps, job, plan, recipe);
        const cost = await encode(deps, { plan: read, chunk, recipe, folder: scratch.path, heard, beat, signal });
        const made = await cutAll(plan, chunk, scratch.path);
        const damage = heard.damage();
        if (job.settle !== true) assertTolerable(damage, recipe, chunk);
        const written: string[] = [];
        const tracks: TrackFacts[] = [];
        for (const track of made) {
          const keyOf = (n: number): string => segmentKey(job, track.name, job.index, attempt, n);
          tracks.push(await storeTrack(deps.store, { at: job, ...track, contentType: 'video/iso.segment', segmentKey: keyOf }, written));
        }
        const pictures = await storePictures(deps.store, { plan, chunk, attempt, folder: scratch.path }, written);
        const way = { ...(recipe === 'normal' ? {} : { recipe }), ...(damagedFrames(damage) > 0 ? { damage } : {}) };
        const manifest: ChunkManifest = { ...chunk, attempt, tracks, ...pictures, cost, ...way };
        return factsOf(await commitManifest(deps.store, job, manifestKey, manifest, written));
      } catch (error) {
        throw movedUp(movedOn(error, heard, recipe), job.sizeClass);
      } finally {
        await scratch.remove();
      }
    });

/** Says that the same queue would only fail again: the workflow takes the chunk to the next class. */
function movedUp(error: unknown, sizeClass: SizeClass): unknown {
  if (!(error instanceof PipelineError) || error.code !== 'RESOURCE_LIMIT' || nextSizeClass(sizeClass) === null) return error;
  return new PipelineError('RESOURCE_LIMIT', { details: { ...error.details, movesUp: true }, cause: error });
}

/** A piece that failed where damage was seen would fail again: ffmpeg complained, or ended well and frames are missing. */
function movedOn(error: unknown, heard: DamageLog, recipe: Recipe): unknown {
  if (!(error instanceof PipelineError)) return error;
  const { code } = error;
  const isDamage = (code === 'ENCODE_FAILED' && heard.said) || (code === 'ENCODE_MISMATCH' && damagedFrames(heard.damage()) > 0);
  if (!isDamage) return error;
  return new PipelineError(code, { note: 'The source is damaged there.', details: { ...error.details, movesOn: true, recipe }, cause: error });
}

/** @throws PipelineError SOURCE_DAMAGED where more frames are damaged than may be published without asking */
function assertTolerable(damage: Damage, recipe: Recipe, chunk: ChunkRange): void {
  if (damagedFrames(damage) <= toleratedFrames(chunk.frameCount)) return;
  const note = `In the piece from frame ${chunk.startFrame} on ${damageText(damage, chunk.frameCount)}`;
  throw new PipelineError('SOURCE_DAMAGED', { note, details: { movesOn: true, recipe, damagedFrames: damagedFrames(damage), ...damage } });
}

/** The plan, with what is read in the source's place. */
async function readBy({ store }: EncoderDeps, at: GenerationRef, plan: Plan, recipe: Recipe): Promise<Plan> {
  if (recipe !== 'remuxed') return plan;
  const { file, format, originUs } = await needJson<MendManifest>(store, mendManifestKey(at));
  return { ...plan, input: file, format, video: { ...plan.video, streamIndex: 0, originUs } };
}

/** All qualities, held to the grid before a byte of them is stored. */
async function cutAll(
  plan: Plan,
  chunk: ChunkRange,
  folder: string,
): Promise<{ name: string; file: string; parsed: FragmentedMp4; cuts: CutSegment[] }[]> {
  const made = [];
  for (const { name } of plan.rungs) {
    const file = join(folder, `${name}.mp4`);
    const parsed = await readFragmentedMp4(file);
    made.push({ name, file, parsed, cuts: cutSegments({ fragments: parsed.fragments, grid: plan.grid, chunk }) });
  }
  return made;
}

const factsOf = (manifest: ChunkManifest): ChunkFacts => ({ index: manifest.index, ...manifest.cost });

async function encode(
  deps: EncoderDeps,
  job: {
    readonly plan: Plan;
    readonly chunk: ChunkRange;
    readonly recipe: Recipe;
    readonly folder: string;
    readonly heard: DamageLog;
    readonly beat: (fraction: number) => void;
    readonly signal: AbortSignal;
  },
): Promise<ChunkManifest['cost']> {
  const { plan, chunk, recipe, folder, heard, beat, signal } = job;
  const { poster, storyboard } = plan.images;
  const hasPoster = poster.frame >= chunk.startFrame && poster.frame < chunk.startFrame + chunk.frameCount;
  return withSource(deps, plan.input ?? plan.source, async (input) => {
    const argv = encodeChunkArgs({
      plan,
      chunk,
      input,
      recipe,
      outputs: {
        rungs: plan.rungs.map((rung) => join(folder, `${rung.name}.mp4`)),
        tilesPattern: tilesIn(storyboard, chunk).count > 0 ? join(folder, 'tile_%04d.jpg') : null,
        poster: hasPoster ? join(folder, 'poster.png') : null,
      },
    });
    const durationUs = frameTimeUs(chunk.frameCount, plan.grid.rate);
    const { wallMs } = await drainable(deps, argv, {
      ...{ input, folder, limits: chunkLimits(plan, chunk), durationUs, beat, signal },
      onMessage: (line) => heard.take(line),
    });
    for (const rung of plan.rungs) meter()?.encoded(rung.name, durationUs / 1000);
    return { wallMs: Math.round(wallMs), sourceBytesRead: input.bytesRead() };
  });
}
