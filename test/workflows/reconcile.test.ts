import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createControlActivities } from '../../src/activities/index.js';
import type { WorkflowControl } from '../../src/activities/workflow-control.js';
import type { Catalogue, UploadDraft } from '../../src/catalogue/catalogue.js';
import { createPostgresCatalogue } from '../../src/catalogue/postgres-catalogue.js';
import { PipelineError } from '../../src/domain/errors.js';
import { sourceKey } from '../../src/domain/keys.js';
import { gapOf, sumLedgers } from '../../src/domain/ledger.js';
import type { StepResult } from '../../src/domain/reconcile-record.js';
import { sourceMetadata } from '../../src/domain/upload.js';
import type { ObjectStore } from '../../src/storage/object-store.js';
import { createS3ObjectStore } from '../../src/storage/s3-object-store.js';
import { RECONCILE_SCHEDULE, WORKFLOWS, workflowId } from '../../src/workflows/contract.js';
import { QUEUES } from '../../src/workflows/task-queues.js';
import { ensureReconcileSchedule } from '../../workers/reconcile-schedule.js';
import { createWorkflowControl } from '../../workers/temporal-workflow-control.js';
import { createTestDatabase, type TestDatabase } from '../contract/postgres-database.js';
import { dropBucket, realS3 } from '../storage/real-s3.js';
import { recordedFakes } from './fakes.js';
import { eventually, type Fakes, type Harness, openHarness, record as recordHistory } from './harness.js';

/** Reconciling on a real bucket, a real database and a real Temporal. Every file is refused at inspection, so that videos settle. */
let harness: Harness;
let database: TestDatabase;
let catalogue: Catalogue;
let store: ObjectStore;
let workflows: WorkflowControl;
let stop: () => Promise<void>;
let tenantId: string;
const s3 = realS3();
const open = createS3ObjectStore(s3);

beforeAll(async () => {
  harness = await openHarness();
  database = await createTestDatabase();
  catalogue = createPostgresCatalogue({ databaseUrl: database.url });
  await catalogue.migrate();
  store = open;
  await store.prepareBucket({ corsOrigins: [] });
  workflows = createWorkflowControl(harness.client, harness.client.connection);
  const reconcile = { graceMs: -1000, startGraceMs: -1000, intakeSettleMs: 0, uploadTtlMs: 3_600_000, keep: { count: 2, supersededMs: -1000 } };
  const runs = { isRunning: async () => false, cancel: async () => undefined, terminate: async () => undefined };
  const real = createControlActivities({ store, catalogue, workflows, reconcile, runs, lateWritesMs: 0, encoderSlots: 1, preset: 'veryfast' });
  const inspectSource: Fakes['inspectSource'] = () => Promise.reject(new PipelineError('SOURCE_NOT_MEDIA'));
  stop = await harness.work(recordedFakes([], { ...real, inspectSource }));
}, 120_000);
afterAll(async () => {
  await stop?.();
  await harness?.close();
  await dropBucket(open, s3);
  open.close();
  await catalogue?.close();
  await database?.drop();
}, 60_000);
beforeEach(async () => {
  tenantId = `tnt_${randomBytes(4).toString('hex')}`;
  await catalogue.ensureTenant(tenantId, 'test');
});

const hex = (): string => randomBytes(16).toString('hex');
const body = Buffer.from('this is no film');
async function begun(expiresInMs = 3_600_000): Promise<UploadDraft> {
  const [id, videoId] = [`upl_${hex()}`, `vid_${hex()}`];
  const expiresAt = new Date(Date.now() + expiresInMs).toISOString();
  const file = { fileName: 'a.mp4', contentType: 'video/mp4', sizeBytes: body.length, partSizeBytes: 8_388_608 };
  const draft = { id, videoId, tenantId, ...file, key: sourceKey(tenantId, videoId, id), expiresAt };
  await catalogue.createUpload(draft);
  return draft;
}
/** The multipart of an upload with its one part sent. */
async function sent(draft: UploadDraft): Promise<string> {
  const multipartId = await store.createMultipart(draft.key, { contentType: 'video/mp4', metadata: sourceMetadata(draft) });
  await catalogue.attachMultipart(draft.id, multipartId);
  await store.uploadPart(draft.key, multipartId, 1, body);
  return multipartId;
}
let runs = 0;
async function reconcileOnce(): Promise<NonNullable<Awaited<ReturnType<Catalogue['readReconcile']>>>> {
  runs += 1;
  await harness.client.workflow.execute(WORKFLOWS.reconcile, { workflowId: `reconcile-${runs}`, taskQueue: QUEUES.control });
  const record = await catalogue.readReconcile();
  if (record === null) throw new Error('a run leaves a record');
  return record;
}
const ledger = async () => sumLedgers(await catalogue.readLedger(tenantId));
const settled = (state: string, videoId: string) => eventually(async () => expect((await catalogue.getVideo(videoId))?.state).toBe(state), 40_000);

describe('one run of reconciling', () => {
  test('brings back a file that S3 has, whose row is open, and whose session is gone; the ledger is closed, and a second run does nothing', async () => {
    const draft = await begun();
    const multipartId = await sent(draft);
    await store.completeMultipart(draft.key, multipartId, (await store.listParts(draft.key, multipartId)) ?? []);
    const { repairs, alarms } = await reconcileOnce();
    expect({ repairs, alarms }).toEqual({ repairs: { 'upload.started': 1, 'upload.finished': 1 }, alarms: [] });
    await settled('errored', draft.videoId);
    expect(await ledger()).toMatchObject({ accepted: 1, rejected: 1, inFlight: 0, openUploads: 0 });
    expect(gapOf(await ledger())).toBe(0);
    expect(await reconcileOnce()).toMatchObject({ repairs: {}, alarms: [] });
    expect(await store.head(draft.key)).not.toBeNull();
  }, 120_000);

  test('gives a forgotten session its workflow: past its end it keeps a file that is whole, and clears one that is not', async () => {
    const [whole, partial] = [await begun(1), await begun(1)];
    await sent(whole);
    await catalogue.attachMultipart(
      partial.id,
      await store.createMultipart(partial.key, { contentType: 'video/mp4', metadata: sourceMetadata(partial) }),
    );
    // The sessions are at work while the later steps look: what those repair besides is theirs as well.
    expect((await reconcileOnce()).repairs).toMatchObject({ 'upload.started': 2 });
    await settled('errored', whole.videoId);
    await settled('cancelled', partial.videoId);
    await eventually(async () => expect(await store.listMultiparts('sources/')).toEqual([]));
    expect(await ledger()).toMatchObject({ accepted: 1, rejected: 1, openUploads: 0, reservedBytes: 0 });
  }, 120_000);

  test('starts a queued video that no workflow makes, and aborts multiparts that no upload has', async () => {
    const draft = await begun();
    await store.put(draft.key, body, { contentType: 'video/mp4', sha256: createHash('sha256').update(body).digest('hex') });
    await catalogue.completeUpload(draft.id, { sizeBytes: body.length, etag: 'e' });
    await store.createMultipart(`sources/${tenantId}/vid_x/upl_nobody`, { contentType: 'video/mp4', metadata: {} });
    const { repairs, multiparts } = await reconcileOnce();
    expect([repairs, multiparts.open]).toEqual([{ 'video.started': 1, 'multipart.aborted': 1 }, 0]);
    await settled('errored', draft.videoId);
  }, 120_000);

  test('a step that cannot be made is told, and keeps none of the others from theirs', async () => {
    const { listOpenUploads } = catalogue;
    catalogue.listOpenUploads = () => Promise.reject(new PipelineError('NOT_FOUND', { note: 'on purpose' }));
    try {
      const record = await reconcileOnce();
      expect(record.alarms).toMatchObject([{ subject: 'uploads', what: expect.stringContaining('on purpose') }]);
    } finally {
      catalogue.listOpenUploads = listOpenUploads;
    }
    expect((await reconcileOnce()).alarms).toEqual([]);
  }, 120_000);
});

describe('an object under intake/', () => {
  test('is found without any event, becomes one video however often it is seen, and leaves intake/', async () => {
    const key = `intake/${tenantId}/Ferien + Süd/clip.mp4`;
    await store.put(key, body, { contentType: 'video/mp4', sha256: createHash('sha256').update(body).digest('hex') });
    await reconcileOnce();
    await Promise.all(Array.from({ length: 5 }, () => workflows.takeIn(key)));
    const video = await eventually(async () => {
      const [found] = await catalogue.listVideos({ tenantId, limit: 10, after: null });
      expect(found?.state).toBe('errored');
      return found;
    }, 40_000);
    expect(video).toMatchObject({ name: 'clip.mp4', sourceSizeBytes: body.length, failure: { code: 'SOURCE_NOT_MEDIA' } });
    await eventually(async () => expect((await store.list(`intake/${tenantId}/`)).objects).toEqual([]));
    await workflows.takeIn(key);
    expect(await catalogue.listVideos({ tenantId, limit: 10, after: null })).toHaveLength(1);
    expect(await ledger()).toMatchObject({ accepted: 1, rejected: 1, openUploads: 0 });
  }, 120_000);
});

describe('what activities may ask of Temporal', () => {
  const standing = async ({ id }: UploadDraft) => (await workflows.uploadStandings([id]))[0];
  const row = async ({ id }: UploadDraft) => {
    const upload = await catalogue.getUpload(id);
    if (upload === null) throw new Error('no row');
    return upload;
  };

  test('how a workflow stands: never was, runs, failed once, failed again, came to its end', async () => {
    const draft = await begun();
    const handle = harness.client.workflow.getHandle(workflowId.upload(draft.id));
    expect(await standing(draft)).toBe('unknown');
    await Promise.all(Array.from({ length: 5 }, async () => workflows.startUpload(await row(draft), 'first')));
    expect(await standing(draft)).toBe('running');
    await handle.terminate('on purpose');
    expect(await standing(draft)).toBe('failed');
    await workflows.startUpload(await row(draft), 'first');
    expect(await standing(draft)).toBe('failed');
    await workflows.startUpload(await row(draft), 'again');
    expect(await standing(draft)).toBe('running');
    await handle.terminate('on purpose');
    expect(await standing(draft)).toBe('failed again');
    const other = await begun();
    await workflows.startUpload(await row(other), 'first');
    expect(await workflows.abortUpload(other.id)).toEqual({ state: 'cancelled' });
    await harness.client.workflow.getHandle(workflowId.upload(other.id)).result();
    expect(await workflows.uploadStandings([other.id, draft.id])).toEqual(['completed', 'failed again']);
    expect(await workflows.completeUpload(other.id)).toBeNull();
    // Nobody looks after it any more: the row is told to a person, and then it is closed as an operator would.
    expect((await reconcileOnce()).alarms).toMatchObject([{ subject: draft.id }]);
    await catalogue.closeUpload(draft.id, 'cancelled', null);
  }, 120_000);

  test('a failure of the session comes through with its code', async () => {
    const draft = await begun();
    await store.put(draft.key, Buffer.from('x'), { contentType: 'video/mp4', sha256: createHash('sha256').update('x').digest('hex') });
    await workflows.startUpload(await row(draft), 'first');
    await expect(workflows.completeUpload(draft.id)).rejects.toMatchObject({ code: 'INTERNAL' });
    expect((await reconcileOnce()).alarms).toMatchObject([{ subject: draft.id, what: expect.stringContaining('does not take') }]);
    await workflows.abortUpload(draft.id);
    expect(await store.head(draft.key)).toBeNull();
  }, 120_000);
});

test('the schedule is made once, brought to what is wanted, made anew where it is lost, and runs', async () => {
  const { schedule } = harness.client;
  const everyMs = async () => (await schedule.getHandle(RECONCILE_SCHEDULE).describe()).spec.intervals?.[0]?.every;
  await ensureReconcileSchedule(harness.client, 3600, 'leave');
  await ensureReconcileSchedule(harness.client, 7200, 'leave');
  expect(await everyMs()).toBe(3_600_000);
  await schedule.getHandle(RECONCILE_SCHEDULE).pause('an operator');
  await ensureReconcileSchedule(harness.client, 7200, 'bring');
  expect([await everyMs(), (await schedule.getHandle(RECONCILE_SCHEDULE).describe()).state.paused]).toEqual([7_200_000, true]);
  await schedule.getHandle(RECONCILE_SCHEDULE).delete();
  await ensureReconcileSchedule(harness.client, 3600, 'leave');
  const before = (await catalogue.readReconcile())?.runId;
  await schedule.getHandle(RECONCILE_SCHEDULE).trigger();
  await eventually(async () => expect((await catalogue.readReconcile())?.runId).not.toBe(before), 40_000);
  const facts = await schedule.getHandle(RECONCILE_SCHEDULE).describe();
  expect(facts.policies.overlap).toBe('SKIP');
  await schedule.getHandle(RECONCILE_SCHEDULE).delete();
}, 120_000);

/** Names every step: what a run is made of cannot go unnoticed. */
test('a run looks at everything, in this order', async () => {
  runs += 1;
  const handle = await harness.client.workflow.start(WORKFLOWS.reconcile, { workflowId: `reconcile-${runs}`, taskQueue: QUEUES.control });
  await handle.result();
  await recordHistory('reconcile-with-arrivals', handle);
  const { events } = await handle.fetchHistory();
  const scheduled = (events ?? []).flatMap((event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? []);
  const steps: StepResult['step'][] = ['uploads', 'videos', 'deletions', 'sources', 'arrivals', 'intake', 'multiparts', 'generations'];
  expect(scheduled).toEqual(['readCursors', ...steps.map((step) => `reconcile${step[0]?.toUpperCase()}${step.slice(1)}`), 'endReconcile']);
}, 60_000);
