import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type GenerationRef, mendedKey, mendManifestKey, planKey } from '../domain/keys.js';
import { remuxLimits } from '../domain/limits.js';
import type { Plan } from '../domain/plan.js';
import type { SourceFacts } from '../domain/probe.js';
import { frameTimeUs } from '../domain/rational.js';
import { readFormat } from '../media/check-remux.js';
import { mendArgs } from '../media/remux-args.js';
import { commitManifest } from './commit-manifest.js';
import type { EncoderDeps } from './deps.js';
import { drainable } from './drainable-ffmpeg.js';
import { getJson, needJson } from './json-objects.js';
import { withSource } from './source-input.js';
import { storeFile } from './store-file.js';
import { withHeartbeat } from './with-heartbeat.js';

/** The commit of one attempt: the file that stands, and how it is read in the source's place. */
export interface MendManifest {
  readonly attempt: string;
  readonly file: SourceFacts;
  readonly format: string;
  /** Time of output frame 0 in it, counted as an input `-ss` counts. */
  readonly originUs: number;
}

/**
 * Puts the pictures of a planned source that is damaged into another container, for the pieces that nothing else helps.
 * Once for a video, whoever asks; commits as remuxing does. Nothing is checked here: each piece that is read from it counts
 * its own frames.
 */
export const mendSource =
  (deps: EncoderDeps) =>
  (at: GenerationRef): Promise<{ sizeBytes: number }> =>
    withHeartbeat(async (beat, signal) => {
      const key = mendManifestKey(at);
      const committed = await getJson<MendManifest>(deps.store, key);
      if (committed !== null) return { sizeBytes: committed.file.sizeBytes };
      const plan = await needJson<Plan>(deps.store, planKey(at));
      const attempt = randomBytes(4).toString('hex');
      const scratch = await deps.scratch.dir(`mend-${attempt}`);
      try {
        const path = join(scratch.path, 'source.mkv');
        const durationUs = frameTimeUs(plan.grid.frameCount, plan.grid.rate);
        const room = { folder: scratch.path, limits: remuxLimits(plan.source.sizeBytes), durationUs, beat, signal };
        await withSource(deps, plan.source, (input) => drainable(deps, mendArgs({ plan, input, output: path }), { ...room, input }));
        const made = { url: `file:${path}`, protocols: 'file', sandbox: deps.sandbox ?? undefined };
        const { format, startUs } = await readFormat({ ffprobePath: deps.ffprobePath, signal }, made);
        const file = await storeFile(deps.store, mendedKey(at, attempt), path, { contentType: 'video/x-matroska', signal });
        const manifest: MendManifest = { attempt, file, format, originUs: Math.max(0, plan.video.originUs - startUs) };
        const standing = await commitManifest(deps.store, at, key, manifest, [file.key]);
        return { sizeBytes: standing.file.sizeBytes };
      } finally {
        await scratch.remove();
      }
    });
