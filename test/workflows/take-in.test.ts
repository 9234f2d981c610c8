import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { Upload } from '../../src/domain/upload.js';
import { WORKFLOWS, workflowId } from '../../src/workflows/contract.js';
import { QUEUES } from '../../src/workflows/task-queues.js';
import { recordedFakes } from './fakes.js';
import { type Fakes, type Harness, openHarness, record } from './harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
}, 60_000);
afterAll(() => harness?.close());

const KEY = 'intake/dev/clip.mp4';
const uploadOf = (state: Upload['state']): Upload => {
  const id = randomUUID();
  return {
    ...{ id: `upl_${id}`, videoId: `vid_${id}`, tenantId: 'dev', state, fileName: 'clip.mp4', contentType: 'video/mp4', sizeBytes: 10 },
    ...{
      partSizeBytes: 8_388_608,
      key: `sources/dev/vid_${id}/upl_${id}`,
      multipartId: null,
      door: null,
      named: true,
      completedAt: null,
      closedAt: null,
      checksum: null,
      fingerprint: null,
      failure: null,
    },
    ...{ expiresAt: new Date(Date.now() + 60_000).toISOString(), createdAt: new Date().toISOString() },
  };
};

async function taking(own: Partial<Fakes>, act: (run: { handle: WorkflowHandle; calls: string[] }) => Promise<void>): Promise<void> {
  const calls: string[] = [];
  const stop = await harness.work(recordedFakes(calls, own));
  try {
    const handle = await harness.client.workflow.start(WORKFLOWS.takeIn, {
      workflowId: workflowId.takeIn(randomUUID()),
      taskQueue: QUEUES.control,
      args: [KEY],
    });
    await act({ handle, calls });
  } finally {
    await stop();
  }
}
const steps = (calls: readonly string[]) => calls.filter((call) => /TakeIn|Intake/.test(call));

describe('taking in an object', () => {
  test('the session stands before the copy, and outlives the taking in', async () => {
    const upload = uploadOf('waiting');
    const session = () => harness.client.workflow.getHandle(workflowId.upload(upload.id)).describe();
    let atCopy = '';
    const own: Partial<Fakes> = {
      beginTakeIn: async () => ({ state: 'found', object: { key: KEY, etag: 'e', sizeBytes: 10, upload } }),
      copyIntake: async () => {
        atCopy = (await session()).status.name;
        return 'copied';
      },
    };
    await taking(own, async ({ handle, calls }) => {
      expect(await handle.result()).toBe('completed');
      expect([steps(calls), atCopy]).toEqual([['beginTakeIn', 'copyIntake', 'endTakeIn'], 'RUNNING']);
      expect((await session()).status.name).toBe('RUNNING');
      await harness.client.workflow.getHandle(workflowId.upload(upload.id)).terminate('over');
      await record('take-in-completed', handle);
    });
  }, 60_000);

  test('one that is young is waited for, and one whose session runs already is taken all the same', async () => {
    const upload = uploadOf('waiting');
    const looks: Awaited<ReturnType<Fakes['beginTakeIn']>>[] = [{ state: 'young', waitMs: 200 }];
    const own: Partial<Fakes> = {
      beginTakeIn: async () => looks.shift() ?? { state: 'found', object: { key: KEY, etag: 'e', sizeBytes: 10, upload } },
    };
    const input = {
      uploadId: upload.id,
      videoId: upload.videoId,
      tenantId: 'dev',
      fileName: 'clip.mp4',
      sizeBytes: 10,
      expiresAtMs: Date.now() + 60_000,
    };
    const id = workflowId.upload(upload.id);
    await harness.client.workflow.start(WORKFLOWS.upload, { workflowId: id, taskQueue: QUEUES.control, args: [input] });
    await taking(own, async ({ handle, calls }) => {
      expect(await handle.result()).toBe('completed');
      expect(steps(calls)).toEqual(['beginTakeIn', 'beginTakeIn', 'copyIntake', 'endTakeIn']);
      await record('take-in-young', handle);
    });
    await harness.client.workflow.getHandle(id).terminate('over');
  }, 60_000);

  test.each([
    ['gone', { state: 'gone' }, ['beginTakeIn']],
    ['young for ever', { state: 'young', waitMs: 10 }, Array.from({ length: 5 }, () => 'beginTakeIn')],
    [
      'known and closed',
      { state: 'found', object: { key: KEY, etag: 'e', sizeBytes: 10, upload: uploadOf('completed') } },
      ['beginTakeIn', 'endTakeIn'],
    ],
  ] as const)(
    'one that is %s is not copied',
    async (_how, begun, expected) => {
      await taking({ beginTakeIn: async () => begun }, async ({ handle, calls }) => {
        await handle.result();
        expect(steps(calls)).toEqual(expected);
      });
    },
    60_000,
  );
});

describe('a run of reconciling', () => {
  test('hands each step where it goes on, and its end what they found', async () => {
    const told: unknown[] = [];
    const own: Partial<Fakes> = {
      readCursors: async () => ({ sources: 'sources/k' }),
      reconcileSources: async (after) => ({ step: 'sources', examined: 1, counts: {}, repairs: [], alarms: [], next: `${after}2` }),
      endReconcile: async (run) => {
        told.push(...run.steps.map(({ step, next }) => [step, next]));
        return { alarms: 0, gap: 0 };
      },
    };
    const stop = await harness.work(recordedFakes([], own));
    try {
      const handle = await harness.client.workflow.start(WORKFLOWS.reconcile, { workflowId: `reconcile-${randomUUID()}`, taskQueue: QUEUES.control });
      expect(await handle.result()).toEqual({ alarms: 0, gap: 0 });
      expect(told).toContainEqual(['sources', 'sources/k2']);
      await record('reconcile', handle);
    } finally {
      await stop();
    }
  }, 60_000);
});
