import { type FileHandle, open } from 'node:fs/promises';
import { log } from '@temporalio/activity';
import pLimit from 'p-limit';
import { PipelineError } from '../domain/errors.js';
import type { SourceFacts } from '../domain/probe.js';
import { partSizeFor, type StoredPart } from '../domain/upload.js';
import type { ObjectStore } from '../storage/object-store.js';

/** Parts of 8 or 16 MiB: so much memory is used times this. */
const PARALLEL_PARTS = 3;

/**
 * Puts a file of any size (up to 10 GiB in 16 MiB parts) into the store, part by part, each checked on the way in. The
 * object appears whole or not at all. One that is broken off leaves a multipart, which is aborted here, or by the sweep
 * where this process died.
 */
export async function storeFile(
  store: ObjectStore,
  key: string,
  path: string,
  options: { contentType: string; signal: AbortSignal },
): Promise<SourceFacts> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const multipartId = await store.createMultipart(key, { contentType: options.contentType, metadata: {} });
    try {
      const parts = await sendParts(store, { key, multipartId, file, sizeBytes: size, signal: options.signal });
      await store.completeMultipart(key, multipartId, parts);
    } catch (error) {
      await store
        .abortMultipart(key, multipartId)
        .catch((cause: unknown) => log.warn('a multipart is left to the sweep', { key, multipartId, cause: String(cause) }));
      throw error;
    }
    // `gone` may mean that it was completed and the answer lost: only the object itself tells.
    const stored = await store.head(key);
    if (stored?.sizeBytes !== size)
      throw new PipelineError('STORAGE_UNAVAILABLE', { note: 'A working file did not arrive whole.', details: { key, size } });
    return { key, sizeBytes: size, etag: stored.etag };
  } finally {
    await file.close();
  }
}

async function sendParts(
  store: ObjectStore,
  job: { key: string; multipartId: string; file: FileHandle; sizeBytes: number; signal: AbortSignal },
): Promise<StoredPart[]> {
  const partBytes = partSizeFor(job.sizeBytes);
  const count = Math.max(1, Math.ceil(job.sizeBytes / partBytes));
  const limit = pLimit(PARALLEL_PARTS);
  const send = async (index: number): Promise<StoredPart> => {
    job.signal.throwIfAborted();
    const bytes = new Uint8Array(Math.min(partBytes, job.sizeBytes - index * partBytes));
    await job.file.read(bytes, 0, bytes.byteLength, index * partBytes);
    const part = await store.uploadPart(job.key, job.multipartId, index + 1, bytes);
    // A sweep may have taken it away under a zombie; a new attempt makes its own.
    if (part === null)
      throw new PipelineError('STORAGE_UNAVAILABLE', { note: 'The transfer of a working file was broken off.', details: { key: job.key } });
    return part;
  };
  const sent = Array.from({ length: count }, (_, index) => limit(send, index));
  try {
    return await Promise.all(sent);
  } catch (error) {
    limit.clearQueue();
    // None may still be reading when the file is closed; what else fails is the same fault. Those that were cleared never settle.
    await idle(limit);
    throw error;
  }
}

async function idle(limit: { readonly activeCount: number }): Promise<void> {
  while (limit.activeCount > 0) await new Promise((resolve) => setTimeout(resolve, 20));
}
