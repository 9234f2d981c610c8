import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  DeleteBucketCorsCommand,
  HeadBucketCommand,
  PutBucketCorsCommand,
  PutBucketPolicyCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ObjectStore } from './object-store.js';
import type { S3Connection, SendOptions } from './s3-connection.js';
import { isS3Code } from './s3-errors.js';

/** The bucket itself: made, opened, asked whether it is there. */
export function createS3Bucket(s3: S3Connection): Pick<ObjectStore, 'prepareBucket' | 'ping'> {
  const Bucket = s3.bucket;
  const does = <T>(operation: string, run: (client: S3Client, options: SendOptions) => Promise<T>): Promise<T> => s3.call({ operation }, run);

  return {
    /** Replaces the bucket's policy and CORS rules: the bucket must be Reelmill's own. */
    async prepareBucket({ corsOrigins }) {
      try {
        await does('CreateBucket', (client, send) => client.send(new CreateBucketCommand({ Bucket, ...location(s3.region) }), send));
      } catch (error) {
        if (!isS3Code(error, 'BucketAlreadyOwnedByYou', 'BucketAlreadyExists')) throw error;
        // Somebody else's bucket of this name answers 403 here.
        await does('HeadBucket', (client, send) => client.send(new HeadBucketCommand({ Bucket }), send));
      }
      await does('PutBucketPolicy', (client, send) => client.send(new PutBucketPolicyCommand({ Bucket, Policy: publicMedia(Bucket) }), send));
      const CORSConfiguration = { CORSRules: [corsRule(corsOrigins)] };
      if (corsOrigins.length === 0) await does('DeleteBucketCors', (client, send) => client.send(new DeleteBucketCorsCommand({ Bucket }), send));
      else await does('PutBucketCors', (client, send) => client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration }), send));
    },

    async ping() {
      const deadline = AbortSignal.timeout(s3.timeouts.pingMs);
      await does('HeadBucket', (client, send) => client.send(new HeadBucketCommand({ Bucket }), { ...send, abortSignal: deadline }));
    },
  };
}

/** us-east-1 is the one region that must not be named. */
const location = (region: string): { CreateBucketConfiguration?: { LocationConstraint: BucketLocationConstraint } } =>
  region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } };

/** Anonymous GET for media/* and nothing else: no listing, no sources, no work. */
const publicMedia = (bucket: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: 'PublicMedia', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/media/*` }],
  });

/** Browsers PUT parts and must be able to read their ETag; players GET. POST is for form uploads. */
const corsRule = (origins: readonly string[]) => ({
  AllowedOrigins: [...origins],
  AllowedMethods: ['PUT', 'GET', 'HEAD', 'POST'],
  AllowedHeaders: ['*'],
  ExposeHeaders: ['ETag'],
  MaxAgeSeconds: 3600,
});
