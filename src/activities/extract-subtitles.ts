import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { EncodeCost, SubtitleSegment, SubtitlesManifest, SubtitleTrack } from '../domain/artefact.js';
import { PipelineError } from '../domain/errors.js';
import { type GenerationRef, planKey, subtitleSegmentKey, subtitlesManifestKey } from '../domain/keys.js';
import { subtitleLimits } from '../domain/limits.js';
import type { Plan, SubtitlePlan } from '../domain/plan.js';
import { frameTimeUs } from '../domain/rational.js';
import { subtitleArgs } from '../media/subtitle-args.js';
import { type Cue, parseCues, placeCues, segmentCues, writeCues } from '../media/webvtt.js';
import { IMMUTABLE, type ObjectStore } from '../storage/object-store.js';
import { commitManifest } from './commit-manifest.js';
import type { EncoderDeps } from './deps.js';
import { drainable } from './drainable-ffmpeg.js';
import { getJson, needJson, sha256Hex } from './json-objects.js';
import { withSource } from './source-input.js';
import { withHeartbeat } from './with-heartbeat.js';

/** A talkative film of three hours has a fifth of a megabyte. */
const MAX_BYTES = 8 * 1024 * 1024;
/** A silent quarter of an hour in a large file gives ffmpeg nothing to write. */
const STALL_MS = 15 * 60_000;

/**
 * Makes WebVTT of a source's text subtitles, all tracks from one reading. One that cannot be read does not hold up the
 * film: it is left out, and the manifest says so. Commits like a chunk: one conditional write of its manifest.
 */
export const extractSubtitles =
  (deps: EncoderDeps) =>
  (at: GenerationRef): Promise<EncodeCost> =>
    withHeartbeat(async (beat, signal) => {
      const key = subtitlesManifestKey(at);
      const committed = await getJson<SubtitlesManifest>(deps.store, key);
      if (committed !== null) return committed.cost;
      const plan = await needJson<Plan>(deps.store, planKey(at));
      const attempt = randomBytes(4).toString('hex');
      const scratch = await deps.scratch.dir(`subs-${attempt}`);
      const written: string[] = [];
      try {
        const { files, cost } = await extractAll(deps, plan, scratch.path, { beat, signal });
        const durationUs = frameTimeUs(plan.grid.frameCount, plan.grid.rate);
        const tracks: SubtitleTrack[] = [];
        for (const { subtitles, path } of files) {
          const cues = placeCues(parseCues(await readFile(path, 'utf8')), { originUs: subtitles.originUs, durationUs });
          tracks.push(await storeCues(deps.store, { at, name: subtitles.name, attempt, cues, durationUs }, written));
        }
        const readable = tracks.map((track) => track.name);
        const unreadable = (plan.subtitles ?? []).map((subtitles) => subtitles.name).filter((name) => !readable.includes(name));
        return (await commitManifest(deps.store, at, key, { attempt, tracks, unreadable, cost }, written)).cost;
      } finally {
        await scratch.remove();
      }
    });

interface Extracted {
  readonly subtitles: SubtitlePlan;
  readonly path: string;
}

type Run = { readonly beat: (fraction: number) => void; readonly signal: AbortSignal };

/** All from one reading; where that fails, each from its own, so that one bad track does not take the others with it. */
async function extractAll(deps: EncoderDeps, plan: Plan, folder: string, run: Run): Promise<{ files: Extracted[]; cost: EncodeCost }> {
  const wanted = (plan.subtitles ?? []).map((subtitles) => ({ subtitles, path: join(folder, `${subtitles.name}.vtt`) }));
  const cost = { wallMs: 0, sourceBytesRead: 0 };
  const extract = async (outputs: readonly Extracted[]): Promise<readonly Extracted[]> => {
    try {
      await withSource(deps, plan.source, async (input) => {
        const durationUs = frameTimeUs(plan.grid.frameCount, plan.grid.rate);
        const { wallMs } = await drainable(deps, subtitleArgs({ input, outputs }), {
          ...{ input, folder, limits: subtitleLimits(plan.source.sizeBytes), durationUs, stallMs: STALL_MS },
          ...run,
        });
        cost.wallMs += Math.round(wallMs);
        cost.sourceBytesRead += input.bytesRead();
      });
      return outputs;
    } catch (error) {
      if (!(error instanceof PipelineError) || error.code !== 'ENCODE_FAILED') throw error;
      return [];
    }
  };
  const together = await extract(wanted);
  const files = [...together];
  if (together.length < wanted.length && wanted.length > 1) for (const one of wanted) files.push(...(await extract([one])));
  const sizes = await Promise.all(files.map(async ({ path }) => (await stat(path)).size));
  return { files: files.filter((_, n) => (sizes[n] ?? 0) <= MAX_BYTES), cost };
}

async function storeCues(
  store: ObjectStore,
  job: { at: GenerationRef; name: string; attempt: string; cues: readonly Cue[]; durationUs: number },
  written: string[],
): Promise<SubtitleTrack> {
  const { at, name, attempt, cues, durationUs } = job;
  const segments: SubtitleSegment[] = [];
  for (const { startUs, durationUs: lengthUs, cues: own } of segmentCues(cues, durationUs)) {
    const key = subtitleSegmentKey(at, name, attempt, segments.length);
    const bytes = Buffer.from(writeCues(own));
    const sha256 = sha256Hex(bytes);
    written.push(key);
    await store.put(key, bytes, { contentType: 'text/vtt', cacheControl: IMMUTABLE, sha256 });
    segments.push({ key, sizeBytes: bytes.byteLength, sha256, startUs, durationUs: lengthUs, cueCount: own.length });
  }
  return { name, cueCount: cues.length, segments };
}
