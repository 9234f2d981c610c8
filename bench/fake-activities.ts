import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlActivities, EncoderActivities } from '../src/activities/index.js';
import { decidePlan } from '../src/domain/decide-plan.js';
import type { Probe } from '../src/domain/probe.js';
import { rational } from '../src/domain/rational.js';

/** Real chunks end one by one, not all at once: without a moment for each, one workflow task would take in many. */
const MOMENT_MS = 120;

type Fakes = Partial<ControlActivities & EncoderActivities> & { readonly default: () => Promise<unknown> };

/** Activities of a 1080p25 video of that length, with sound: each succeeds. What is not named here returns nothing. */
export function fakeActivities(seconds: number): Fakes {
  const probe = probeOf(seconds);
  return {
    completeUpload: async () => ({ state: 'completed' }),
    loadSource: async () => probe.source,
    inspectSource: async () => probe,
    planVideo: async (at, found) =>
      decidePlan({ probe: found, videoId: at.videoId, tenantId: 'bench', generation: at.generation, encoderSlots: 2, preset: 'veryfast' }),
    listCommittedChunks: async () => [],
    encodeChunk: async ({ index }) => {
      await sleep(MOMENT_MS * (1 + (index % 2) / 2));
      return { index, wallMs: 30_000, sourceBytesRead: 30_000_000 };
    },
    encodeAudio: async () => ({ wallMs: 10_000, sourceBytesRead: 30_000_000 }),
    makeImages: async () => ({ sprites: 3 }),
    packageVideo: async () => ({ segments: 600, sizeBytes: 500_000_000 }),
    verifyVideo: async () => ({ artefacts: 610, sizeBytes: 500_000_000 }),
    sweepGeneration: async () => ({ removed: 40 }),
    default: async () => undefined,
  };
}

function probeOf(seconds: number): Probe {
  const lasts = { startUs: 0, durationUs: seconds * 1_000_000 };
  const color = { primaries: 'bt709', transfer: 'bt709', space: 'bt709', range: 'tv' } as const;
  return {
    source: {
      key: 'sources/bench/vid_0123456789abcdef/upl_0123456789abcdef',
      sizeBytes: seconds * 1_000_000,
      etag: '0123456789abcdef0123456789abcdef-64',
    },
    format: 'mov,mp4,m4a,3gp,3g2,mj2',
    video: {
      ...{ streamIndex: 0, codec: 'h264', profile: 'High', width: 1920, height: 1080, sampleAspect: rational(1), rotation: 0 },
      ...{ pixelFormat: 'yuv420p', fieldOrder: 'progressive', color, averageRate: rational(25), baseRate: rational(25), packetCount: 25 * seconds },
      ...lasts,
    },
    audio: { streamIndex: 1, codec: 'aac', profile: 'LC', channels: 2, sampleRate: 48_000, language: null, ...lasts },
    containerStartUs: 0,
    containerDurationUs: lasts.durationUs,
  };
}
