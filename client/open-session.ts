import { randomUUID } from 'node:crypto';
import { type ApiClient, bodyOf } from './api-client.js';
import type { ChecksumAlgorithm } from './api-types.js';
import { ClientFault } from './client-fault.js';
import { isOpen, type PartUpload, partUpload } from './part-upload.js';
import type { ResumeMemory, ResumeRecord } from './resume-record.js';
import { contentType, type FileFacts, fileName } from './source-file.js';

interface SessionDeps {
  readonly api: ApiClient;
  readonly endpoint: string;
  readonly memory: ResumeMemory;
  /** For the person who waits: why an upload that was begun does not go on. */
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface Session {
  readonly upload: PartUpload;
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
async function resume(deps: SessionDeps, before: ResumeRecord, facts: FileFacts): Promise<PartUpload | null> {
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

async function create(deps: SessionDeps, record: ResumeRecord): Promise<PartUpload> {
  const { idempotencyKey, request: body } = record;
  const params = { header: { 'idempotency-key': idempotencyKey } };
  const upload = partUpload(await bodyOf(deps.api.POST('/v1/uploads', { params, body, signal: deps.signal })));
  await deps.memory.save({ ...record, uploadId: upload.id, videoId: upload.video_id });
  return upload;
}

/** The store and the session are freed at once instead of at the session's end; where that cannot be, the end comes by itself. */
async function giveUp(deps: SessionDeps, before: ResumeRecord): Promise<void> {
  const upload_id = before.uploadId ?? (await create(deps, before)).id;
  await refusedIsNull(deps.api.DELETE('/v1/uploads/{upload_id}', { params: { path: { upload_id } }, signal: deps.signal }));
}

async function find(deps: SessionDeps, upload_id: string): Promise<PartUpload | null> {
  const found = await refusedIsNull(bodyOf(deps.api.GET('/v1/uploads/{upload_id}', { params: { path: { upload_id } }, signal: deps.signal })));
  return found === null ? null : partUpload(found);
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
