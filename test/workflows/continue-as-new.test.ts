import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { layGrid } from '../../src/domain/grid.js';
import { rational } from '../../src/domain/rational.js';
import { UPLOAD_COMPLETE, UPLOAD_WATCH, type UploadInput, type UploadOutcome, WORKFLOWS, workflowId } from '../../src/workflows/contract.js';
import type { EncodeChunksInput } from '../../src/workflows/encode-chunks.js';
import { QUEUES } from '../../src/workflows/task-queues.js';
import { recordedFakes } from './fakes.js';
import { startForgetfulServer } from './forgetful-server.js';
import { type Fakes, type Harness, openHarness } from './harness.js';

let server: Awaited<ReturnType<typeof startForgetfulServer>>;
let harness: Harness;
beforeAll(async () => {
  server = await startForgetfulServer(40);
  harness = await openHarness(server.address);
}, 120_000);
afterAll(async () => {
  await harness?.close();
  await server?.stop();
});

async function running(
  workflow: string,
  id: string,
  input: unknown,
  own: Partial<Fakes>,
  act: (handle: WorkflowHandleWithFirstExecutionRunId, calls: string[]) => Promise<void>,
) {
  const calls: string[] = [];
  const stop = await harness.work(recordedFakes(calls, own));
  try {
    await act(await harness.client.workflow.start(workflow, { workflowId: id, taskQueue: QUEUES.control, args: [input] }), calls);
  } finally {
    await stop();
  }
}

async function runsOf(id: string): Promise<string[]> {
  const runs: string[] = [];
  for await (const run of harness.client.workflow.list({ query: `WorkflowId = '${id}'` })) runs.push(run.status.name);
  return runs;
}

const upload = (): UploadInput => {
  const id = randomUUID();
  return { uploadId: `upl_${id}`, videoId: `vid_${id}`, tenantId: 'dev', fileName: 'clip.mp4', sizeBytes: 10, expiresAtMs: Date.now() + 100 };
};

describe('a workflow whose history has become long', () => {
  test('a session that is extended again and again goes on with an empty one, and is then completed and published once', async () => {
    const input = upload();
    const id = workflowId.upload(input.uploadId);
    let looks = 0;
    const completeUpload: Fakes['completeUpload'] = async (_id, why) => {
      if (why !== 'expired') return { state: 'completed' };
      looks += 1;
      return { state: 'extended', leftMs: looks < 8 ? 0 : 60_000 };
    };
    await running(WORKFLOWS.upload, id, input, { completeUpload }, async (handle, calls) => {
      while (looks < 8) await new Promise((resolve) => setTimeout(resolve, 200));
      const newest = harness.client.workflow.getHandle(id);
      expect((await newest.describe()).runId).not.toBe(handle.firstExecutionRunId);
      expect(await newest.executeUpdate<UploadOutcome, []>(UPLOAD_COMPLETE)).toEqual({ state: 'completed' });
      // From its first run the result is followed to the last one.
      expect(await handle.result()).toEqual({ state: 'completed' });
      expect(await harness.client.workflow.getHandle(workflowId.processVideo(input.videoId, 1)).result()).toEqual({
        state: 'published',
        generation: 1,
      });
      expect(calls.filter((call) => call === 'publishVideo')).toHaveLength(1);
    });
    const runs = await runsOf(id);
    expect(runs.filter((status) => status === 'COMPLETED')).toHaveLength(1);
    expect(runs.filter((status) => status === 'CONTINUED_AS_NEW')).toHaveLength(runs.length - 1);
    expect(runs.length).toBeGreaterThan(1);
  }, 90_000);

  test('a session that waits for a whole file still waits for it in its next run', async () => {
    const input = upload();
    const id = workflowId.upload(input.uploadId);
    let looks = 0;
    let arrived = false;
    const own: Partial<Fakes> = {
      completeUpload: async (_id, why) => {
        if (why !== 'expired') return { state: 'completed' };
        looks += 1;
        return { state: 'extended', leftMs: looks < 8 ? 0 : 60_000 };
      },
      awaitArrival: async () => {
        while (!arrived) await new Promise((resolve) => setTimeout(resolve, 50));
        return 'arrived';
      },
    };
    await running(WORKFLOWS.upload, id, input, own, async (handle) => {
      await handle.signal(UPLOAD_WATCH);
      while (looks < 8) await new Promise((resolve) => setTimeout(resolve, 200));
      expect(await runsOf(id)).toContain('CONTINUED_AS_NEW');
      arrived = true;
      expect(await handle.result()).toEqual({ state: 'completed' });
      // It would be encoded by the next test's workers.
      await harness.client.workflow.getHandle(workflowId.processVideo(input.videoId, 1)).result();
    });
  }, 90_000);

  test('the chunks of a long video are each encoded once, over several runs', async () => {
    const grid = layGrid({
      rate: rational(25),
      frameCount: 25 * 60,
      encoderSlots: 2,
      shape: { gopsPerSegment: 1, firstChunkS: 2, chunkMinS: 2, chunkMaxS: 2 },
    });
    expect(grid.chunkCount).toBeGreaterThan(20);
    const input: EncodeChunksInput = { videoId: `vid_${randomUUID()}`, generation: 1, tenantId: 'dev', grid, sizeClass: 'small' };
    const id = workflowId.encodeChunks(input.videoId, 1);
    await running(WORKFLOWS.encodeChunks, id, input, {}, async (handle, calls) => {
      await handle.result();
      const encoded = calls.filter((call) => call.startsWith('encodeChunk '));
      expect(encoded).toHaveLength(grid.chunkCount);
      expect(new Set(encoded).size).toBe(grid.chunkCount);
    });
    const runs = await runsOf(id);
    expect(runs.filter((status) => status === 'CONTINUED_AS_NEW').length).toBeGreaterThan(1);
    expect(runs.filter((status) => status === 'COMPLETED')).toHaveLength(1);
  }, 90_000);

  test('what is left of a deleted video is looked for until nothing is, over several runs', async () => {
    const videoId = `vid_${randomUUID()}`;
    const id = workflowId.deleteVideo(videoId);
    let looks = 0;
    const purgeVideo: Fakes['purgeVideo'] = async () => {
      looks += 1;
      return { objects: 1, multiparts: 0, lookAgainMs: looks < 9 ? 10 : null };
    };
    await running(WORKFLOWS.deleteVideo, id, { videoId, tenantId: 'dev' }, { purgeVideo }, async (handle) => {
      await handle.result();
      expect(looks).toBe(9);
    });
    const runs = await runsOf(id);
    expect(runs.filter((status) => status === 'COMPLETED')).toHaveLength(1);
    expect(runs.filter((status) => status === 'CONTINUED_AS_NEW')).toHaveLength(runs.length - 1);
    expect(runs.length).toBeGreaterThan(1);
  }, 90_000);
});
