import { addAbortSignal, type Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** The one object that is served, and how its bytes are got. */
export interface ServedObject {
  readonly sizeBytes: number;
  /** A stream of exactly these bytes; it ends with an error where it cannot. Must let go when the signal is aborted. */
  read(start: number, endInclusive: number, signal: AbortSignal): Promise<Readable>;
}

/**
 * Reads an object in aligned blocks and keeps the last ones. ffmpeg opens ranges "to the end" and drops most of them
 * after a few bytes: so a stretch is begun with one small block, and only one that goes on is read in larger pieces. What
 * is asked for again, an index for instance, is read once.
 */
export class BlockReader {
  bytesRead = 0;
  failure: unknown = null;
  /** In order of use, oldest first. */
  private readonly blocks = new Map<number, Uint8Array>();

  constructor(private readonly object: ServedObject) {}

  /** The bytes from `start` to `end` inclusive, piece by piece. @throws what upstream threw; the signal's reason once aborted */
  async *read(start: number, end: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const last = Math.floor(end / BLOCK_BYTES);
    let fetches = 0;
    for (let at = start; at <= end; ) {
      signal.throwIfAborted();
      const index = Math.floor(at / BLOCK_BYTES);
      if (!this.blocks.has(index)) {
        // Sockets take megabytes that nobody reads: whoever only wanted a header has gone by then.
        if (fetches === 1 || fetches === 2) await sleep(PAUSE_MS, undefined, { signal });
        await this.fetch(index, Math.min(last, index + Math.min(2 ** fetches, MAX_RUN) - 1), signal);
        fetches += 1;
      }
      const block = this.use(index);
      const blockStart = index * BLOCK_BYTES;
      const piece = block.subarray(at - blockStart, Math.min(block.byteLength, end + 1 - blockStart));
      yield piece;
      at += piece.byteLength;
    }
  }

  private use(index: number): Uint8Array {
    const block = this.blocks.get(index);
    if (!block) throw new Error(`block ${index} was not kept`);
    this.blocks.delete(index);
    this.blocks.set(index, block);
    return block;
  }

  /** Reads the blocks from `first` to `last`, or up to the next one that is there, in one request. */
  private async fetch(first: number, last: number, signal: AbortSignal): Promise<void> {
    let end = first;
    while (end < last && !this.blocks.has(end + 1)) end += 1;
    const bytes = await this.fetchBytes(first * BLOCK_BYTES, Math.min((end + 1) * BLOCK_BYTES, this.object.sizeBytes) - 1, signal);
    // Oldest out first, so that none of the new ones is pushed out by another.
    const keep = Math.max(0, MAX_BLOCKS - (end - first + 1));
    for (const oldest of this.blocks.keys()) {
      if (this.blocks.size <= keep) break;
      this.blocks.delete(oldest);
    }
    // Copies: a small block must not keep the whole run alive.
    for (let index = first; index <= end; index += 1) {
      const from = (index - first) * BLOCK_BYTES;
      this.blocks.set(index, bytes.slice(from, from + BLOCK_BYTES));
    }
  }

  private async fetchBytes(start: number, end: number, signal: AbortSignal): Promise<Uint8Array> {
    const bytes = new Uint8Array(end - start + 1);
    let filled = 0;
    // A signal of its own for each read: upstream may leave its listener behind, and one connection makes thousands of reads.
    const own = new AbortController();
    const stop = (): void => own.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      const upstream = await this.object.read(start, end, own.signal);
      for await (const piece of addAbortSignal(own.signal, upstream)) {
        const part = piece as Uint8Array;
        this.bytesRead += part.byteLength;
        if (filled + part.byteLength > bytes.byteLength) throw new Error(`more than the ${bytes.byteLength} bytes that were asked for`);
        bytes.set(part, filled);
        filled += part.byteLength;
      }
      signal.throwIfAborted();
      if (filled !== bytes.byteLength) throw new Error(`${filled} of the ${bytes.byteLength} bytes that were asked for`);
      return bytes;
    } catch (error) {
      // A read that we broke off ourselves is no fault of the store.
      if (!signal.aborted) this.failure ??= error;
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}

const BLOCK_BYTES = 256 * 1024;
/** Blocks of one request once a stretch goes on: 1 MiB keeps the number of requests of a large source low. */
const MAX_RUN = 4;
/** 32 MiB. */
const MAX_BLOCKS = 128;
const PAUSE_MS = 50;
