import { type Kysely, sql } from 'kysely';
import { attemptName, receiptOf } from '../domain/cost.js';
import { attempt } from './attempts.js';
import type { GenerationCatalogue } from './generation-catalogue.js';
import { storable } from './storable.js';
import type { Tables } from './tables.js';

/** The rows first and the sum of them all, behind the video's lock: whoever is last has them all in his sum. */
export const createCosts = (db: Kysely<Tables>): Pick<GenerationCatalogue, 'saveCosts'> => ({
  saveCosts: (at, wish) =>
    attempt(() =>
      db.transaction().execute(async (trx) => {
        const { videoId, generation } = at;
        const video = await trx.selectFrom('videos').select('state').where('id', '=', videoId).forNoKeyUpdate().executeTakeFirst();
        const own = trx.selectFrom('generations').select('generation').where('videoId', '=', videoId).where('generation', '=', generation);
        if (wish.length === 0 || video === undefined || video.state === 'deleted' || (await own.executeTakeFirst()) === undefined) return;
        const rows = storable(wish).map((cost) => ({ videoId, generation, name: attemptName(cost), cost: JSON.stringify(cost) }));
        const { numInsertedOrUpdatedRows: added } = await trx
          .insertInto('costs')
          .values(rows)
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirstOrThrow();
        if (!added) return;
        const all = await trx.selectFrom('costs').select('cost').where('videoId', '=', videoId).where('generation', '=', generation).execute();
        const cost = JSON.stringify(receiptOf(all.map((row) => row.cost)));
        await trx.updateTable('generations').set({ cost }).where('videoId', '=', videoId).where('generation', '=', generation).execute();
        // The video shows it: who has an ETag of before is to get it.
        await trx
          .updateTable('videos')
          .set((row) => ({ version: row('version', '+', 1), updatedAt: sql<string>`clock_timestamp()` }))
          .where('id', '=', videoId)
          .execute();
      }),
    ),
});
