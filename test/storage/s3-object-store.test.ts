import { createS3ObjectStore } from '../../src/storage/s3-object-store.js';
import { describeObjectStore } from '../contract/object-store.js';
import { describePublicDoor, type PublicStoreUnderTest } from '../contract/object-store-public-door.js';
import { dropBucket, realS3 } from './real-s3.js';

async function make(): Promise<PublicStoreUnderTest> {
  const s3 = realS3();
  const corsOrigin = 'https://studio.example';
  const store = createS3ObjectStore({ ...s3, pageSize: 3 });
  await store.prepareBucket({ corsOrigins: [corsOrigin] });
  return {
    store,
    pageSize: 3,
    corsOrigin,
    url: (key) => `${s3.endpoint}/${s3.bucket}/${key}`,
    putPart: async (url, body) => (await fetch(url, { method: 'PUT', body })).status,
    close: async () => {
      await dropBucket(store, s3);
      store.close();
    },
  };
}

describeObjectStore('S3', make);
describePublicDoor('S3', make);
