import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { stopWorkflows } from '../../src/activities/stop-workflows.js';
import { PipelineError } from '../../src/domain/errors.js';
import { type DeleteVideoInput, type DeleteVideoResult, type ProcessVideoInput, WORKFLOWS, workflowId } from '../../src/workflows/contract.js';
import { QUEUES } from '../../src/workflows/task-queues.js';
import { createTemporalRuns } from '../../workers/temporal-runs.js';
import { recordedFakes } from './fakes.js';
import { eventually, type Fakes, type Harness, openHarness, record } from './harness.js';

let harness: Harness;
let connection: NativeConnection;
beforeAll(async () => {
  harness = await openHarness();
  connection = await NativeConnection.connect({ address: process.env.TEMPORAL_ADDRESS ?? '127.0.0.1:7233' });
}, 120_000);
afterAll(async () => {
  await connection?.close();
  await harness?.close();
});

interface Run {
  readonly videoId: string;
  readonly calls: string[];
  start(workflow: string, id: string, input: unknown): Promise<WorkflowHandle>;
  remove(): Promise<WorkflowHandle>;
}

async function deleting(own: Partial<Fakes>, act: (run: Run) => Promise<void>) {
  const calls: string[] = [];
  const stop = await harness.work(recordedFakes(calls, own));
  const videoId = `vid_${randomUUID()}`;
  const start: Run['start'] = (workflow, id, input) =>
    harness.client.workflow.start(workflow, { workflowId: id, taskQueue: QUEUES.control, args: [input] });
  const input: DeleteVideoInput = { videoId, tenantId: 'dev' };
  try {
    await act({ videoId, calls, start, remove: () => start(WORKFLOWS.deleteVideo, workflowId.deleteVideo(videoId), input) });
  } finally {
    await stop();
  }
}
/** On the real server, over the adapter that the control worker uses. */
const realStop = (): Fakes['stopWorkflows'] => stopWorkflows({ runs: createTemporalRuns(connection, harness.namespace), stopGraceMs: 20_000 });
const statusOf = async (id: string): Promise<string> => (await harness.client.workflow.getHandle(id).describe()).status.name;
/** An activity that begins and does not end by itself. */
const hangs = (): { begun: Promise<void>; work: () => Promise<never> } => {
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const work = (): Promise<never> => {
    begin();
    return new Promise((_resolve, reject) => setTimeout(() => reject(new PipelineError('STORAGE_UNAVAILABLE')), 6_000));
  };
  return { begun, work };
};

describe('the deleteVideo workflow', () => {
  test('stops what works on the video, then purges, and looks again until nothing is left', async () => {
    const looks = [
      { objects: 7, multiparts: 1, lookAgainMs: 100 },
      { objects: 1, multiparts: 0, lookAgainMs: 100 },
      { objects: 0, multiparts: 0, lookAgainMs: null },
    ];
    const groups: unknown[] = [];
    const own: Partial<Fakes> = {
      stopWorkflows: async (ids) => {
        groups.push(ids);
        return { cancelled: 0, terminated: 0 };
      },
      purgeVideo: async () => looks.shift() ?? { objects: 0, multiparts: 0, lookAgainMs: null },
    };
    await deleting(own, async ({ videoId, calls, remove }) => {
      const handle = await remove();
      expect((await handle.result()) as DeleteVideoResult).toEqual({ looks: 3, objects: 8, multiparts: 1 });
      const look = ['stopWorkflows', 'purgeVideo'];
      expect(calls).toEqual(['loadTombstone', ...look, ...look, ...look]);
      expect(groups[0]).toEqual([
        [`upload/upl_of_${videoId}`],
        [`video/${videoId}/g1`, `video/${videoId}/g2`],
        [`video/${videoId}/g1/chunks`, `video/${videoId}/g2/chunks`],
      ]);
      await record('video-deleted', handle);
    });
  }, 120_000);

  test('rides out an outage of the store, however long', async () => {
    let faults = 0;
    const purgeVideo: Fakes['purgeVideo'] = async () => {
      faults += 1;
      if (faults < 4) throw new PipelineError('STORAGE_UNAVAILABLE');
      return { objects: 0, multiparts: 0, lookAgainMs: null };
    };
    await deleting({ purgeVideo }, async ({ remove }) => {
      expect(await (await remove()).result()).toMatchObject({ looks: 1 });
    });
  }, 120_000);

  test('a video that is being made ends as cancelled, its chunks with it, and nothing of it as failed', async () => {
    const { begun, work } = hangs();
    await deleting({ encodeChunk: work, stopWorkflows: realStop() }, async ({ videoId, calls, start, remove }) => {
      const input: ProcessVideoInput = { videoId, tenantId: 'dev', generation: 1, fileName: 'clip.mp4', sizeBytes: 10 };
      const video = await start(WORKFLOWS.processVideo, workflowId.processVideo(videoId, 1), input);
      await begun;
      const handle = await remove();
      expect(await handle.result()).toMatchObject({ looks: 1 });
      expect(await video.result()).toMatchObject({ state: 'cancelled', failure: { code: 'CANCELLED' } });
      expect(await statusOf(workflowId.encodeChunks(videoId, 1))).toBe('CANCELLED');
      expect(calls.indexOf('purgeVideo')).toBeGreaterThan(calls.indexOf('cancelVideo'));
      expect(calls).not.toContain('publishVideo');
      expect(calls).not.toContain('parkVideo');
    });
  }, 120_000);

  test('a video that is being made once more: that ends, and what is published goes with it', async () => {
    const { begun, work } = hangs();
    await deleting({ encodeChunk: work, stopWorkflows: realStop() }, async ({ videoId, calls, start, remove }) => {
      const input = (generation: number): ProcessVideoInput => ({ videoId, tenantId: 'dev', generation, fileName: 'clip.mp4', sizeBytes: 10 });
      const again = await start(WORKFLOWS.processVideo, workflowId.processVideo(videoId, 2), input(2));
      await begun;
      expect(await (await remove()).result()).toMatchObject({ looks: 1 });
      expect(await again.result()).toMatchObject({ state: 'cancelled' });
      expect(await statusOf(workflowId.encodeChunks(videoId, 2))).toBe('CANCELLED');
      expect(calls.indexOf('purgeVideo')).toBeGreaterThan(calls.indexOf('cancelVideo'));
    });
  }, 120_000);

  test('a video in review, and an open upload that is just being completed, end too', async () => {
    const { begun, work } = hangs();
    const own: Partial<Fakes> = {
      verifyVideo: async () => {
        throw new PipelineError('VERIFY_HASH');
      },
      completeUpload: work,
      stopWorkflows: realStop(),
    };
    await deleting(own, async ({ videoId, calls, start, remove }) => {
      const input: ProcessVideoInput = { videoId, tenantId: 'dev', generation: 1, fileName: 'clip.mp4', sizeBytes: 10 };
      const video = await start(WORKFLOWS.processVideo, workflowId.processVideo(videoId, 1), input);
      const uploadId = `upl_of_${videoId}`;
      const upload = await start(WORKFLOWS.upload, workflowId.upload(uploadId), { ...input, uploadId, expiresAtMs: Date.now() + 3_600_000 });
      const completing = upload.executeUpdate('complete').catch((error: unknown) => error);
      await begun;
      await eventually(async () => {
        if (!calls.includes('parkVideo')) throw new Error('not parked yet');
      });
      expect(await (await remove()).result()).toMatchObject({ looks: 1 });
      expect(await video.result()).toMatchObject({ state: 'cancelled' });
      expect(await statusOf(workflowId.upload(uploadId))).toBe('CANCELLED');
      expect(await completing).toBeInstanceOf(Error);
    });
  }, 120_000);

  test('what has ended, and what never was, is left as it is', async () => {
    await deleting({ stopWorkflows: realStop() }, async ({ videoId, start, remove }) => {
      const input: ProcessVideoInput = { videoId, tenantId: 'dev', generation: 1, fileName: 'clip.mp4', sizeBytes: 10 };
      const video = await start(WORKFLOWS.processVideo, workflowId.processVideo(videoId, 1), input);
      expect(await video.result()).toMatchObject({ state: 'published' });
      expect(await (await remove()).result()).toMatchObject({ looks: 1 });
      expect(await statusOf(video.workflowId)).toBe('COMPLETED');
    });
  }, 120_000);

  test('a workflow that does not listen is terminated', async () => {
    const cancelVideo: Fakes['cancelVideo'] = () => Promise.reject(new PipelineError('STORAGE_UNAVAILABLE'));
    const { begun, work } = hangs();
    const stubborn = stopWorkflows({ runs: createTemporalRuns(connection, harness.namespace), stopGraceMs: 1_500 });
    await deleting({ cancelVideo, makeImages: work, stopWorkflows: stubborn }, async ({ videoId, start, remove }) => {
      const input: ProcessVideoInput = { videoId, tenantId: 'dev', generation: 1, fileName: 'clip.mp4', sizeBytes: 10 };
      const video = await start(WORKFLOWS.processVideo, workflowId.processVideo(videoId, 1), input);
      await begun;
      expect(await (await remove()).result()).toMatchObject({ looks: 1 });
      expect(await statusOf(video.workflowId)).toBe('TERMINATED');
    });
  }, 120_000);
});
