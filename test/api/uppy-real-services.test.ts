import { createPostgresCatalogue } from '../../src/catalogue/postgres-catalogue.js';
import { createS3ObjectStore } from '../../src/storage/s3-object-store.js';
import { createTestDatabase } from '../contract/postgres-database.js';
import { describeUppy } from '../contract/uppy.js';
import { dropBucket, realS3 } from '../storage/real-s3.js';
import { startApi } from './harness.js';

describeUppy('PostgreSQL and S3', async () => {
  const database = await createTestDatabase();
  const catalogue = createPostgresCatalogue({ databaseUrl: database.url });
  await catalogue.migrate();
  const s3 = realS3();
  const store = createS3ObjectStore(s3);
  await store.prepareBucket({ corsOrigins: ['*'] });
  const api = await startApi({ catalogue, store });
  return {
    api,
    async close() {
      await api.close();
      await dropBucket(store, s3);
      store.close();
      await catalogue.close();
      await database.drop();
    },
  };
});
