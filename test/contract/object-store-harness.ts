import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { PipelineError } from '../../src/domain/errors.js';
import type { StoredPart } from '../../src/domain/upload.js';
import type { GetOptions, ObjectStore, PresignedForm, PutOutcome, StoredObject } from '../../src/storage/object-store.js';

/** One store, empty and prepared, with what a client outside the process does to it. */
export interface ObjectStoreUnderTest {
  readonly store: ObjectStore;
  /** Rows a page of its listings, small, so that a handful of objects makes several pages. */
  readonly pageSize: number;
  /** A PUT to a presigned URL, its body bare or with headers; resolves to the HTTP status. */
  putPart(url: string, body: Uint8Array, headers?: Readonly<Record<string, string>>): Promise<number>;
  /** A POST of a presigned form with a file in it; resolves to the HTTP status. */
  postForm(form: PresignedForm, file: Uint8Array): Promise<number>;
  close(): Promise<void>;
}

export const MIB = 1024 * 1024;

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export async function readAll(body: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

/** Resolves to the PipelineError that a promise rejects with; fails where it does not. */
export async function refusal(promise: Promise<unknown>): Promise<PipelineError> {
  const error = await promise.then(
    (value) => new Error(`resolved with ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  );
  if (error instanceof PipelineError) return error;
  throw error;
}

/** Makes the store before the tests of a `describe`, closes it behind them, and gives each test a key prefix of its own. */
export function useObjectStore<T extends ObjectStoreUnderTest>(make: () => Promise<T>) {
  let made: T | undefined;
  let count = 0;
  beforeAll(async () => {
    made = await make();
  });
  beforeEach(() => {
    count += 1;
  });
  afterAll(() => made?.close());

  const under = (): T => {
    if (!made) throw new Error('the store is made before the first test');
    return made;
  };
  const store = (): ObjectStore => under().store;
  const open = async (key: string, options?: GetOptions): Promise<StoredObject> => {
    const object = await store().get(key, options);
    if (!object) throw new Error(`${key} is absent`);
    return object;
  };
  return {
    under,
    store,
    open,
    at: (): string => `work/t${count}/`,
    put: (key: string, body: Uint8Array, more: { onlyIfAbsent?: boolean; onlyIfEtag?: string; cacheControl?: string } = {}): Promise<PutOutcome> =>
      store().put(key, body, { contentType: 'text/plain', sha256: sha256(body), ...more }),
    bytesOf: async (key: string): Promise<Buffer> => readAll((await open(key)).body),
    newMultipart: (key: string): Promise<string> => store().createMultipart(key, { contentType: 'video/mp4', metadata: { upload: 'u-1' } }),
    sendPart: async (key: string, multipartId: string, partNumber: number, body: Uint8Array): Promise<void> => {
      const url = await store().presignPart({ key, multipartId, partNumber, sizeBytes: body.byteLength, ttlS: 60 });
      expect(await under().putPart(url, body)).toBe(200);
    },
    partsOf: async (key: string, multipartId: string): Promise<StoredPart[]> => {
      const parts = await store().listParts(key, multipartId);
      if (!parts) throw new Error('the multipart is not there');
      return parts;
    },
  };
}
