import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { AudioManifest } from '../domain/artefact.js';
import { PipelineError } from '../domain/errors.js';
import { audioManifestKey, audioSegmentKey, type GenerationRef, planKey } from '../domain/keys.js';
import type { Plan } from '../domain/plan.js';
import { encodeAudioArgs } from '../media/audio-args.js';
import { readFragmentedMp4 } from '../media/fmp4.js';
import { cutAudioSegments } from '../media/segments.js';
import type { EncoderDeps } from './deps.js';
import { drainable } from './drainable-ffmpeg.js';
import { getJson, needJson, putJsonOnce } from './json-objects.js';
import { withSource } from './source-input.js';
import { storeTrack } from './store-track.js';
import { withHeartbeat } from './with-heartbeat.js';

/** Encodes the audio track once, whole: joins inside AAC click. Commits like a chunk: one conditional write of its manifest. */
export const encodeAudio =
  (deps: EncoderDeps) =>
  (at: GenerationRef): Promise<{ wallMs: number; sourceBytesRead: number }> =>
    withHeartbeat(async (beat, signal) => {
      const key = audioManifestKey(at);
      const committed = await getJson<AudioManifest>(deps.store, key);
      if (committed !== null) return committed.cost;
      const plan = await needJson<Plan>(deps.store, planKey(at));
      const { audio } = plan;
      if (audio === null) throw new PipelineError('INTERNAL', { note: 'The plan has no audio.' });
      const attempt = randomBytes(4).toString('hex');
      const scratch = await deps.scratch.dir(`audio-${attempt}`);
      try {
        const file = join(scratch.path, 'audio.mp4');
        const cost = await withSource(deps.store, plan.source, async (input) => {
          const argv = encodeAudioArgs({ plan, audio, input, output: file });
          const { wallMs } = await drainable(deps, argv, { durationUs: audio.expectedDurationUs, beat, signal });
          return { wallMs: Math.round(wallMs), sourceBytesRead: input.bytesRead() };
        });
        const parsed = await readFragmentedMp4(file);
        const written: string[] = [];
        const segmentKey = (n: number): string => audioSegmentKey(at, attempt, n);
        const track = await storeTrack(
          deps.store,
          {
            at,
            name: 'audio',
            file,
            parsed,
            cuts: cutAudioSegments({ fragments: parsed.fragments, timescale: parsed.init.timescale }),
            contentType: 'audio/mp4',
            segmentKey,
          },
          written,
        );
        const manifest: AudioManifest = { attempt, track, cost };
        if ((await putJsonOnce(deps.store, key, manifest)) === 'exists') {
          const winner = await getJson<AudioManifest>(deps.store, key);
          if (winner?.attempt !== attempt) await deps.store.delete(written);
        }
        return cost;
      } finally {
        await scratch.remove();
      }
    });
