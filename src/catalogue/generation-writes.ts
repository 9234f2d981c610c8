import type { Video } from '../domain/video.js';
import { unlessDeleted } from './decisions.js';
import type { GenerationCatalogue } from './generation-catalogue.js';
import * as decide from './generation-decisions.js';
import type { ChangeVideo, Standing } from './standing.js';
import { storable } from './storable.js';

/** Those writes about generations that both adapters make by their one way to change a video. */
export function createGenerationWrites(change: ChangeVideo): Pick<GenerationCatalogue, 'beginGeneration' | 'rollBack'> {
  return {
    async beginGeneration(tenantId, videoId, wish, trace) {
      return unlessGone(await change({ tenantId, videoId }, unlessDeleted(decide.beginGeneration(storable(wish))), trace));
    },
    async rollBack(tenantId, videoId, wish, trace) {
      const place = { tenantId, videoId, generation: wish.report.generation };
      return unlessGone(await change(place, unlessDeleted(decide.rollBack(storable(wish))), trace));
    },
  };
}

const unlessGone = (after: Standing | null): Video | null => (after === null || after.video.state === 'deleted' ? null : after.video);
