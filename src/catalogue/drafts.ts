import { v7 } from 'uuid';
import { PipelineError } from '../domain/errors.js';
import { NO_LABELS } from '../domain/labels.js';
import { NO_PROGRESS, type Video } from '../domain/video.js';
import type { UploadDraft } from './catalogue.js';
import type { UploadRecord } from './standing.js';

/** The video and the upload that a draft begins, both waiting. */
export function beginUpload(draft: UploadDraft, now: string): { video: Video; upload: UploadRecord } {
  const { labels = NO_LABELS, ...file } = draft;
  const video: Video = {
    id: draft.videoId,
    tenantId: draft.tenantId,
    name: draft.fileName,
    contentType: draft.contentType,
    sourceSizeBytes: draft.sizeBytes,
    sourceKey: draft.key,
    state: 'waiting',
    playable: false,
    progress: NO_PROGRESS,
    failure: null,
    generation: 0,
    liveGeneration: null,
    durationMs: null,
    width: null,
    height: null,
    posterKey: null,
    storyboardKey: null,
    ...labels,
    plan: null,
    trail: null,
    cost: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
    uploadedAt: null,
    playableAt: null,
    publishedAt: null,
    deletedAt: null,
  };
  const upload: UploadRecord = {
    ...file,
    checksum: draft.checksum ?? null,
    state: 'waiting',
    multipartId: null,
    fingerprint: draft.fingerprint ?? null,
    door: null,
    named: draft.fileName !== '',
    expiresAt: new Date(draft.expiresAt).toISOString(),
    createdAt: now,
    completedAt: null,
    source: null,
    failure: null,
    closedAt: null,
  };
  return { video, upload };
}

/** An id that is taken by something else than a repeat of the same call. Says nothing of what it is taken by. */
export function idTaken(draft: UploadDraft): PipelineError {
  return new PipelineError('CONFLICT', {
    note: 'The id of the new upload or video is taken.',
    details: { uploadId: draft.id, videoId: draft.videoId },
  });
}

export const newEventId = (): string => `evt_${v7().replaceAll('-', '')}`;
