import { decidePlan } from '../../src/domain/decide-plan.js';
import type { GenerationRef } from '../../src/domain/keys.js';
import type { Probe } from '../../src/domain/probe.js';
import { rational } from '../../src/domain/rational.js';
import type { ReconcileStep, StepResult } from '../../src/domain/reconcile-record.js';
import type { Fakes } from './harness.js';

export const probe: Probe = {
  source: { key: 'sources/t/vid_1/upl_1', sizeBytes: 1000, etag: 'e' },
  format: 'mov,mp4,m4a,3gp,3g2,mj2',
  video: {
    streamIndex: 0,
    codec: 'h264',
    profile: 'High',
    width: 1920,
    height: 1080,
    sampleAspect: rational(1),
    rotation: 0,
    pixelFormat: 'yuv420p',
    fieldOrder: 'progressive',
    color: { primaries: 'bt709', transfer: 'bt709', space: 'bt709', range: 'tv' },
    averageRate: rational(25),
    baseRate: rational(25),
    packetCount: 25 * 300,
    startUs: 0,
    durationUs: 300_000_000,
  },
  audio: { streamIndex: 1, codec: 'aac', profile: 'LC', channels: 2, sampleRate: 48_000, language: null, startUs: 0, durationUs: 300_000_000 },
  containerStartUs: 0,
  containerDurationUs: 300_000_000,
};

const nothingFound = (step: ReconcileStep): StepResult => ({ step, examined: 0, counts: {}, repairs: [], alarms: [], next: null });

/** Every activity succeeds at once and is written down in `calls`; a test replaces the ones that it is about. */
export function recordedFakes(calls: string[], own: Partial<Fakes> = {}): Fakes {
  const committed = new Set<number>();
  const base: Fakes = {
    completeUpload: async () => ({ state: 'completed' }),
    closeUpload: async (_id, state) => ({ state }),
    proveSource: async () => null,
    awaitArrival: async () => 'arrived',
    loadSource: async () => probe.source,
    planVideo: async (at, found) =>
      decidePlan({ probe: found, videoId: at.videoId, tenantId: 'dev', generation: at.generation, encoderSlots: 2, preset: 'veryfast' }),
    listCommittedChunks: async () => [...committed],
    makeImages: async () => ({ sprites: 1 }),
    packageVideo: async () => ({ segments: 1, sizeBytes: 1 }),
    verifyVideo: async () => ({ artefacts: 1, sizeBytes: 1 }),
    publishVideo: async () => undefined,
    sweepGeneration: async () => ({ removed: 0 }),
    saveProgress: async () => undefined,
    parkVideo: async () => undefined,
    unparkVideo: async () => undefined,
    growPlaylists: async () => ({ chunks: 1 }),
    closeGrowing: async () => undefined,
    rejectVideo: async () => true,
    beginTakeIn: async () => ({ state: 'gone' }),
    copyIntake: async () => 'copied',
    endTakeIn: async () => 'completed',
    readCursors: async () => ({}),
    reconcileUploads: async () => nothingFound('uploads'),
    reconcileVideos: async () => nothingFound('videos'),
    reconcileDeletions: async () => nothingFound('deletions'),
    reconcileSources: async () => nothingFound('sources'),
    reconcileArrivals: async () => nothingFound('arrivals'),
    reconcileIntake: async () => nothingFound('intake'),
    reconcileMultiparts: async () => nothingFound('multiparts'),
    reconcileGenerations: async () => nothingFound('generations'),
    endReconcile: async () => ({ alarms: 0, gap: 0 }),
    cancelVideo: async () => true,
    inspectSource: async () => probe,
    remuxSource: async (job) => job.probe,
    mendSource: async () => ({ sizeBytes: 1 }),
    encodeChunk: async ({ index }) => ({ index, wallMs: 1, sourceBytesRead: 1 }),
    loadTombstone: async (videoId) => ({
      videoId,
      tenantId: 'dev',
      generation: 2,
      uploads: [{ id: `upl_of_${videoId}`, key: 'k' }],
      deletedAt: '2026-01-01T00:00:00.000Z',
      ageMs: 0,
      purgedAt: null,
    }),
    stopWorkflows: async () => ({ cancelled: 0, terminated: 0 }),
    purgeVideo: async () => ({ objects: 0, multiparts: 0, lookAgainMs: null }),
    deliverDue: async () => ({ sent: 0, waitMs: null }),
    encodeAudio: async () => ({ wallMs: 1, sourceBytesRead: 1 }),
    extractSubtitles: async () => ({ wallMs: 1, sourceBytesRead: 1 }),
  };
  const all = { ...base, ...own };
  const recorded = Object.entries(all).map(([name, activity]) => [
    name,
    async (...args: unknown[]) => {
      const label = name === 'encodeChunk' ? `encodeChunk ${(args[0] as GenerationRef & { index: number }).index}` : name;
      calls.push(label);
      const result = await (activity as (...given: unknown[]) => Promise<unknown>)(...args);
      if (name === 'encodeChunk') committed.add((args[0] as { index: number }).index);
      return result;
    },
  ]);
  return Object.fromEntries(recorded) as Fakes;
}
