import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { reconcileArrivals } from '../../src/activities/reconcile-arrivals.js';
import { reconcileDeletions } from '../../src/activities/reconcile-deletions.js';
import type { ReconcileDeps } from '../../src/activities/reconcile-deps.js';
import { reconcileGenerations } from '../../src/activities/reconcile-generations.js';
import { reconcileIntake } from '../../src/activities/reconcile-intake.js';
import { reconcileMultiparts } from '../../src/activities/reconcile-multiparts.js';
import { reconcileRecord } from '../../src/activities/reconcile-record.js';
import { reconcileSources } from '../../src/activities/reconcile-sources.js';
import { reconcileUploads } from '../../src/activities/reconcile-uploads.js';
import { reconcileVideos } from '../../src/activities/reconcile-videos.js';
import type { Catalogue, UploadDraft } from '../../src/catalogue/catalogue.js';
import { createMemoryCatalogue } from '../../src/catalogue/memory-catalogue.js';
import { artefactsOf } from '../../src/domain/artefact.js';
import { arrivalKey, chunkManifestKey, growingMasterKey, mediaPrefix, reportKey, sourceKey } from '../../src/domain/keys.js';
import type { StepResult } from '../../src/domain/reconcile-record.js';
import { sourceMetadata } from '../../src/domain/upload.js';
import { createMemoryObjectStore, type MemoryObjectStore } from '../../src/storage/memory-object-store.js';
import { reportFor } from '../contract/catalogue.js';
import { reportOf } from '../contract/catalogue-generations.js';
import { createFakeWorkflows, type FakeWorkflows } from './fake-workflows.js';
import { act } from './generation.js';

/** No grace at all: everything that was done before the look is old. */
const AT_ONCE = { graceMs: -1000, startGraceMs: -1000, intakeSettleMs: 0, uploadTtlMs: 3_600_000, keep: { count: 2, supersededMs: -1000 } };
const PATIENT = { ...AT_ONCE, graceMs: 3_600_000, startGraceMs: 30_000 };
const failure = { code: 'ENCODE_FAILED', message: 'a chunk failed' } as const;

let store: MemoryObjectStore;
let catalogue: Catalogue;
let workflows: FakeWorkflows;
let deps: ReconcileDeps;
let count: number;

beforeEach(async () => {
  store = createMemoryObjectStore({ pageSize: 3 });
  catalogue = createMemoryCatalogue();
  workflows = createFakeWorkflows({ catalogue, store });
  deps = { store, catalogue, workflows, reconcile: AT_ONCE };
  count = 0;
  await catalogue.ensureTenant('dev', 'Development');
});

const put = (key: string, text = key) => {
  const body = Buffer.from(text);
  return store.put(key, body, { contentType: 'video/mp4', sha256: createHash('sha256').update(body).digest('hex') });
};
/** An object with the metadata of its upload, as a completed multipart or a copy leaves it. */
async function putSource(key: string, uploadId: string | null, text: string): Promise<void> {
  await put('elsewhere', text);
  const etag = (await store.head('elsewhere'))?.etag ?? '';
  await store.copy('elsewhere', key, { etag, contentType: 'video/mp4', metadata: uploadId === null ? {} : { 'upload-id': uploadId } });
  await store.delete(['elsewhere']);
}
async function begun(): Promise<UploadDraft> {
  count += 1;
  const [id, videoId] = [`upl_${count}`, `vid_${count}`];
  const key = sourceKey('dev', videoId, id);
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const draft = { id, videoId, tenantId: 'dev', fileName: 'a.mp4', contentType: 'video/mp4', sizeBytes: 4, partSizeBytes: 8_388_608, key, expiresAt };
  await catalogue.createUpload(draft);
  return draft;
}
async function queued(): Promise<UploadDraft> {
  const draft = await begun();
  await putSource(draft.key, draft.id, 'film');
  await catalogue.completeUpload(draft.id, { sizeBytes: 4, etag: 'e' });
  return draft;
}
const keysUnder = async (prefix: string): Promise<string[]> => {
  const keys: string[] = [];
  for (let after: string | null = null; ; ) {
    const { objects, next } = await store.list(prefix, after);
    keys.push(...objects.map(({ key }) => key));
    if (next === null) return keys;
    after = next;
  }
};
const run = (step: (after: string | null) => Promise<StepResult>): Promise<StepResult> => act(step, null);
/** A step whose repairs, done once, leave nothing for a second look. */
async function curesAtOnce(make: (with_: ReconcileDeps) => (after: string | null) => Promise<StepResult>): Promise<StepResult> {
  const first = await run(make(deps));
  expect((await run(make(deps))).counts).toEqual({});
  return first;
}

test('a generation that was asked for and whose workflow never started gets it', async () => {
  const draft = await queued();
  await catalogue.publish(draft.videoId, 1, reportFor(draft));
  await catalogue.beginGeneration('dev', draft.videoId, { reason: null, by: 'a request' });
  const started: unknown[] = [];
  const { startVideo } = workflows;
  workflows.startVideo = async (video, how) => {
    started.push([video.generation, how]);
    await startVideo(video, how);
  };
  expect((await curesAtOnce(reconcileVideos)).counts).toEqual({ 'video.started': 1 });
  expect(started).toEqual([[2, 'first']]);
});

describe('open uploads', () => {
  test('one without a workflow gets it, one with a workflow is left', async () => {
    const [lost, fine] = [await begun(), await begun()];
    workflows.standings.set(fine.id, 'running');
    expect(await curesAtOnce(reconcileUploads)).toMatchObject({ examined: 2, counts: { 'upload.started': 1 }, alarms: [], next: null });
    expect(workflows.calls).toEqual([`startUpload ${lost.id} first`]);
  });

  test('one whose workflow failed gets another, once; then a person is told', async () => {
    const { id } = await begun();
    workflows.standings.set(id, 'failed');
    await run(reconcileUploads(deps));
    workflows.standings.set(id, 'failed again');
    const second = await run(reconcileUploads(deps));
    expect(workflows.calls).toEqual([`startUpload ${id} again`]);
    expect(second.alarms).toMatchObject([{ subject: id, todo: expect.stringContaining('Temporal UI') }]);
  });

  test('one that is young, or that its session closed between two looks, is nobody’s business', async () => {
    const { id } = await begun();
    expect((await run(reconcileUploads({ ...deps, reconcile: PATIENT }))).counts).toEqual({});
    workflows.uploadStandings = async (ids) => {
      await catalogue.closeUpload(id, 'cancelled', null);
      return ids.map(() => 'completed');
    };
    expect(await run(reconcileUploads(deps))).toMatchObject({ counts: {}, alarms: [] });
    expect(workflows.calls).toEqual([]);
  });

  test('where Temporal is away, the step fails as a whole and has done nothing', async () => {
    await begun();
    workflows.setDown(true);
    await expect(run(reconcileUploads(deps))).rejects.toMatchObject({ code: 'WORKFLOWS_UNAVAILABLE' });
    expect(workflows.calls).toEqual([]);
  });
});

describe('videos that are not settled', () => {
  test('one without a workflow gets it; one whose session still runs is left to that', async () => {
    const [lost, fine] = [await queued(), await queued()];
    workflows.standings.set(fine.id, 'running');
    expect(await curesAtOnce(reconcileVideos)).toMatchObject({ counts: { 'video.started': 1 }, alarms: [] });
    expect(workflows.calls).toEqual([`startVideo ${lost.videoId} first`]);
  });

  test('one in review is made again: the question went with the workflow', async () => {
    const { videoId } = await queued();
    await catalogue.park(videoId, 1, failure);
    await run(reconcileVideos(deps));
    expect((await catalogue.getVideo(videoId))?.state).toBe('preparing');
    expect(workflows.calls).toEqual([`startVideo ${videoId} first`]);
  });

  test('one whose workflow came to its end without settling it is for a person, never for a loop', async () => {
    const { videoId } = await queued();
    workflows.standings.set(videoId, 'completed');
    for (let round = 0; round < 3; round += 1) expect((await run(reconcileVideos(deps))).alarms).toMatchObject([{ subject: videoId }]);
    expect(workflows.calls).toEqual([]);
  });
});

describe('deleted videos that are not purged', () => {
  const deleted = async () => {
    const draft = await queued();
    await catalogue.deleteVideo(draft.tenantId, draft.videoId);
    return draft;
  };

  test('one that nothing clears away is taken up; one whose workflow runs, or that is purged, is left', async () => {
    const [lost, fine, done] = [await deleted(), await deleted(), await deleted()];
    workflows.standings.set(fine.videoId, 'running');
    await catalogue.markPurged(done.videoId);
    expect(await curesAtOnce(reconcileDeletions)).toMatchObject({ examined: 2, counts: { 'deletion.started': 1 }, alarms: [] });
    expect(workflows.calls).toEqual([`startDeletion ${lost.videoId} first`]);
  });

  test('one whose workflow failed gets another, once; then a person is told', async () => {
    const { videoId } = await deleted();
    workflows.standings.set(videoId, 'failed');
    await run(reconcileDeletions(deps));
    workflows.standings.set(videoId, 'failed again');
    expect((await run(reconcileDeletions(deps))).alarms).toMatchObject([{ subject: videoId }]);
    expect(workflows.calls).toEqual([`startDeletion ${videoId} again`]);
  });

  test('one that was purged between two looks is nobody’s business', async () => {
    const { videoId } = await deleted();
    workflows.deletionStandings = async (ids) => {
      await catalogue.markPurged(videoId);
      return ids.map(() => 'completed');
    };
    expect(await run(reconcileDeletions(deps))).toMatchObject({ counts: {}, alarms: [] });
  });
});

describe('objects under sources/', () => {
  test('a file that an open upload has and does not know of is handed to its session, which is started for it', async () => {
    const draft = await begun();
    await putSource(draft.key, draft.id, 'film');
    expect(await curesAtOnce(reconcileSources)).toMatchObject({ counts: { 'upload.finished': 1 } });
    expect((await catalogue.getUpload(draft.id))?.state).toBe('completed');
    expect((await catalogue.getVideo(draft.videoId))?.state).toBe('queued');
  });

  test('a file that its session does not take is told, and stays', async () => {
    const draft = await begun();
    await putSource(draft.key, draft.id, 'another size');
    expect(await run(reconcileSources(deps))).toMatchObject({ counts: {}, alarms: [{ subject: draft.id }] });
    expect(await keysUnder('sources/')).toEqual([draft.key]);
  });

  test('goes: what a closed upload left, and what names no upload; stays: sources of videos, and what a lost row may have known', async () => {
    const [done, closed] = [await queued(), await begun()];
    await putSource(closed.key, closed.id, 'late');
    await catalogue.closeUpload(closed.id, 'cancelled', null);
    await putSource('sources/dev/vid_x/upl_lost', 'upl_lost', 'lost');
    await putSource('sources/dev/vid_x/upl_elsewhere', done.id, 'at another key');
    await putSource('sources/foreign', null, 'foreign');
    const result = await curesAtOnce(reconcileSources);
    expect(result.repairs.map(({ subject }) => subject)).toEqual([closed.key, 'sources/foreign'].sort());
    expect(result.alarms.map(({ subject }) => subject)).toEqual(['sources/dev/vid_x/upl_elsewhere', 'sources/dev/vid_x/upl_lost']);
    expect(await keysUnder('sources/')).toEqual([done.key, 'sources/dev/vid_x/upl_elsewhere', 'sources/dev/vid_x/upl_lost'].sort());
  });

  test('nothing young goes', async () => {
    await putSource('sources/foreign', null, 'foreign');
    expect((await run(reconcileSources({ ...deps, reconcile: PATIENT }))).counts).toEqual({});
  });

  test('a large bucket is walked over several runs, and each object is looked at', async () => {
    for (let n = 0; n < 40; n += 1) await putSource(`sources/foreign-${String(n).padStart(2, '0')}`, 'upl_lost', `${n}`);
    let [cursor, runs, seen]: [string | null, number, number] = [null, 0, 0];
    do {
      const result: StepResult = await act(reconcileSources(deps), cursor);
      [cursor, runs, seen] = [result.next, runs + 1, seen + result.examined];
    } while (cursor !== null);
    expect([runs, seen]).toEqual([3, 40]);
  });
});

describe('objects under arrivals/', () => {
  const arrived = async (door: 'whole' | 'uppy', text = 'film'): Promise<UploadDraft> => {
    const draft = await begun();
    await catalogue.openDoor(draft.id, { door, multipartId: door === 'whole' ? null : 'mp', instead: null });
    await put(arrivalKey(draft), text);
    return draft;
  };

  test('one that an open session waits for is handed to it, which is started for it', async () => {
    const { id, key } = await arrived('whole');
    expect(await curesAtOnce(reconcileArrivals)).toMatchObject({ examined: 1, counts: { 'upload.finished': 1 }, alarms: [] });
    expect(workflows.calls).toEqual([`complete ${id}`, `startUpload ${id} first`, `complete ${id}`]);
    expect([(await catalogue.getUpload(id))?.state, await keysUnder('')]).toEqual(['completed', [key]]);
  });

  test('one of another size than was announced, or that another file took the place of, stays while the session is open', async () => {
    const [other, left] = [await arrived('whole', 'a longer film'), await arrived('uppy')];
    expect(await run(reconcileArrivals(deps))).toMatchObject({ examined: 2, counts: {}, alarms: [] });
    expect(await keysUnder('arrivals/')).toEqual([arrivalKey(other), arrivalKey(left)].sort());
  });

  test('one that came after its session’s end goes, and one that came once more; what a lost row may have known stays', async () => {
    const [closed, done] = [await begun(), await queued()];
    await catalogue.closeUpload(closed.id, 'cancelled', null);
    const unknown = 'arrivals/dev/vid_x/upl_x';
    for (const key of [arrivalKey(closed), arrivalKey(done), unknown]) await put(key);
    const { counts, alarms } = await run(reconcileArrivals({ ...deps, reconcile: PATIENT }));
    expect([counts, alarms]).toEqual([{}, []]);
    expect(await run(reconcileArrivals(deps))).toMatchObject({ counts: { 'arrival.removed': 2 }, alarms: [{ subject: unknown }] });
    expect(await keysUnder('arrivals/')).toEqual([unknown]);
    expect(await keysUnder('sources/')).toEqual([done.key]);
  });
});

describe('open multiparts', () => {
  const multipart = (key: string, draft: UploadDraft | null) =>
    store.createMultipart(key, { contentType: 'video/mp4', metadata: draft ? sourceMetadata(draft) : {} });

  test('only the one that an open upload has stays', async () => {
    const [open, closed] = [await begun(), await begun()];
    const own = await multipart(open.key, open);
    await multipart(open.key, open);
    await catalogue.attachMultipart(open.id, own);
    await catalogue.attachMultipart(closed.id, await multipart(closed.key, closed));
    await catalogue.closeUpload(closed.id, 'cancelled', null);
    await multipart('sources/dev/vid_x/upl_nobody', null);
    await multipart('intake/dev/being-sent.mp4', null);
    const result = await curesAtOnce((with_) => reconcileMultiparts(with_));
    expect(result).toMatchObject({ counts: { 'multipart.aborted': 3 }, multiparts: { open: 1, oldestAt: expect.any(String) } });
    expect((await store.listMultiparts('')).map(({ multipartId }) => multipartId)).toEqual([own, expect.any(String)]);
  });

  test('one that was just begun may be about to get its row', async () => {
    const { key } = await begun();
    await multipart(key, null);
    const result = await run(reconcileMultiparts({ ...deps, reconcile: PATIENT }));
    expect([result.counts, result.multiparts?.open]).toEqual([{}, 1]);
  });
});

describe('objects of generations', () => {
  test('of a published one, what the report names stays, and the growing playlists; late files and working files go', async () => {
    const draft = await queued();
    const at = { videoId: draft.videoId, generation: 1 };
    const report = reportFor(draft);
    await put(reportKey(at), JSON.stringify(report));
    for (const { key } of artefactsOf(report)) await put(key);
    await put(growingMasterKey(at));
    const wanted = await keysUnder('media/');
    await put(`${mediaPrefix(at)}720p/0001-zombie/00.m4s`);
    await put(chunkManifestKey(at, 1));
    expect((await run(reconcileGenerations(deps))).counts).toEqual({});
    await catalogue.publish(draft.videoId, 1, report);
    const result = await curesAtOnce(reconcileGenerations);
    expect(result).toMatchObject({ repairs: [{ kind: 'generation.swept', subject: mediaPrefix(at) }], next: null });
    expect([await keysUnder('media/'), await keysUnder('work/')]).toEqual([wanted, []]);
  });

  test('of one that has outlived those that are kept everything goes, also where a run died in the middle; what can be gone back to stays', async () => {
    const draft = await queued();
    const files = (generation: number) => artefactsOf(reportOf(draft, generation)).map(({ key }) => key);
    for (const generation of [1, 2, 3]) {
      const report = reportOf(draft, generation);
      if (generation > 1) await catalogue.beginGeneration('dev', draft.videoId, { reason: null, by: `${generation}` });
      for (const key of files(generation)) await put(key);
      await put(reportKey(report), JSON.stringify(report));
      await catalogue.publish(draft.videoId, generation, report);
    }
    const patient = { ...deps, reconcile: { ...AT_ONCE, keep: { count: 2, supersededMs: 3_600_000 } } };
    expect((await run(reconcileGenerations(patient))).counts).toEqual({});
    // Retired, and nothing removed yet.
    await catalogue.retireGeneration({ videoId: draft.videoId, generation: 1 }, AT_ONCE.keep);
    expect((await curesAtOnce(reconcileGenerations)).counts).toEqual({ 'generation.wiped': 1 });
    const left = [2, 3].flatMap((generation) => [...files(generation), reportKey({ videoId: draft.videoId, generation })]);
    expect(await keysUnder('media/')).toEqual(left.sort());
    const one = { ...deps, reconcile: { ...AT_ONCE, keep: { ...AT_ONCE.keep, count: 1 } } };
    expect((await run(reconcileGenerations(one))).counts).toEqual({ 'generation.retired': 1 });
    expect(await keysUnder('media/')).toEqual([...files(3), reportKey({ videoId: draft.videoId, generation: 3 })].sort());
  });

  test('of one that was given up everything goes, of one in flight and of an unknown one nothing', async () => {
    const [errored, flying] = [await queued(), await queued()];
    const ids = [errored.videoId, flying.videoId, 'vid_lost'];
    for (const videoId of ids) {
      for (const generation of [1, 10]) {
        const at = { videoId, generation };
        for (let n = 0; n < 4; n += 1) await put(`${mediaPrefix(at)}720p/000${n}-a/00.m4s`);
        await put(chunkManifestKey(at, 1));
      }
    }
    await catalogue.reject(errored.videoId, 1, failure);
    const results: StepResult[] = [];
    do results.push(await act(reconcileGenerations(deps), results.at(-1)?.next ?? null));
    while (results.at(-1)?.next !== null);
    expect(results.length).toBeGreaterThan(1);
    expect(results.flatMap(({ repairs }) => repairs)).toEqual([{ kind: 'generation.wiped', subject: `media/${errored.videoId}/g1/` }]);
    const left = [...(await keysUnder('media/')), ...(await keysUnder('work/'))];
    expect(new Set(left.map((key) => key.split('/').slice(1, 3).join('/')))).toEqual(
      new Set([`${errored.videoId}/g10`, `${flying.videoId}/g1`, `${flying.videoId}/g10`, 'vid_lost/g1', 'vid_lost/g10']),
    );
    expect(left).toHaveLength(25);
    expect(new Set(results.flatMap(({ alarms }) => alarms.map(({ subject }) => subject)))).toContain('media/vid_lost/g10/');
  });
});

describe('objects under intake/', () => {
  test('each is taken in; folder markers and young ones are not, and what is nobody’s is told', async () => {
    for (const key of ['intake/dev/a.mp4', 'intake/dev/b/c.mp4', 'intake/dev/d/', 'intake/nobody/e.mp4', 'intake/f.mp4']) await put(key);
    const result = await run(reconcileIntake(deps));
    expect(workflows.calls).toEqual(['takeIn intake/dev/a.mp4', 'takeIn intake/dev/b/c.mp4']);
    expect(result.alarms.map(({ subject }) => subject)).toEqual(['intake/f.mp4', 'intake/nobody/e.mp4']);
    const patient = { ...deps, reconcile: { ...AT_ONCE, intakeSettleMs: 5_000 } };
    expect((await run(reconcileIntake(patient))).alarms).toEqual([]);
    expect(workflows.calls).toHaveLength(2);
  });
});

describe('the end of a run', () => {
  const endOf = (runId: string, counts: StepResult['counts'] = {}) => ({
    runId,
    startedAt: '2026-11-21T10:00:00.000Z',
    finishedAt: '2026-11-21T10:00:01.000Z',
    steps: [{ step: 'sources', examined: 1, counts, repairs: [], alarms: [], next: 'sources/k' } as const],
    failed: [],
  });

  test('is written once, however often it is told, and is where the next run goes on', async () => {
    const { endReconcile, readCursors } = reconcileRecord(deps);
    expect(await act(readCursors)).toEqual({});
    for (let round = 0; round < 2; round += 1) expect(await act(endReconcile, endOf('1', { 'source.removed': 2 }))).toEqual({ alarms: 0, gap: 0 });
    await act(endReconcile, endOf('2', { 'source.removed': 1 }));
    expect(await act(readCursors)).toEqual({ sources: 'sources/k' });
    expect((await catalogue.readReconcile())?.totals).toEqual({ 'source.removed': 3 });
  });
});
