import { chunkManifestPrefix, type GenerationRef } from '../domain/keys.js';
import type { ObjectStore } from '../storage/object-store.js';

/** Indexes of the chunks whose manifests stand in S3: what need not be encoded again. */
export const listCommittedChunks =
  (deps: { store: ObjectStore }) =>
  async (at: GenerationRef): Promise<number[]> => {
    const indexes: number[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<ObjectStore['list']>> = await deps.store.list(chunkManifestPrefix(at), after);
      for (const { key } of page.objects) {
        const match = /\/(\d+)\.json$/.exec(key);
        if (match) indexes.push(Number(match[1]));
      }
      after = page.next;
    } while (after !== null);
    return indexes;
  };
