import { addAbortSignal, type Readable } from 'node:stream';

/** The one object that is served, and how its bytes are got. */
export interface ServedObject {
  readonly sizeBytes: number;
  /** A stream of exactly these bytes; it ends with an error where it cannot. Must let go when the signal is aborted. */
  read(start: number, endInclusive: number, signal: AbortSignal): Promise<Readable>;
}

/**
 * Reads an object in aligned blocks and keeps the last ones. Players of the protocol open ranges "to the end" and drop
 * them after a few bytes; by blocks, at most one is read in vain, and an index that is read for every chunk is read once.
 */
export class BlockReader {
  bytesRead = 0;
  failure: unknown = null;
  /** In order of use, oldest first. */
  private readonly blocks = new Map<number, Uint8Array>();

  constructor(private readonly object: ServedObject) {}

  /** The bytes from `start` to `end` inclusive, piece by piece. @throws what upstream threw; the signal's reason once aborted */
  async *read(start: number, end: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (let at = start; at <= end; ) {
      const index = Math.floor(at / BLOCK_BYTES);
      const blockStart = index * BLOCK_BYTES;
      const block = await this.block(index, signal);
      const piece = block.subarray(at - blockStart, Math.min(block.byteLength, end + 1 - blockStart));
      yield piece;
      at += piece.byteLength;
    }
  }

  private async block(index: number, signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted();
    const known = this.blocks.get(index);
    const block = known ?? (await this.fetch(index, signal));
    this.blocks.delete(index);
    this.blocks.set(index, block);
    for (const oldest of this.blocks.keys()) {
      if (this.blocks.size <= MAX_BLOCKS) break;
      this.blocks.delete(oldest);
    }
    return block;
  }

  private async fetch(index: number, signal: AbortSignal): Promise<Uint8Array> {
    const start = index * BLOCK_BYTES;
    const end = Math.min(start + BLOCK_BYTES, this.object.sizeBytes) - 1;
    const block = new Uint8Array(end - start + 1);
    let filled = 0;
    // A signal of its own for each read: upstream may leave its listener behind, and one connection makes thousands of reads.
    const own = new AbortController();
    const stop = (): void => own.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      const upstream = await this.object.read(start, end, own.signal);
      for await (const piece of addAbortSignal(own.signal, upstream)) {
        const bytes = piece as Uint8Array;
        this.bytesRead += bytes.byteLength;
        if (filled + bytes.byteLength > block.byteLength) throw new Error(`more than the ${block.byteLength} bytes that were asked for`);
        block.set(bytes, filled);
        filled += bytes.byteLength;
      }
      signal.throwIfAborted();
      if (filled !== block.byteLength) throw new Error(`${filled} of the ${block.byteLength} bytes that were asked for`);
      return block;
    } catch (error) {
      // A read that we broke off ourselves is no fault of the store.
      if (!signal.aborted) this.failure ??= error;
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}

const BLOCK_BYTES = 1024 * 1024;
const MAX_BLOCKS = 32;
