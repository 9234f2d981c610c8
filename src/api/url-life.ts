import { PipelineError } from '../domain/errors.js';
import type { Upload } from '../domain/upload.js';
import type { ApiDeps } from './deps.js';

/**
 * Seconds that a URL signed now may live: none outlives its session.
 * @throws PipelineError UPLOAD_EXPIRED where the session's time is up and its workflow is about to close it
 */
export function urlLifeS(deps: Pick<ApiDeps, 'config'> & { clock: () => Date }, upload: Upload): number {
  const leftS = Math.floor((Date.parse(upload.expiresAt) - deps.clock().getTime()) / 1000);
  if (leftS < 1) throw new PipelineError('UPLOAD_EXPIRED');
  return Math.min(deps.config.partUrlTtlS, leftS);
}
