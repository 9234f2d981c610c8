import { createPostgresCatalogue } from '../../src/catalogue/postgres-catalogue.js';
import { describeCatalogue } from '../contract/catalogue.js';
import { createTestDatabase } from '../contract/postgres-database.js';

describeCatalogue('postgres', async () => {
  const database = await createTestDatabase();
  const catalogue = createPostgresCatalogue({ databaseUrl: database.url });
  return {
    catalogue,
    async atOneMoment(create) {
      const [before] = await database.query('select max(created_at) as at from videos');
      await create();
      await database.query('update videos set created_at = (select max(created_at) from videos) where created_at > $1', [before?.at]);
    },
    async close() {
      await catalogue.close();
      await database.drop();
    },
  };
});
