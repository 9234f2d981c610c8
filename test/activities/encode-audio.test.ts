import { afterEach, describe, expect, test } from '@jest/globals';
import { encodeAudio } from '../../src/activities/encode-audio.js';
import { needJson } from '../../src/activities/json-objects.js';
import { verifyVideo } from '../../src/activities/verify-video.js';
import type { AudioManifest } from '../../src/domain/artefact.js';
import { audioManifestKey } from '../../src/domain/keys.js';
import { act, at, type Bench, makeAll, openBench } from './generation.js';

let bench: Bench | null = null;
afterEach(async () => {
  await bench?.close();
  bench = null;
});

const CLIP = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=24:d=4', '-f', 'lavfi', '-i'];
const manifestOf = (of: Bench): Promise<AudioManifest> => needJson<AudioManifest>(of.store, audioManifestKey(at));

describe('sound', () => {
  test.each([
    ['that fits is copied', 'sine=d=4:r=48000', 'copy', true],
    ['at another rate is encoded', 'sine=d=4:r=32000', 'encode', false],
  ])(
    '%s, and the generation stands up to verification',
    async (_name, sine, mode, copied) => {
      bench = await openBench([...CLIP, sine]);
      expect(bench.plan.audio?.mode).toBe(mode);
      await makeAll(bench);
      const { copied: found, track } = await manifestOf(bench);
      expect(found).toBe(copied);
      expect(track).toMatchObject({ name: 'audio', timescale: 48_000, codec: 'mp4a.40.2' });
      await act(verifyVideo(bench.deps), at);
    },
    120_000,
  );

  test('whose packets turn out to be damaged is encoded after all', async () => {
    bench = await openBench([...CLIP, 'sine=d=4:r=48000', '-bsf:a', 'noise=amount=400']);
    expect(bench.plan.audio?.mode).toBe('copy');
    await act(encodeAudio(bench.deps), at);
    const { copied, track } = await manifestOf(bench);
    expect(copied).toBe(false);
    const seconds = track.segments.reduce((sum, segment) => sum + segment.durationTicks, 0) / track.timescale;
    expect(Math.abs(seconds - 4)).toBeLessThan(0.1);
  }, 120_000);
});
