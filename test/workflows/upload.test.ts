import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Completion } from '../../src/domain/upload.js';
import {
  UPLOAD_ABORT,
  UPLOAD_COMPLETE,
  UPLOAD_REFUSE,
  UPLOAD_WATCH,
  type UploadInput,
  type UploadOutcome,
  WORKFLOWS,
  workflowId,
} from '../../src/workflows/contract.js';
import { QUEUES } from '../../src/workflows/task-queues.js';
import { recordedFakes } from './fakes.js';
import { eventually, type Fakes, type Harness, openHarness, record } from './harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
}, 60_000);
afterAll(() => harness?.close());

async function session(
  lifeMs: number,
  own: Partial<Fakes>,
  act: (run: { handle: WorkflowHandle; calls: string[]; input: UploadInput }) => Promise<void>,
) {
  const calls: string[] = [];
  const stop = await harness.work(recordedFakes(calls, own));
  const id = randomUUID();
  const input: UploadInput = {
    uploadId: `upl_${id}`,
    videoId: `vid_${id}`,
    tenantId: 'dev',
    fileName: 'clip.mp4',
    sizeBytes: 10,
    expiresAtMs: Date.now() + lifeMs,
  };
  try {
    const handle = await harness.client.workflow.start(WORKFLOWS.upload, {
      workflowId: workflowId.upload(input.uploadId),
      taskQueue: QUEUES.control,
      args: [input],
    });
    await act({ handle, calls, input });
  } finally {
    await stop();
  }
}
const complete = (handle: WorkflowHandle) => handle.executeUpdate<UploadOutcome, []>(UPLOAD_COMPLETE);

describe('the upload workflow', () => {
  test('completes when asked, starts the video once, and that video outlives it', async () => {
    await session(60_000, {}, async ({ handle, calls, input }) => {
      expect(await complete(handle)).toEqual({ state: 'completed' });
      expect(await handle.result()).toEqual({ state: 'completed' });
      const video = harness.client.workflow.getHandle(workflowId.processVideo(input.videoId, 1));
      expect(await video.result()).toEqual({ state: 'published', generation: 1 });
      expect(calls.filter((call) => call === 'publishVideo')).toHaveLength(1);
      await record('upload-completed', handle);
    });
  }, 60_000);

  test('a video that somebody else has started already is no fault of the session', async () => {
    await session(60_000, {}, async ({ handle, input }) => {
      const video = { videoId: input.videoId, tenantId: 'dev', generation: 1, fileName: 'clip.mp4', sizeBytes: 10 };
      const id = workflowId.processVideo(input.videoId, 1);
      await harness.client.workflow.start(WORKFLOWS.processVideo, { workflowId: id, taskQueue: QUEUES.control, args: [video] });
      await complete(handle);
      expect(await handle.result()).toEqual({ state: 'completed' });
    });
  }, 60_000);

  test('stays open while parts are missing, and completes later', async () => {
    const answers: UploadOutcome[] = [{ state: 'incomplete', missingParts: [2] }, { state: 'completed' }];
    await session(60_000, { completeUpload: async () => answers.shift() ?? { state: 'completed' } }, async ({ handle }) => {
      expect(await complete(handle)).toEqual({ state: 'incomplete', missingParts: [2] });
      expect(await complete(handle)).toEqual({ state: 'completed' });
      expect(await handle.result()).toEqual({ state: 'completed' });
      await record('upload-incomplete-then-completed', handle);
    });
  }, 60_000);

  test('answers parallel completes alike and runs the completion once', async () => {
    await session(60_000, {}, async ({ handle, calls }) => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => complete(handle)));
      expect(answers).toEqual(Array.from({ length: 8 }, () => ({ state: 'completed' })));
      expect(calls.filter((call) => call === 'completeUpload')).toHaveLength(1);
    });
  }, 60_000);

  test('an abort ends it, starts no video, and a late complete hears of it', async () => {
    await session(60_000, {}, async ({ handle, calls, input }) => {
      expect(await handle.executeUpdate<UploadOutcome, []>(UPLOAD_ABORT)).toEqual({ state: 'cancelled' });
      expect(await handle.result()).toEqual({ state: 'cancelled' });
      await expect(harness.client.workflow.getHandle(workflowId.processVideo(input.videoId, 1)).describe()).rejects.toThrow();
      expect(calls).not.toContain('publishVideo');
      await record('upload-aborted', handle);
    });
  }, 60_000);

  test('at the end of its life it is expired and cleared away', async () => {
    await session(1000, { completeUpload: async () => ({ state: 'incomplete', missingParts: [1] }) }, async ({ handle, calls }) => {
      expect(await handle.result()).toEqual({ state: 'expired' });
      expect(calls.filter((call) => call.endsWith('Upload'))).toEqual(['completeUpload', 'closeUpload']);
      await record('upload-expired', handle);
    });
  }, 60_000);

  test('a session that was extended sleeps on, as often as it was, and only then is cleared away', async () => {
    const last: UploadOutcome[] = [
      { state: 'extended', leftMs: 1500 },
      { state: 'incomplete', missingParts: [1] },
      { state: 'incomplete', missingParts: [1] },
    ];
    // Between the two looks its client was active: the second one decides.
    const ends: UploadOutcome[] = [{ state: 'extended', leftMs: 0 }, { state: 'expired' }];
    const own: Partial<Fakes> = {
      completeUpload: async (_id, why) => (why === 'expired' ? last.shift() : null) ?? { state: 'completed' },
      closeUpload: async () => ends.shift() ?? { state: 'cancelled' },
    };
    const startedMs = Date.now();
    await session(1000, own, async ({ handle, calls }) => {
      expect(await handle.result()).toEqual({ state: 'expired' });
      expect(Date.now() - startedMs).toBeGreaterThan(3000);
      const wanted = ['completeUpload', 'completeUpload', 'closeUpload', 'completeUpload', 'closeUpload'];
      expect(calls.filter((call) => call.endsWith('Upload'))).toEqual(wanted);
      await record('upload-extended-then-expired', handle);
    });
  }, 60_000);

  test('a session that was extended is completed when asked', async () => {
    let looks = 0;
    const completeUpload: Fakes['completeUpload'] = async (_id, why) => {
      looks += 1;
      return why === 'expired' ? { state: 'extended', leftMs: 60_000 } : { state: 'completed' };
    };
    await session(500, { completeUpload }, async ({ handle }) => {
      await eventually(async () => expect(looks).toBe(1));
      expect(await complete(handle)).toEqual({ state: 'completed' });
      expect(await handle.result()).toEqual({ state: 'completed' });
    });
  }, 60_000);

  test('a refusal ends it with the reason, starts no video, and a late complete hears of it', async () => {
    const failure = { code: 'SOURCE_NOT_MEDIA', message: 'It is a text.' };
    const closed: unknown[] = [];
    const closeUpload: Fakes['closeUpload'] = async (...args) => {
      closed.push(args.slice(1));
      return { state: 'errored' };
    };
    await session(60_000, { closeUpload }, async ({ handle, calls }) => {
      expect(await handle.executeUpdate<UploadOutcome, [unknown]>(UPLOAD_REFUSE, { args: [failure] })).toEqual({ state: 'errored' });
      expect(await handle.result()).toEqual({ state: 'errored' });
      expect(closed).toEqual([['errored', failure]]);
      expect(calls).not.toContain('publishVideo');
      await record('upload-refused', handle);
    });
  }, 60_000);

  test('at the end of its life a file that is whole is kept, although nobody said complete', async () => {
    await session(1000, {}, async ({ handle, input }) => {
      expect(await handle.result()).toEqual({ state: 'completed' });
      const video = harness.client.workflow.getHandle(workflowId.processVideo(input.videoId, 1));
      expect(await eventually(() => video.result())).toEqual({ state: 'published', generation: 1 });
    });
  }, 60_000);

  test('parts that came without checksums are read once, joined, before the answer is given', async () => {
    const answers: Completion[] = [
      { state: 'joined', etag: 'one' },
      // Another file took its place while it was read: that one is looked at too.
      { state: 'joined', etag: 'two' },
      { state: 'completed' },
    ];
    const asked: unknown[] = [];
    const own: Partial<Fakes> = {
      completeUpload: async (...args) => {
        asked.push(args.slice(1));
        return answers.shift() ?? { state: 'completed' };
      },
      proveSource: async (...args) => {
        asked.push(args.slice(1));
        return null;
      },
    };
    await session(60_000, own, async ({ handle, calls }) => {
      expect(await complete(handle)).toEqual({ state: 'completed' });
      expect(await handle.result()).toEqual({ state: 'completed' });
      const steps = calls.filter((call) => call === 'completeUpload' || call === 'proveSource');
      expect(steps).toEqual(['completeUpload', 'proveSource', 'completeUpload', 'proveSource', 'completeUpload']);
      expect(asked).toEqual([[], ['one'], ['asked', 'one'], ['two'], ['asked', 'two']]);
      await record('upload-proven', handle);
    });
  }, 60_000);

  test.each([['asked'], ['expired']] as const)(
    'one that is shown to be broken ends with the reason and starts no video (%s)',
    async (how) => {
      const failure = { code: 'UPLOAD_DAMAGED', message: 'Send it again.' } as const;
      const closed: unknown[] = [];
      const own: Partial<Fakes> = {
        completeUpload: async () => ({ state: 'joined', etag: 'one' }),
        proveSource: async () => failure,
        closeUpload: async (...args) => {
          closed.push(args.slice(1));
          return { state: 'errored' };
        },
      };
      await session(how === 'asked' ? 60_000 : 1000, own, async ({ handle, calls }) => {
        if (how === 'asked') expect(await complete(handle)).toEqual({ state: 'errored' });
        expect(await handle.result()).toEqual({ state: 'errored' });
        expect(closed).toEqual([['errored', failure]]);
        expect(calls).not.toContain('publishVideo');
        await record(`upload-damaged-${how}`, handle);
      });
    },
    60_000,
  );

  test('told to watch, it looks until the file is there and completes it, and nobody calls', async () => {
    let looks = 0;
    const awaitArrival: Fakes['awaitArrival'] = async () => {
      looks += 1;
      if (looks < 3) throw ApplicationFailure.create({ message: 'not yet', type: 'NOT_ARRIVED' });
      return 'arrived';
    };
    const file = { fileName: 'found.mp4', sizeBytes: 77 };
    await session(60_000, { awaitArrival, completeUpload: async () => ({ state: 'completed', file }) }, async ({ handle, calls, input }) => {
      await handle.signal(UPLOAD_WATCH);
      await handle.signal(UPLOAD_WATCH);
      expect(await handle.result()).toEqual({ state: 'completed', file });
      expect(calls.filter((call) => call.endsWith('Arrival') || call.endsWith('Upload'))).toEqual([
        ...Array(3).fill('awaitArrival'),
        'completeUpload',
      ]);
      const video = harness.client.workflow.getHandle(workflowId.processVideo(input.videoId, 1));
      const facts = await eventually(() => video.describe());
      expect(await facts.staticSummary()).toContain('found.mp4 · 77 B');
      await record('upload-watched', handle);
    });
  }, 60_000);

  test('what arrived and was replaced before it was completed is looked for again', async () => {
    const answers: UploadOutcome[] = [{ state: 'incomplete', missingParts: [1] }, { state: 'completed' }];
    await session(60_000, { completeUpload: async () => answers.shift() ?? { state: 'completed' } }, async ({ handle, calls }) => {
      await handle.signal(UPLOAD_WATCH);
      expect(await handle.result()).toEqual({ state: 'completed' });
      expect(calls.filter((call) => call === 'awaitArrival')).toHaveLength(2);
    });
  }, 60_000);

  test.each([
    ['aborted', UPLOAD_ABORT, 'cancelled'],
    ['completed by its client', UPLOAD_COMPLETE, 'completed'],
  ])(
    'the watch ends when the session is %s',
    async (_how, update, state) => {
      const never: Fakes['awaitArrival'] = async () => {
        throw ApplicationFailure.create({ message: 'not yet', type: 'NOT_ARRIVED' });
      };
      await session(60_000, { awaitArrival: never }, async ({ handle, calls }) => {
        await handle.signal(UPLOAD_WATCH);
        await eventually(async () => expect(calls).toContain('awaitArrival'));
        expect(await handle.executeUpdate<UploadOutcome, []>(update)).toEqual({ state });
        expect(await handle.result()).toEqual({ state });
        if (state === 'cancelled') await record('upload-watched-aborted', handle);
      });
    },
    60_000,
  );

  test('a watch that breaks leaves the session open, and its end still finds the file', async () => {
    const breaks: Fakes['awaitArrival'] = async () => {
      throw ApplicationFailure.nonRetryable('broken', 'INTERNAL');
    };
    await session(3000, { awaitArrival: breaks }, async ({ handle, calls }) => {
      await handle.signal(UPLOAD_WATCH);
      expect(await handle.result()).toEqual({ state: 'completed' });
      expect(calls.filter((call) => call === 'awaitArrival')).toHaveLength(1);
    });
  }, 60_000);
});
