import { isOpenState, type Upload } from '../domain/upload.js';
import type { Catalogue } from './catalogue.js';
import * as decide from './decisions.js';
import type { ChangeVideo, Decide, Standing, UploadRecord } from './standing.js';
import { storable } from './storable.js';
import type { Trace } from './tenancy.js';

type Writes = Pick<
  Catalogue,
  | 'extendUpload'
  | 'attachMultipart'
  | 'openDoor'
  | 'measureParts'
  | 'completeUpload'
  | 'closeUpload'
  | 'savePlan'
  | 'saveProgress'
  | 'markPlayable'
  | 'publish'
  | 'reject'
  | 'park'
  | 'unpark'
  | 'cancel'
>;

/** The writes of the port over an adapter's one way to change a video. The answer is read from how it stands afterwards, so it is the same when repeated. */
export function createWrites(change: ChangeVideo): Writes {
  const onUpload = async (uploadId: string, decision: Decide, trace?: Trace): Promise<UploadRecord | null> =>
    (await change({ uploadId }, decide.unlessDeleted(decision), trace))?.upload ?? null;
  const onGeneration = (videoId: string, generation: number, decision: Decide): Promise<Standing | null> =>
    change({ videoId, generation }, decide.unlessDeleted(decision));

  return {
    async extendUpload(uploadId, lifeMs) {
      return whileOpen(await onUpload(uploadId, decide.extendUpload(lifeMs)));
    },
    async attachMultipart(uploadId, multipartId, trace) {
      return whileOpen(await onUpload(uploadId, decide.attachMultipart(multipartId), trace));
    },
    async openDoor(uploadId, opening, trace) {
      return whileOpen(await onUpload(uploadId, decide.openDoor(storable(opening)), trace));
    },
    async measureParts(uploadId, partSizeBytes) {
      await onUpload(uploadId, decide.measureParts(partSizeBytes));
    },
    async completeUpload(uploadId, source) {
      const after = await change({ uploadId }, decide.unlessDeleted(decide.completeUpload(storable(source))));
      // A file that came whole and was deleted since is nobody's source any more.
      return after?.upload?.state === 'completed' && after.video.state !== 'deleted' ? toUpload(after.upload) : null;
    },
    async closeUpload(uploadId, state, failure) {
      const upload = await onUpload(uploadId, decide.closeUpload(state, storable(failure)));
      return upload && toUpload(upload);
    },
    async savePlan(plan) {
      await onGeneration(plan.videoId, plan.generation, decide.savePlan(storable(plan)));
    },
    async saveProgress(videoId, generation, progress) {
      await onGeneration(videoId, generation, decide.saveProgress(storable(progress)));
    },
    async markPlayable(videoId, generation) {
      await onGeneration(videoId, generation, decide.markPlayable());
    },
    async publish(videoId, generation, report) {
      const after = await onGeneration(videoId, generation, decide.publish(storable(report)));
      return after?.generation?.state === 'published' && after.video.generation === generation && after.video.state === 'ready';
    },
    async reject(videoId, generation, failure) {
      return isOver(await onGeneration(videoId, generation, decide.reject(storable(failure))));
    },
    async park(videoId, generation, failure) {
      await onGeneration(videoId, generation, decide.park(storable(failure)));
    },
    async unpark(videoId, generation) {
      await onGeneration(videoId, generation, decide.unpark());
    },
    async cancel(videoId, generation) {
      return isOver(await onGeneration(videoId, generation, decide.cancel()));
    },
  };
}

/** The upload as the port shows it. */
export function toUpload(record: UploadRecord): Upload {
  const { source: _source, ...upload } = record;
  return upload;
}

const whileOpen = (record: UploadRecord | null): Upload | null => (record !== null && isOpenState(record.state) ? toUpload(record) : null);

const isOver = (standing: Standing | null): boolean => standing?.generation?.state === 'errored' || standing?.generation?.state === 'cancelled';
