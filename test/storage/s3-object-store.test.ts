import { GetBucketCorsCommand, S3Client } from '@aws-sdk/client-s3';
import { jest } from '@jest/globals';
import { createS3ObjectStore } from '../../src/storage/s3-object-store.js';
import { describeObjectStore } from '../contract/object-store.js';
import { MIB } from '../contract/object-store-harness.js';
import { describePublicDoor, type PublicStoreUnderTest } from '../contract/object-store-public-door.js';
import { postForm } from '../contract/object-store-whole.js';
import { dropBucket, realS3 } from './real-s3.js';

jest.setTimeout(60_000);

async function make(): Promise<PublicStoreUnderTest & { readonly s3: ReturnType<typeof realS3> }> {
  const s3 = realS3();
  const corsOrigin = 'https://studio.example';
  const store = createS3ObjectStore({ ...s3, pageSize: 3, copyPieceBytes: 5 * MIB });
  await store.prepareBucket({ corsOrigins: [corsOrigin] });
  return {
    s3,
    store,
    pageSize: 3,
    corsOrigin,
    url: (key) => `${s3.endpoint}/${s3.bucket}/${key}`,
    putPart: async (url, body, headers) => (await fetch(url, { method: 'PUT', body, ...(headers ? { headers } : {}) })).status,
    postForm,
    close: async () => {
      await dropBucket(store, s3);
      store.close();
    },
  };
}

describeObjectStore('S3', make);
describePublicDoor('S3', make);

describe('a prepared S3 bucket', () => {
  it('tells browsers to let pages read the ETag of a part, also where a server would do so by itself', async () => {
    const { store, close, s3, corsOrigin } = await make();
    const client = new S3Client({ ...s3, forcePathStyle: true });
    const asked = () => client.send(new GetBucketCorsCommand({ Bucket: s3.bucket }));
    expect((await asked()).CORSRules).toMatchObject([{ AllowedOrigins: [corsOrigin], ExposeHeaders: ['ETag'] }]);
    await store.prepareBucket({ corsOrigins: [] });
    await expect(asked()).rejects.toMatchObject({ name: 'NoSuchCORSConfiguration' });
    client.destroy();
    await close();
  });
});
