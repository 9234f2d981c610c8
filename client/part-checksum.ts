import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { ChecksumAlgorithm } from './api-types.js';
import { clientFault } from './client-fault.js';

/** A piece of a file, by bytes from its beginning. */
export interface Slice {
  readonly offset: number;
  readonly sizeBytes: number;
}

export interface Hasher {
  update(bytes: Buffer): void;
  /** Base64, as S3 has it. */
  digest(): string;
}

const READ_BYTES = 1024 * 1024;

/** The checksum of a slice, read in pieces: memory does not grow with the part. @throws ClientFault where the file ends before the slice does */
export async function checksumOf(file: FileHandle, slice: Slice, hasher: Hasher): Promise<string> {
  const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, Math.max(1, slice.sizeBytes)));
  for (let done = 0; done < slice.sizeBytes; ) {
    const bytesRead = await readSlice(file, buffer, slice.offset + done, slice.sizeBytes - done);
    hasher.update(buffer.subarray(0, bytesRead));
    done += bytesRead;
  }
  return hasher.digest();
}

/** Fills what it can of the buffer, at most `leftBytes`. @throws ClientFault FILE_NOT_READABLE, FILE_CHANGED */
export async function readSlice(file: FileHandle, buffer: Buffer, position: number, leftBytes: number): Promise<number> {
  const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, leftBytes), position).catch((error: Error) => {
    throw clientFault('FILE_NOT_READABLE', `The file cannot be read at byte ${position}: ${error.message}.`);
  });
  if (bytesRead === 0) throw clientFault('FILE_CHANGED', 'The file became shorter during the upload. Run the same command again for a new upload.');
  return bytesRead;
}

/** The checksum of the operating system's choice of processors: CRC-32C costs next to nothing where its native code is there, SHA-256 is everywhere. */
export async function defaultAlgorithm(): Promise<ChecksumAlgorithm> {
  return (await loadCrc32c()) === null ? 'sha256' : 'crc32c';
}

/** A factory for one algorithm. @throws ClientFault where its code is not there on this machine */
export async function hasherFor(algorithm: ChecksumAlgorithm): Promise<() => Hasher> {
  if (algorithm === 'sha256') return sha256;
  const crc32c = await loadCrc32c();
  if (crc32c === null) throw clientFault('UPLOAD_FAILED', 'CRC-32C has no native code for this machine. Use --checksum sha256 for a new upload.');
  return () => crc32cHasher(crc32c);
}

function sha256(): Hasher {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('base64') };
}

type Crc32c = (bytes: Buffer, before: number) => number;

function crc32cHasher(crc32c: Crc32c): Hasher {
  let sum = 0;
  return {
    update(bytes) {
      sum = crc32c(bytes, sum);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(sum);
      return bytes.toString('base64');
    },
  };
}

/** null where the package has no binary for this platform. */
async function loadCrc32c(): Promise<Crc32c | null> {
  try {
    return (await import('@node-rs/crc32')).crc32c;
  } catch {
    // Then SHA-256 is taken, or the caller says so.
    return null;
  }
}
