import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { Artefact } from '../domain/artefact.js';
import { PipelineError } from '../domain/errors.js';
import type { ObjectStore } from '../storage/object-store.js';

export const sha256Hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const JSON_TYPE = 'application/json';

/** Writes a value once. Whoever comes second gets `exists` and must read what the first one wrote. */
export async function putJsonOnce(store: ObjectStore, key: string, value: unknown): Promise<'stored' | 'exists'> {
  const bytes = Buffer.from(JSON.stringify(value));
  const outcome = await store.put(key, bytes, { contentType: JSON_TYPE, sha256: sha256Hex(bytes), onlyIfAbsent: true });
  return outcome === 'stored' ? 'stored' : 'exists';
}

/** null where there is no such object. Only for objects that Reelmill itself wrote. */
export async function getJson<T>(store: ObjectStore, key: string): Promise<T | null> {
  const bytes = await getBytes(store, key);
  return bytes === null ? null : (JSON.parse(bytes.toString('utf8')) as T);
}

/** @throws PipelineError INTERNAL where the object, which an earlier step wrote, is not there */
export async function needJson<T>(store: ObjectStore, key: string): Promise<T> {
  const value = await getJson<T>(store, key);
  if (value === null) throw new PipelineError('INTERNAL', { note: 'A working file is missing.', details: { key } });
  return value;
}

export async function getBytes(store: ObjectStore, key: string): Promise<Buffer | null> {
  const object = await store.get(key);
  return object === null ? null : buffer(object.body);
}

/**
 * Writes bytes that every writer must agree on (an init segment, a playlist): the first writer's stand, and a second
 * one's are compared to them.
 * @throws PipelineError with `code` where they differ
 */
export async function putAgreed(
  store: ObjectStore,
  key: string,
  bytes: Uint8Array,
  options: { contentType: string; cacheControl: string; code: 'INIT_MISMATCH' | 'VERIFY_PLAYLIST' },
): Promise<Artefact> {
  const sha256 = sha256Hex(bytes);
  const { contentType, cacheControl } = options;
  if ((await store.put(key, bytes, { contentType, cacheControl, sha256, onlyIfAbsent: true })) === 'exists') {
    const there = await getBytes(store, key);
    if (there === null || sha256Hex(there) !== sha256) {
      throw new PipelineError(options.code, { details: { key, expectedSha256: sha256, foundSha256: there ? sha256Hex(there) : null } });
    }
  }
  return { key, sizeBytes: bytes.byteLength, sha256 };
}
