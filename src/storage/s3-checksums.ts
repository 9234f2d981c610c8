import type { ChecksumAlgorithm, PartChecksum } from '../domain/upload.js';

/** How S3 names each checksum: as an algorithm, and as a field of a part. */
export const S3_NAMES = {
  sha256: { algorithm: 'SHA256', field: 'ChecksumSHA256' },
  crc32c: { algorithm: 'CRC32C', field: 'ChecksumCRC32C' },
} as const satisfies Record<ChecksumAlgorithm, unknown>;

type ChecksumFields = { readonly [K in (typeof S3_NAMES)[ChecksumAlgorithm]['field']]?: string };

/** A checksum as a request carries it; nothing where there is none. */
export function checksumFields(checksum: PartChecksum | null | undefined): ChecksumFields {
  return checksum ? { [S3_NAMES[checksum.algorithm].field]: checksum.value } : {};
}

/** The checksum that a part was stored with; a server may compute others by itself, which are not listed. */
export function checksumOf(part: ChecksumFields): PartChecksum | null {
  if (part.ChecksumSHA256 !== undefined) return { algorithm: 'sha256', value: part.ChecksumSHA256 };
  return part.ChecksumCRC32C === undefined ? null : { algorithm: 'crc32c', value: part.ChecksumCRC32C };
}
