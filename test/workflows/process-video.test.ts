import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { MAX_CONTENT_FAULTS } from '../../src/activities/failure-interceptor.js';
import type { Failure } from '../../src/domain/artefact.js';
import { PipelineError } from '../../src/domain/errors.js';
import type { TruncatedPolicy } from '../../src/domain/truncation.js';
import { type ProcessVideoInput, type Resolution, VIDEO_RESOLVE, WORKFLOWS, workflowId } from '../../src/workflows/contract.js';
import { QUEUES } from '../../src/workflows/task-queues.js';
import { probe, recordedFakes } from './fakes.js';
import { eventually, type Fakes, type Harness, openHarness, record } from './harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
}, 60_000);
afterAll(() => harness?.close());

async function video(own: Partial<Fakes>, act: (run: { handle: WorkflowHandle; calls: string[] }) => Promise<void>) {
  const calls: string[] = [];
  const stop = await harness.work(recordedFakes(calls, own));
  const input: ProcessVideoInput = { videoId: `vid_${randomUUID()}`, tenantId: 'dev', generation: 1, fileName: 'clip.mp4', sizeBytes: 10 };
  try {
    const handle = await harness.client.workflow.start(WORKFLOWS.processVideo, {
      workflowId: workflowId.processVideo(input.videoId, 1),
      taskQueue: QUEUES.control,
      args: [input],
    });
    await act({ handle, calls });
  } finally {
    await stop();
  }
}
const inReview = (calls: string[]): Promise<void> =>
  eventually(async () => {
    if (!calls.includes('parkVideo')) throw new Error('not parked yet');
  });
const resolve = (handle: WorkflowHandle, action: Resolution['action']) =>
  eventually(() => handle.executeUpdate<void, [Resolution]>(VIDEO_RESOLVE, { args: [{ action, actor: 'test' }] }));
const count = (calls: string[], name: string): number => calls.filter((call) => call === name).length;

describe('the processVideo workflow', () => {
  test('takes a good file through every stage in order, each chunk once, and sweeps at the end', async () => {
    await video({}, async ({ handle, calls }) => {
      expect(await handle.result()).toEqual({ state: 'published', generation: 1 });
      const order = ['inspectSource', 'planVideo', 'makeImages', 'packageVideo', 'verifyVideo', 'publishVideo', 'sweepGeneration'];
      expect(calls.filter((call) => order.includes(call))).toEqual(order);
      const chunks = calls.filter((call) => call.startsWith('encodeChunk'));
      expect(new Set(chunks).size).toBe(chunks.length);
      expect(chunks.length).toBeGreaterThan(3);
      expect(count(calls, 'encodeAudio')).toBe(1);
      await record('video-published', handle);
      await record('chunks-done', harness.client.workflow.getHandle(`${handle.workflowId}/chunks`));
    });
  }, 60_000);

  test('every further sound is encoded on its own, and subtitles once', async () => {
    const tracks: unknown[] = [];
    const inspectSource = async () => ({
      ...probe,
      ...(probe.audio
        ? {
            moreAudio: [
              { ...probe.audio, streamIndex: 2 },
              { ...probe.audio, streamIndex: 3 },
            ],
          }
        : {}),
      subtitles: [{ streamIndex: 4, codec: 'subrip', language: 'en', forced: false }],
    });
    const encodeAudio: Fakes['encodeAudio'] = async ({ track }) => {
      tracks.push(track);
      return { wallMs: 1, sourceBytesRead: 1 };
    };
    await video({ inspectSource, encodeAudio }, async ({ handle, calls }) => {
      expect(await handle.result()).toMatchObject({ state: 'published' });
      expect(tracks.sort()).toEqual(['audio-2', 'audio-3', undefined]);
      expect(count(calls, 'extractSubtitles')).toBe(1);
      await record('video-many-tracks', handle);
    });
  }, 60_000);

  test('a file that is at fault ends errored with its code, without a retry or a review', async () => {
    const inspectSource = async () => {
      throw new PipelineError('SOURCE_NO_VIDEO');
    };
    await video({ inspectSource }, async ({ handle, calls }) => {
      expect(await handle.result()).toMatchObject({ state: 'errored', failure: { code: 'SOURCE_NO_VIDEO' } });
      expect([count(calls, 'inspectSource'), count(calls, 'rejectVideo'), count(calls, 'parkVideo')]).toEqual([1, 1, 0]);
      await record('video-errored', handle);
    });
  }, 60_000);

  test('a source that cannot be cut is remuxed once, before the plan, which is made from what came of it', async () => {
    const file = { key: 'work/vid_1/g1/source-a.mp4', sizeBytes: 900, etag: 'f' };
    const planned: unknown[] = [];
    const { planVideo } = recordedFakes([]);
    const own: Partial<Fakes> = {
      inspectSource: async () => ({ ...probe, seekable: false }),
      remuxSource: async (job) => ({ ...job.probe, remux: { outcome: 'done', file, format: 'mov', originUs: 0 } }),
      planVideo: async (at, found) => {
        planned.push(found.remux);
        return planVideo(at, found);
      },
    };
    await video(own, async ({ handle, calls }) => {
      expect(await handle.result()).toMatchObject({ state: 'published' });
      const order = ['inspectSource', 'remuxSource', 'planVideo'];
      expect(calls.filter((call) => order.includes(call))).toEqual(order);
      expect(planned).toEqual([{ outcome: 'done', file, format: 'mov', originUs: 0 }]);
    });
  }, 60_000);

  test('a chunk that fails for good parks the video; a retry encodes only what is not committed', async () => {
    let broken = true;
    const encodeChunk: Fakes['encodeChunk'] = async ({ index }) => {
      if (index === 2 && broken) throw new PipelineError('ENCODE_FAILED');
      return { index, wallMs: 1, sourceBytesRead: 1 };
    };
    await video({ encodeChunk }, async ({ handle, calls }) => {
      await inReview(calls);
      expect(count(calls, 'encodeChunk 2')).toBe(MAX_CONTENT_FAULTS);
      const before = count(calls, 'encodeChunk 1');
      broken = false;
      await resolve(handle, 'retry');
      expect(await handle.result()).toEqual({ state: 'published', generation: 1 });
      expect(count(calls, 'encodeChunk 2')).toBe(MAX_CONTENT_FAULTS + 1);
      expect(count(calls, 'encodeChunk 1')).toBe(before);
      expect(count(calls, 'inspectSource')).toBe(1);
      await record('video-review-retry', handle);
    });
  }, 90_000);

  describe('a chunk in which the source is damaged', () => {
    /** Chunk 1, of which each way makes a piece with so many damaged frames, or none; `!` behind one that is to be settled for. */
    const damagedChunk = (made: Readonly<Record<string, number | null>>, policy: TruncatedPolicy) => {
      const ways: string[] = [];
      const own: Partial<Fakes> = {
        encodeChunk: async ({ index, recipe = 'normal', settle }) => {
          if (index !== 1) return { index, wallMs: 1, sourceBytesRead: 1 };
          ways.push(settle ? `${recipe}!` : recipe);
          const damagedFrames = made[recipe] ?? null;
          if (damagedFrames === null) throw new PipelineError('ENCODE_MISMATCH', { details: { movesOn: true } });
          if (settle) return { index, wallMs: 1, sourceBytesRead: 1 };
          throw new PipelineError('SOURCE_DAMAGED', { note: `${damagedFrames} frames.`, details: { movesOn: true, damagedFrames } });
        },
        planVideo: async (at, found) => ({ ...(await recordedFakes([]).planVideo(at, found)), damagedSources: policy }),
      };
      return { ways, own };
    };

    test('is read in every way once, and taken as the best made it where the tenant publishes such', async () => {
      const { ways, own } = damagedChunk({ tolerant: 40, concealing: 20, remuxed: 30 }, 'publish');
      await video(own, async ({ handle, calls }) => {
        expect(await handle.result()).toMatchObject({ state: 'published' });
        expect(ways).toEqual(['normal', 'tolerant', 'concealing', 'remuxed', 'concealing!']);
        expect([count(calls, 'mendSource'), count(calls, 'parkVideo')]).toEqual([1, 0]);
        await record('chunks-damaged', harness.client.workflow.getHandle(`${handle.workflowId}/chunks`));
      });
    }, 90_000);

    test('ends the video with how much it is where the tenant wants no such', async () => {
      const { ways, own } = damagedChunk({ tolerant: 40, concealing: 20 }, 'refuse');
      await video(own, async ({ handle, calls }) => {
        expect(await handle.result()).toMatchObject({
          state: 'errored',
          failure: {
            code: 'SOURCE_DAMAGED',
            message: expect.stringMatching(
              / 20 frames\. Tried: normal \(ENCODE_MISMATCH\), tolerant \(SOURCE_DAMAGED\), concealing \(SOURCE_DAMAGED\), remuxed \(ENCODE_MISMATCH\)\.$/,
            ),
          },
        });
        expect(ways).toEqual(['normal', 'tolerant', 'concealing', 'remuxed']);
        expect(count(calls, 'parkVideo')).toBe(0);
      });
    }, 90_000);

    test('goes to a person, with what was tried, where no way makes a piece of it', async () => {
      const { own } = damagedChunk({}, 'publish');
      const parked: Failure[] = [];
      await video({ ...own, parkVideo: async (_at, failure) => void parked.push(failure) }, async ({ handle, calls }) => {
        await inReview(calls);
        expect(parked).toMatchObject([{ code: 'ENCODE_MISMATCH', message: expect.stringContaining('remuxed (ENCODE_MISMATCH).') }]);
        await resolve(handle, 'reject');
        expect(await handle.result()).toMatchObject({ state: 'errored', failure: { code: 'ENCODE_MISMATCH' } });
      });
    }, 90_000);
  });

  test('a reviewer may reject, and the reason stays', async () => {
    const verifyVideo = async () => {
      throw new PipelineError('VERIFY_HASH');
    };
    await video({ verifyVideo }, async ({ handle, calls }) => {
      await inReview(calls);
      await resolve(handle, 'reject');
      expect(await handle.result()).toMatchObject({ state: 'errored', failure: { code: 'VERIFY_HASH' } });
      expect([count(calls, 'publishVideo'), count(calls, 'rejectVideo')]).toEqual([0, 1]);
      await record('video-review-reject', handle);
    });
  }, 90_000);

  test('resolve is refused where nothing waits for a person', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((open) => {
      release = open;
    });
    const inspectSource: Fakes['inspectSource'] = async (source) => {
      await gate;
      return recordedFakes([]).inspectSource(source);
    };
    await video({ inspectSource }, async ({ handle }) => {
      await expect(handle.executeUpdate<void, [Resolution]>(VIDEO_RESOLVE, { args: [{ action: 'retry', actor: 'test' }] })).rejects.toThrow();
      release();
      expect(await handle.result()).toMatchObject({ state: 'published' });
    });
  }, 60_000);

  test('faults of the world burn no attempt: four of them, and the video is published', async () => {
    let faults = 0;
    const loadSource: Fakes['loadSource'] = async () => {
      faults += 1;
      if (faults <= 4) throw new PipelineError('STORAGE_UNAVAILABLE');
      return recordedFakes([]).loadSource({ videoId: 'v', generation: 1 });
    };
    await video({ loadSource }, async ({ handle }) => {
      expect(await handle.result()).toMatchObject({ state: 'published' });
      expect(faults).toBe(5);
    });
  }, 90_000);

  test('a cancel takes the generation back', async () => {
    const makeImages = async () => {
      await new Promise((never) => setTimeout(never, 5000));
      return { sprites: 1 };
    };
    await video({ makeImages }, async ({ handle, calls }) => {
      await eventually(async () => {
        if (!calls.includes('makeImages')) throw new Error('not there yet');
      });
      await handle.cancel();
      expect(await handle.result()).toMatchObject({ state: 'cancelled' });
      expect([count(calls, 'publishVideo'), count(calls, 'cancelVideo')]).toEqual([0, 1]);
      await record('video-cancelled', handle);
    });
  }, 60_000);

  test('an operator reads summary, stage table and reason in the current details', async () => {
    const verifyVideo = async () => {
      throw new PipelineError('VERIFY_SIZE');
    };
    await video({ verifyVideo }, async ({ handle, calls }) => {
      await inReview(calls);
      const details = await handle.query<string>('__temporal_workflow_metadata').then((metadata) => JSON.stringify(metadata));
      expect(details).toContain('| encode | done |');
      expect(details).toContain('VERIFY_SIZE');
      expect(details).toContain('Waits for a person');
      await resolve(handle, 'reject');
      await handle.result();
    });
  }, 90_000);
});
