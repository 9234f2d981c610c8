import { PutObjectCommand } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ObjectStore } from './object-store.js';
import type { S3Connection } from './s3-connection.js';
import { copyOnce } from './s3-copy-once.js';
import { translateS3Error } from './s3-errors.js';

/** The half of the S3 adapter for files that come in one piece. */
export function createS3Whole(s3: S3Connection): Pick<ObjectStore, 'presignPut' | 'presignPost' | 'copyOnce'> {
  const signed = async <T>(operation: string, key: string, sign: () => Promise<T>): Promise<T> => {
    try {
      return await sign();
    } catch (error) {
      throw translateS3Error(error, { operation, key });
    }
  };
  return {
    copyOnce: (from, to, options) => copyOnce(s3, from, to, options),

    presignPut({ key, sizeBytes, ttlS }) {
      const command = new PutObjectCommand({ Bucket: s3.bucket, Key: key, ContentLength: sizeBytes ?? undefined });
      return signed('presign PutObject', key, () => getSignedUrl(s3.presigner, command, { expiresIn: ttlS }));
    },

    /** Every field stands in the policy, so a page cannot change one. */
    presignPost({ key, contentType, minBytes, maxBytes, ttlS }) {
      const Fields = { 'Content-Type': contentType, success_action_status: '201' };
      const wish = {
        Bucket: s3.bucket,
        Key: key,
        Fields,
        Conditions: [['content-length-range', minBytes, maxBytes] as [string, number, number]],
        Expires: ttlS,
      };
      return signed('presign POST', key, () => createPresignedPost(s3.presigner, wish as Parameters<typeof createPresignedPost>[1]));
    },
  };
}
