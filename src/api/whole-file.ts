import { PipelineError } from '../domain/errors.js';
import { arrivalKey } from '../domain/keys.js';
import { MAX_WHOLE_BYTES, type Upload } from '../domain/upload.js';
import type { PresignedForm } from '../storage/object-store.js';
import type { ApiDeps } from './deps.js';
import { askWorkflow, closedError } from './end-upload.js';
import { dropBefore, otherDoor } from './open-door.js';
import type { PutUrlJson } from './schemas.js';
import type { ToldFile } from './told-file.js';
import { isOpen } from './upload-json.js';
import { urlLifeS } from './url-life.js';

type Deps = ApiDeps & { clock: () => Date };

/** A URL for one PUT of the whole file. Nobody has to say that it is there: the upload's workflow looks for it. */
export async function signPut(deps: Deps, upload: Upload): Promise<PutUrlJson> {
  const ttlS = await openForWhole(deps, upload, {});
  const url = await deps.store.presignPut({ key: arrivalKey(upload), sizeBytes: upload.sizeBytes, ttlS });
  return { put_url: url, expires_at: new Date(deps.clock().getTime() + ttlS * 1000).toISOString() };
}

/** A form for the whole file. */
export async function signForm(deps: Deps, upload: Upload, file: ToldFile): Promise<PresignedForm> {
  const ttlS = await openForWhole(deps, upload, file);
  const { sizeBytes } = upload;
  const contentType = file.contentType ?? upload.contentType;
  return await deps.store.presignPost({
    key: arrivalKey(upload),
    contentType,
    minBytes: sizeBytes ?? 0,
    maxBytes: sizeBytes ?? MAX_WHOLE_BYTES,
    ttlS,
  });
}

/**
 * The row first, then the watch, then the URL: whoever has a URL is watched. Dies in between: a watch that finds nothing,
 * or a door that nobody goes through; both end with the session.
 * @returns the life that a URL may have, seconds
 */
async function openForWhole(deps: Deps, upload: Upload, file: ToldFile): Promise<number> {
  if (!isOpen(upload)) throw closedError(upload);
  const ttlS = urlLifeS(deps, upload);
  if (upload.sizeBytes !== null && upload.sizeBytes > MAX_WHOLE_BYTES) {
    throw new PipelineError('UPLOAD_TOO_LARGE', { note: `In one piece at most ${MAX_WHOLE_BYTES} bytes can be sent. Send it in parts.` });
  }
  const row = await deps.catalogue.openDoor(upload.id, { door: 'whole', multipartId: null, instead: upload.multipartId, ...file });
  if (row === null) throw new PipelineError('UPLOAD_CLOSED');
  if (row.door !== 'whole') throw otherDoor(row);
  await dropBefore(deps, upload, row);
  const { row: now, outcome } = await askWorkflow(deps, row, (id) => deps.pipeline.watchUpload(id));
  if (outcome === null) throw closedError(now);
  return ttlS;
}
