import { UploadPartCommand } from '@aws-sdk/client-s3';
import { getSignedUrl, S3RequestPresigner } from '@aws-sdk/s3-request-presigner';
import { checksumHeaders } from '../domain/upload.js';
import type { PartToSign } from './object-store.js';
import type { S3Connection } from './s3-connection.js';

/**
 * Signs URLs of parts. The SDK's `getSignedUrl` builds a whole command, with its endpoint, retries and serialisation, to
 * change one number in an address: four fifths of its time. Here it is asked once where the bucket is, and the rest is
 * its own signer. Both give the same address for the same part and second (tested).
 *
 * Content-length is signed: S3 refuses a body of another size. So is the checksum, as a header: the presigner would move
 * it into the address, where not every server looks for it.
 */
export function createPartUrls(s3: Pick<S3Connection, 'presigner' | 'bucket' | 'region'>): (part: PartToSign) => Promise<string> {
  const { config } = s3.presigner;
  const signer = new S3RequestPresigner({ ...config, region: s3.region });
  let place: Promise<URL> | null = null;
  /** An address under which the SDK puts the key `k`. A fault (no credentials yet) is not kept. */
  const bucketAt = (): Promise<URL> => {
    place ??= getSignedUrl(s3.presigner, new UploadPartCommand({ Bucket: s3.bucket, Key: 'k', UploadId: 'u', PartNumber: 1 })).then(
      (url) => new URL(url),
      (error: unknown) => {
        place = null;
        throw error;
      },
    );
    return place;
  };
  return async ({ key, multipartId, partNumber, sizeBytes, ttlS, checksum }) => {
    const { protocol, hostname, port, pathname } = await bucketAt();
    const fields = checksum ? checksumHeaders(checksum) : {};
    const signed = await signer.presign(
      {
        method: 'PUT',
        protocol,
        hostname,
        ...(port === '' ? {} : { port: Number(port) }),
        path: pathname.slice(0, -1) + key.split('/').map(escaped).join('/'),
        query: { partNumber: String(partNumber), uploadId: multipartId, 'x-id': 'UploadPart' },
        headers: { ...(sizeBytes === null ? {} : { 'content-length': String(sizeBytes) }), ...fields },
      },
      { expiresIn: ttlS, unhoistableHeaders: new Set(Object.keys(fields)) },
    );
    const query = Object.entries(signed.query ?? {}).map(([name, value]) => `${escaped(name)}=${escaped(String(value))}`);
    return `${protocol}//${signed.headers.host}${signed.path}?${query.join('&')}`;
  };
}

/** RFC 3986, as signatures have it: `encodeURIComponent` leaves five characters too many. */
const escaped = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
