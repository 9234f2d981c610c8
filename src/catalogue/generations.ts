import { type Kysely, sql, type Transaction } from 'kysely';
import { type Generation, outlived } from '../domain/generation.js';
import { attempt } from './attempts.js';
import type { GenerationCatalogue } from './generation-catalogue.js';
import { createGenerationWrites } from './generation-writes.js';
import { toGenerationRecord } from './rows.js';
import { type ChangeVideo, toGeneration } from './standing.js';
import type { Tables } from './tables.js';

export const createGenerations = (db: Kysely<Tables>, change: ChangeVideo): Omit<GenerationCatalogue, 'saveCosts'> => ({
  ...createGenerationWrites(change),

  async listGenerations(tenantId, videoId) {
    const video = await attempt(() =>
      db
        .selectFrom('videos')
        .select('liveGeneration')
        .where('id', '=', videoId)
        .where('tenantId', '=', tenantId)
        .where('state', '<>', 'deleted')
        .executeTakeFirst(),
    );
    return video === undefined ? null : attempt(() => generationsOf(db, videoId, video.liveGeneration));
  },

  retireGeneration: (at, policy) =>
    attempt(() =>
      db.transaction().execute(async (trx) => {
        // Behind this lock the live pointer moves: what is looked at is what stands.
        const video = await trx
          .selectFrom('videos')
          .select(['liveGeneration', 'state'])
          .where('id', '=', at.videoId)
          .forNoKeyUpdate()
          .executeTakeFirst();
        if (video === undefined || video.state === 'deleted') return false;
        const { now } = await trx.selectNoFrom(sql<Date>`clock_timestamp()`.as('now')).executeTakeFirstOrThrow();
        const all = await generationsOf(trx, at.videoId, video.liveGeneration);
        const over = outlived(all, policy, now.getTime());
        if (over.length > 0) {
          const retired = trx.updateTable('generations').set({ retiredAt: now.toISOString() }).where('videoId', '=', at.videoId);
          await retired.where('generation', 'in', over).where('retiredAt', 'is', null).execute();
        }
        return over.includes(at.generation) || all.some((each) => each.generation === at.generation && each.retiredAt !== null);
      }),
    ),
});

async function generationsOf(db: Kysely<Tables> | Transaction<Tables>, videoId: string, liveGeneration: number | null): Promise<Generation[]> {
  const rows = await db.selectFrom('generations').selectAll().where('videoId', '=', videoId).orderBy('generation', 'desc').execute();
  return rows.map((row) => toGeneration(toGenerationRecord(row), liveGeneration));
}
