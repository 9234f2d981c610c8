import { randomUUID } from 'node:crypto';
import type { ChecksumAlgorithm } from '../src/domain/upload.js';
import type { ApiClient } from './api-client.js';
import { ClientFault } from './client-fault.js';
import type { ResumeMemory, ResumeRecord } from './resume-record.js';
import { contentType, type FileFacts, fileName } from './source-file.js';
import { isOpen, readUpload, type UploadJson } from './upload-json.js';

interface SessionDeps {
  readonly api: ApiClient;
  readonly endpoint: string;
  readonly memory: ResumeMemory;
  /** For the person who waits: why an upload that was begun does not go on. */
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface Session {
  readonly upload: UploadJson;
  /** Whether it was begun by an earlier run. */
  readonly resumed: boolean;
}

/**
 * The upload of a file: the one that an earlier run began, where it is still open and the file is the same, else a new
 * one. What a process that dies leaves behind:
 * - before the record: nothing;
 * - between record and answer: a record without an upload id. The next run repeats the call with its key and gets the
 *   very upload that the first call made;
 * - after it: a record with the id. The store's list of parts says what is missing.
 * An upload of an earlier form of the file is given up: nobody will finish it.
 */
export async function openSession(deps: SessionDeps, facts: FileFacts, checksum: ChecksumAlgorithm | null): Promise<Session> {
  const before = await deps.memory.load();
  if (before !== null) {
    const found = await resume(deps, before, facts);
    if (found !== null) return { upload: found, resumed: true };
  }
  const record: ResumeRecord = {
    version: 1,
    endpoint: deps.endpoint,
    ...facts,
    idempotencyKey: randomUUID(),
    request: {
      file_name: fileName(facts.path),
      size_bytes: facts.sizeBytes,
      content_type: contentType(facts.path),
      ...(checksum === null ? {} : { checksum }),
    },
    uploadId: null,
    videoId: null,
    startedAt: new Date().toISOString(),
  };
  await deps.memory.save(record);
  return { upload: await create(deps, record), resumed: false };
}

/** null where there is nothing to go on with. */
async function resume(deps: SessionDeps, before: ResumeRecord, facts: FileFacts): Promise<UploadJson | null> {
  if (before.sizeBytes !== facts.sizeBytes || before.mtimeNs !== facts.mtimeNs) {
    deps.note(`${facts.path} has changed since its upload was interrupted: a new upload begins.`);
    await giveUp(deps, before);
    return null;
  }
  const upload = before.uploadId === null ? await create(deps, before) : await find(deps, before.uploadId);
  if (upload !== null && (isOpen(upload) || upload.status === 'completed')) return upload;
  deps.note(`The upload of ${facts.path} that was interrupted ${upload === null ? 'is not known here' : `is ${upload.status}`}: a new one begins.`);
  return null;
}

async function create(deps: SessionDeps, record: ResumeRecord): Promise<UploadJson> {
  const { idempotencyKey, request: body } = record;
  const answer = await deps.api.request({ method: 'POST', path: '/v1/uploads', body, idempotencyKey, signal: deps.signal });
  const upload = readUpload(answer?.body);
  await deps.memory.save({ ...record, uploadId: upload.id, videoId: upload.video_id });
  return upload;
}

/** The store and the session are freed at once instead of at the session's end; where that cannot be, the end comes by itself. */
async function giveUp(deps: SessionDeps, before: ResumeRecord): Promise<void> {
  const uploadId = before.uploadId ?? (await create(deps, before)).id;
  await refusedIsNull(deps.api.request({ method: 'DELETE', path: `/v1/uploads/${uploadId}`, signal: deps.signal }));
}

async function find(deps: SessionDeps, uploadId: string): Promise<UploadJson | null> {
  const answer = await refusedIsNull(deps.api.request({ method: 'GET', path: `/v1/uploads/${uploadId}`, signal: deps.signal }));
  return answer === null ? null : readUpload(answer.body);
}

/** Another tenant's key does not know it (404), and a completed one cannot be given up (409). */
async function refusedIsNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ClientFault && (error.status === 404 || error.status === 409)) return null;
    throw error;
  }
}
