import { PipelineError } from '../domain/errors.js';

/** S3 sends entity tags in quotes; the port knows them without. */
export const bareEtag = (etag: string): string => etag.replace(/^"|"$/g, '');

/**
 * A SHA-256 as the port takes it. A malformed one would become an empty header, and the bytes would be stored unchecked.
 * @throws PipelineError INTERNAL
 */
export function checkSha256(sha256: string): void {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new PipelineError('INTERNAL', { note: `(not a SHA-256 in lower-case hex: "${sha256}")` });
}

/** S3's limit for all user metadata of one object, names and values, in bytes. */
const MAX_METADATA_BYTES = 2048;

/**
 * Metadata travels as HTTP headers: lower-case names and printable ASCII come back as they were sent, other text does not.
 * @throws PipelineError INTERNAL that names the field
 */
export function checkMetadata(metadata: Readonly<Record<string, string>>): void {
  let sizeBytes = 0;
  for (const [name, value] of Object.entries(metadata)) {
    sizeBytes += name.length + value.length;
    if (!/^[a-z0-9-]+$/.test(name) || !/^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/.test(value)) {
      throw new PipelineError('INTERNAL', {
        note: `(metadata "${name}" cannot be kept: lower-case name and printable ASCII only)`,
        details: { name },
      });
    }
  }
  if (sizeBytes > MAX_METADATA_BYTES)
    throw new PipelineError('INTERNAL', { note: `(metadata of ${sizeBytes} bytes, at most ${MAX_METADATA_BYTES})` });
}

/** "bytes=a-b", inclusive as in HTTP; undefined for the whole object. An end alone counts from byte 0: it is not HTTP's "last n bytes". */
export function rangeHeader(range: { readonly start?: number; readonly end?: number }): string | undefined {
  if (range.start === undefined && range.end === undefined) return undefined;
  return `bytes=${range.start ?? 0}-${range.end ?? ''}`;
}
