import { type FileHandle, open } from 'node:fs/promises';
import { log } from '@temporalio/activity';
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
  const { key, multipartId, sizeBytes } = job;
  const partBytes = partSizeFor(sizeBytes);
  const count = Math.max(1, Math.ceil(sizeBytes / partBytes));
  const parts: StoredPart[] = [];
  let next = 0;
  let fault: unknown = null;
  const sender = async (): Promise<void> => {
    while (next < count && fault === null) {
      const index = next;
      next += 1;
      try {
        job.signal.throwIfAborted();
        const bytes = await readPart(job.file, index * partBytes, Math.min(partBytes, sizeBytes - index * partBytes));
        const part = await store.uploadPart(key, multipartId, index + 1, bytes);
        // A sweep may have taken it away under a zombie; a new attempt makes its own.
        if (part === null)
          throw new PipelineError('STORAGE_UNAVAILABLE', { note: 'The transfer of a working file was broken off.', details: { key } });
        parts.push(part);
      } catch (error) {
        fault ??= error;
      }
    }
  };
  // All have ended before the file is closed.
  await Promise.all(Array.from({ length: PARALLEL_PARTS }, sender));
  if (fault !== null) throw fault;
  return parts.sort((a, b) => a.partNumber - b.partNumber);
}

async function readPart(file: FileHandle, start: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let got = 0; got < length; ) {
    const { bytesRead } = await file.read(bytes, got, length - got, start + got);
    if (bytesRead === 0)
      throw new PipelineError('INTERNAL', { note: 'A working file became shorter while it was sent.', details: { start, length } });
    got += bytesRead;
  }
  return bytes;
}
