import { PipelineError } from '../domain/errors.js';
import { headBytesNeeded, preflight } from '../domain/preflight.js';
import type { Upload } from '../domain/upload.js';
import type { ApiDeps } from './deps.js';
import { closedError, refuseUpload } from './end-upload.js';
import type { PreflightJson } from './schemas.js';
import { isOpen } from './upload-json.js';

/**
 * Looks at both ends of a file before it is sent. A refusal ends the upload, by its workflow: the answer that the client
 * gets is the one that completing gives from then on. Repeated, or after a death at any line, the same bytes give the same.
 * @throws PipelineError the file's own code where it is refused; UPLOAD_CLOSED or UPLOAD_EXPIRED where the upload has ended otherwise
 */
export async function preflightUpload(
  deps: ApiDeps,
  upload: Upload,
  ends: { readonly head: Uint8Array; readonly tail?: Uint8Array | undefined },
): Promise<PreflightJson> {
  if (!isOpen(upload)) throw closedError(upload);
  const { sizeBytes } = upload;
  if (sizeBytes === null)
    throw new PipelineError('CONFLICT', { note: 'Its size was not declared, so its end cannot be told. Create an upload with size_bytes.' });
  const { head, tail = new Uint8Array() } = ends;
  if (head.length < headBytesNeeded(sizeBytes) || Math.max(head.length, tail.length) > sizeBytes) {
    throw new PipelineError('REQUEST_INVALID', {
      note: `This file has ${sizeBytes} bytes: head needs at least the first ${headBytesNeeded(sizeBytes)} of them, and neither head nor tail may have more.`,
    });
  }
  const answer = await preflight({ sizeBytes, head, tail });
  if (answer.verdict !== 'refused') return { object: 'preflight', verdict: answer.verdict };
  const { code, message } = answer.reason;
  // Such a tenant gets what is whole of it published; how much that is only the inspection can tell.
  const wanted = code === 'SOURCE_TRUNCATED' && (await deps.catalogue.truncatedPolicy(upload.tenantId)) === 'publish';
  if (wanted) return { object: 'preflight', verdict: 'unknown' };
  throw await refuseUpload(deps, upload, { code, message });
}
