import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { AudioManifest } from '../domain/artefact.js';
import { PipelineError } from '../domain/errors.js';
import { audioManifestKey, audioSegmentKey, type GenerationRef, planKey } from '../domain/keys.js';
import { audioLimits } from '../domain/limits.js';
import { AUDIO_TRACK, type AudioPlan, audioName, audioTracks, type Plan } from '../domain/plan.js';
import { copyAudioArgs, encodeAudioArgs } from '../media/audio-args.js';
import { checkCopiedAudio } from '../media/check-copied-audio.js';
import { SoundLog } from '../media/damage-log.js';
import { type FragmentedMp4, readFragmentedMp4 } from '../media/fmp4.js';
import { cutAudioSegments } from '../media/segments.js';
import { commitManifest } from './commit-manifest.js';
import type { EncoderDeps } from './deps.js';
import { drainable } from './drainable-ffmpeg.js';
import { getJson, needJson } from './json-objects.js';
import { meter } from './meter.js';
import { withSource } from './source-input.js';
import { storeTrack } from './store-track.js';
import { withHeartbeat } from './with-heartbeat.js';

/**
 * Makes one audio track once, whole: joins inside AAC click. The source's packets are copied where the plan says so and
 * they hold, else encoded. Commits like a chunk: one conditional write of its manifest.
 */
export const encodeAudio =
  (deps: EncoderDeps) =>
  (at: GenerationRef & { readonly track?: string }): Promise<{ wallMs: number; sourceBytesRead: number }> =>
    withHeartbeat(async (beat, signal) => {
      const name = at.track ?? AUDIO_TRACK;
      const key = audioManifestKey(at, name);
      const committed = await getJson<AudioManifest>(deps.store, key);
      if (committed !== null) return committed.cost;
      const plan = await needJson<Plan>(deps.store, planKey(at));
      const audio = audioTracks(plan).find((each) => audioName(each) === name);
      if (audio === undefined) throw new PipelineError('INTERNAL', { note: 'The plan has no such audio.', details: { track: name } });
      const attempt = randomBytes(4).toString('hex');
      const scratch = await deps.scratch.dir(`${name}-${attempt}`);
      try {
        const file = join(scratch.path, 'audio.mp4');
        const heard = new SoundLog();
        const make = (argvOf: typeof encodeAudioArgs): Promise<AudioManifest['cost']> =>
          withSource(deps, plan.source, async (input) => {
            const argv = argvOf({ plan, audio, input, output: file });
            const { wallMs } = await drainable(deps, argv, {
              ...{ input, folder: scratch.path, limits: audioLimits(audio) },
              ...{ durationUs: audio.expectedDurationUs, beat, signal },
              onMessage: (line) => heard.take(line),
            });
            return { wallMs: Math.round(wallMs), sourceBytesRead: input.bytesRead() };
          });
        const copy = audio.mode === 'copy' ? await copied(file, audio, () => make(copyAudioArgs)) : null;
        if (copy === null) heard.lost = 0;
        const cost = copy?.cost ?? (await make(encodeAudioArgs));
        const parsed = copy?.parsed ?? (await readFragmentedMp4(file));
        const written: string[] = [];
        const segmentKey = (n: number): string => audioSegmentKey(at, attempt, n, name);
        const track = await storeTrack(
          deps.store,
          {
            at,
            name,
            file,
            parsed,
            cuts: cutAudioSegments({ fragments: parsed.fragments, timescale: parsed.init.timescale }),
            contentType: 'audio/mp4',
            segmentKey,
          },
          written,
        );
        meter()?.encoded(name, audio.expectedDurationUs / 1000);
        // A copy that holds lost nothing; one that did not was given up, and what it said with it.
        const lost = copy === null && heard.lost > 0 ? { lostPackets: heard.lost } : {};
        const manifest: AudioManifest = { attempt, copied: copy !== null, track, cost, ...lost };
        return (await commitManifest(deps.store, at, key, manifest, written)).cost;
      } finally {
        await scratch.remove();
      }
    });

/** null where the packets do not hold what the source promised of them: damage that a decoder conceals, a gap, another length. */
async function copied(
  file: string,
  audio: AudioPlan,
  make: () => Promise<AudioManifest['cost']>,
): Promise<{ cost: AudioManifest['cost']; parsed: FragmentedMp4 } | null> {
  try {
    const cost = await make();
    const parsed = await readFragmentedMp4(file);
    checkCopiedAudio(parsed, audio);
    return { cost, parsed };
  } catch (error) {
    if (error instanceof PipelineError && (error.code === 'ENCODE_FAILED' || error.code === 'ENCODE_MISMATCH')) return null;
    throw error;
  }
}
