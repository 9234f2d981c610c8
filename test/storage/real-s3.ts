import { randomBytes } from 'node:crypto';
import { DeleteBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { ObjectStore } from '../../src/storage/object-store.js';
import type { S3Options } from '../../src/storage/s3-connection.js';

/** The S3 server that the environment names, and a bucket name that nobody else uses. */
export function realS3(): S3Options & { readonly endpoint: string; readonly credentials: NonNullable<S3Options['credentials']> } {
  const { S3_ENDPOINT, S3_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env;
  if (!S3_ENDPOINT || !AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new Error('this test wants S3_ENDPOINT, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; npm test sets them');
  }
  return {
    endpoint: S3_ENDPOINT,
    region: S3_REGION ?? 'us-east-1',
    bucket: `test-${randomBytes(6).toString('hex')}`,
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
  };
}

/** Empties and removes the bucket of a test. */
export async function dropBucket(store: ObjectStore, s3: ReturnType<typeof realS3>): Promise<void> {
  for (const one of await store.listMultiparts('')) await store.abortMultipart(one.key, one.multipartId);
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<ObjectStore['list']>> = await store.list('', after);
    await store.delete(page.objects.map((object) => object.key));
    after = page.next;
  } while (after !== null);
  const client = new S3Client({ endpoint: s3.endpoint, region: s3.region, credentials: s3.credentials, forcePathStyle: true });
  await client.send(new DeleteBucketCommand({ Bucket: s3.bucket }));
  client.destroy();
}
