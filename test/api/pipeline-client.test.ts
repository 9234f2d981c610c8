import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import type { Pipeline } from '../../src/api/pipeline.js';
import { createTemporalPipeline } from '../../src/api/pipeline-client.js';
import { type UploadInput, WORKFLOWS, workflowId } from '../../src/workflows/contract.js';
import { QUEUES } from '../../src/workflows/task-queues.js';

const address = process.env.TEMPORAL_ADDRESS ?? '127.0.0.1:7233';
/** An own namespace: the queue names are the real ones, and nobody else's worker may take from them. */
const namespace = `api-test-${process.pid}-${Date.now()}`;
const logger = pino({ level: 'silent' });

let connection: Connection;
let client: Client;
let native: NativeConnection;
let worker: Worker;
let running: Promise<void>;
let pipeline: Pipeline;

beforeAll(async () => {
  connection = await Connection.connect({ address });
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: 86_400 as never } });
  client = new Client({ connection, namespace });
  pipeline = createTemporalPipeline({ address, namespace, logger });
  await eventually(() => pipeline.ping());
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: { ReelmillTenantId: 2, ReelmillVideoId: 2 } });
  native = await NativeConnection.connect({ address });
  worker = await Worker.create({
    connection: native,
    namespace,
    taskQueue: QUEUES.control,
    workflowsPath: fileURLToPath(new URL('./stand-in/workflows.ts', import.meta.url)),
  });
  running = worker.run();
  // A new namespace is known to all parts of the server only after a moment.
  await eventually(() => pipeline.startUpload(inputOf('warm up')));
}, 90_000);

afterAll(async () => {
  worker?.shutdown();
  await running;
  await pipeline?.close();
  await native?.close();
  await connection?.operatorService.deleteNamespace({ namespace });
  await connection?.close();
}, 60_000);

let count = 0;
function inputOf(fileName: string): UploadInput {
  count += 1;
  const hex = `${count}`.padStart(32, '0');
  return { uploadId: `upl_${hex}`, videoId: `vid_${hex}`, tenantId: 'acme', fileName, sizeBytes: 10_000_000, expiresAtMs: Date.now() + 3_600_000 };
}
const started = async (fileName: string): Promise<UploadInput> => {
  const input = inputOf(fileName);
  await pipeline.startUpload(input);
  return input;
};
const historyOf = async (input: UploadInput) => (await client.workflow.getHandle(workflowId.upload(input.uploadId)).fetchHistory()).events ?? [];

test('an upload starts once, however often it is asked, and an operator can read and find it', async () => {
  const input = inputOf('cl*p_`x`.mp4');
  await Promise.all(Array.from({ length: 10 }, () => pipeline.startUpload(input)));
  const handle = client.workflow.getHandle(workflowId.upload(input.uploadId));
  const facts = await handle.describe();
  expect([facts.type, facts.taskQueue]).toEqual(['upload', QUEUES.control]);
  expect(facts.searchAttributes).toMatchObject({ ReelmillTenantId: ['acme'], ReelmillVideoId: [input.videoId] });
  expect(facts.memo).toEqual({ fileName: 'cl*p_`x`.mp4', sizeBytes: 10_000_000 });
  expect(await facts.staticSummary()).toBe('cl p  x .mp4 · 10.0 MB · tenant acme');
  expect(await facts.staticDetails()).toContain(input.uploadId);
  await handle.terminate('over');
  await pipeline.startUpload(input);
  expect((await handle.describe()).status.name).toBe('TERMINATED');
}, 30_000);

test('a generation is started once, however often it is asked, and an operator can read and find it', async () => {
  const video = { videoId: `vid_${'e'.repeat(32)}`, tenantId: 'acme', generation: 2, fileName: 'clip.mp4', sizeBytes: 10_000_000 };
  await Promise.all(Array.from({ length: 5 }, () => pipeline.startVideo(video)));
  const handle = client.workflow.getHandle(workflowId.processVideo(video.videoId, 2));
  const facts = await handle.describe();
  expect([facts.type, facts.taskQueue, facts.searchAttributes]).toMatchObject(['processVideo', QUEUES.control, { ReelmillVideoId: [video.videoId] }]);
  expect(await facts.staticDetails()).toContain('generation 2');
  await handle.terminate('over');
  await pipeline.startVideo(video);
  expect((await handle.describe()).status.name).toBe('TERMINATED');
}, 30_000);

test('a watch is told to a running upload, again and again, and to none that ended or never was', async () => {
  const input = await started('clip.mp4');
  for (let n = 0; n < 2; n += 1) expect(await pipeline.watchUpload(input.uploadId)).toBe('watching');
  // The server keeps signals that come while a worker is at work on the workflow, and writes them down behind it.
  await eventually(async () => {
    const told = (await historyOf(input)).flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? []);
    expect(told).toEqual(['watch', 'watch']);
  });
  await pipeline.abortUpload(input.uploadId);
  expect(await pipeline.watchUpload(input.uploadId)).toBeNull();
  expect(await pipeline.watchUpload(`upl_${'f'.repeat(32)}`)).toBeNull();
}, 30_000);

test('an upload of which nothing is known can be read by an operator all the same', async () => {
  const input = { ...inputOf(''), sizeBytes: null };
  await pipeline.startUpload(input);
  const facts = await client.workflow.getHandle(workflowId.upload(input.uploadId)).describe();
  expect(await facts.staticSummary()).toBe('no name yet · size not known yet · tenant acme');
  await pipeline.abortUpload(input.uploadId);
}, 30_000);

test('50 completes at once are one update, and one after the end finds nothing', async () => {
  const input = await started('clip.mp4');
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => pipeline.completeUpload(input.uploadId)));
  expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome)))).toEqual(new Set(['{"state":"completed"}']));
  const accepted = (await historyOf(input)).filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes);
  expect(accepted).toHaveLength(1);
  expect(await pipeline.completeUpload(input.uploadId)).toBeNull();
  expect(await pipeline.abortUpload(input.uploadId)).toBeNull();
}, 30_000);

test('missing parts come through, and the session stays open to be asked again or aborted', async () => {
  const input = await started('incomplete');
  expect(await pipeline.completeUpload(input.uploadId)).toEqual({ state: 'incomplete', missingParts: [2, 3] });
  expect(await pipeline.completeUpload(input.uploadId)).toEqual({ state: 'incomplete', missingParts: [2, 3] });
  expect(await pipeline.abortUpload(input.uploadId)).toEqual({ state: 'cancelled' });
}, 30_000);

test('a refusal carries its reason, and ends the session', async () => {
  const input = await started('incomplete');
  const failure = { code: 'SOURCE_NOT_MEDIA', message: 'It is a text.' } as const;
  expect(await pipeline.refuseUpload(input.uploadId, failure)).toEqual({ state: 'errored' });
  expect(await pipeline.refuseUpload(input.uploadId, failure)).toBeNull();
}, 30_000);

test('a workflow that never was is null, and one that ends while it is asked too', async () => {
  expect(await pipeline.completeUpload(inputOf('none').uploadId)).toBeNull();
  const input = await started('leaves');
  expect(await pipeline.completeUpload(input.uploadId)).toBeNull();
}, 30_000);

test("an activity's failure keeps its code", async () => {
  const input = await started('refused');
  await expect(pipeline.completeUpload(input.uploadId)).rejects.toMatchObject({ code: 'CATALOGUE_UNAVAILABLE' });
}, 30_000);

test('a caller waits only so long, while the update goes on and the next caller gets its answer', async () => {
  const hasty = createTemporalPipeline({ address, namespace, logger, limits: { waitMs: 300 } });
  try {
    const input = inputOf('slow');
    await hasty.startUpload(input);
    await expect(hasty.completeUpload(input.uploadId)).rejects.toMatchObject({ code: 'WORKFLOWS_UNAVAILABLE' });
    // By another process, and by this one, which joins its own call that is still under way.
    expect(await pipeline.completeUpload(input.uploadId)).toEqual({ state: 'completed' });
    await eventually(async () => void (await hasty.completeUpload(input.uploadId)));
  } finally {
    await hasty.close();
  }
}, 30_000);

test('a decision is taken once; the second is a conflict with the workflow’s own words', async () => {
  const video = inputOf('review');
  await client.workflow.start(WORKFLOWS.processVideo, { workflowId: workflowId.processVideo(video.videoId, 1), taskQueue: QUEUES.control });
  expect(await pipeline.resolveVideo(video.videoId, 1, { action: 'retry', actor: 'key:a' })).toBe('accepted');
  const second = pipeline.resolveVideo(video.videoId, 1, { action: 'reject', actor: 'key:a' });
  await expect(second).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('not in review') });
  expect(await pipeline.resolveVideo(video.videoId, 2, { action: 'retry', actor: 'key:a' })).toBeNull();
}, 30_000);

test('a deletion starts once while it runs and once it is done, and again where it was ended', async () => {
  const { videoId, tenantId } = inputOf('deleted');
  const handle = client.workflow.getHandle(workflowId.deleteVideo(videoId));
  const runId = async (): Promise<string> => (await handle.describe()).runId;
  await Promise.all(Array.from({ length: 10 }, () => pipeline.startDeletion({ videoId, tenantId })));
  const first = await runId();
  expect((await handle.describe()).searchAttributes).toMatchObject({ ReelmillTenantId: ['acme'], ReelmillVideoId: [videoId] });
  await handle.terminate('by an operator');
  await pipeline.startDeletion({ videoId, tenantId });
  const second = await runId();
  expect(second).not.toBe(first);
  await handle.executeUpdate('purged');
  await handle.result();
  await pipeline.startDeletion({ videoId, tenantId });
  expect(await runId()).toBe(second);
}, 30_000);

test('an upload that is cancelled while it is asked is gone, like one that has ended', async () => {
  const input = await started('slow');
  const asked = pipeline.completeUpload(input.uploadId);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await client.workflow.getHandle(workflowId.upload(input.uploadId)).cancel();
  expect(await asked).toBeNull();
}, 30_000);

test('a server that is away, or that has no such namespace, is told in time', async () => {
  const away = createTemporalPipeline({ address: '127.0.0.1:9', namespace, logger, limits: { callMs: 500, updateMs: 500 } });
  const lost = createTemporalPipeline({ address, namespace: 'no-such-namespace', logger });
  try {
    await expect(away.startUpload(inputOf('x'))).rejects.toMatchObject({ code: 'WORKFLOWS_UNAVAILABLE' });
    await expect(away.completeUpload(inputOf('x').uploadId)).rejects.toMatchObject({ code: 'WORKFLOWS_UNAVAILABLE' });
    await expect(away.ping()).rejects.toMatchObject({ code: 'WORKFLOWS_UNAVAILABLE' });
    await expect(lost.ping()).rejects.toBeDefined();
    await expect(lost.completeUpload(inputOf('x').uploadId)).rejects.toMatchObject({ code: 'INTERNAL' });
  } finally {
    await away.close();
    await lost.close();
  }
}, 30_000);

async function eventually(attempt: () => Promise<void>): Promise<void> {
  for (let left = 100; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
