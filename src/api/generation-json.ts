import { type Generation, isKept } from '../domain/generation.js';
import { masterKey } from '../domain/keys.js';
import { costJson } from './cost-json.js';
import type { GenerationJson } from './schemas.js';

/** A generation as clients see it. `cdnBaseUrl` has no slash at its end. */
export function generationJson(row: Generation, cdnBaseUrl: string): GenerationJson {
  const kept = isKept(row);
  return {
    object: 'generation',
    video_id: row.videoId,
    generation: row.generation,
    status: row.state,
    live: row.live,
    kept,
    reason: row.reason,
    hls: kept ? `${cdnBaseUrl}/${masterKey(row)}` : null,
    size_bytes: row.sizeBytes,
    duration_ms: row.durationMs,
    errors: row.failure ? [{ code: row.failure.code, message: row.failure.message }] : [],
    cost: row.cost && costJson(row.cost),
    created_at: row.createdAt,
    settled_at: row.settledAt,
    superseded_at: row.supersededAt,
    retired_at: row.retiredAt,
  };
}
