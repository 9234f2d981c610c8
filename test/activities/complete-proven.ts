import { closeUpload } from '../../src/activities/close-upload.js';
import { completeUpload } from '../../src/activities/complete-upload.js';
import { proveSource } from '../../src/activities/prove-source.js';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import type { UploadOutcome } from '../../src/domain/upload.js';
import type { ObjectStore } from '../../src/storage/object-store.js';

/** What the session's workflow does when it is asked to complete, activity by activity, without Temporal. */
export async function completeProven(
  deps: { readonly store: ObjectStore; readonly catalogue: Catalogue },
  uploadId: string,
  why?: 'expired',
): Promise<UploadOutcome> {
  let answer = await completeUpload(deps)(uploadId, why);
  while (answer.state === 'joined') {
    // Loaded where it is needed: most uploads are believed, and Temporal's test kit takes a second.
    const { act } = await import('./generation.js');
    const failure = await act(proveSource(deps), uploadId, answer.etag);
    if (failure !== null) return await closeUpload(deps)(uploadId, 'errored', failure);
    answer = await completeUpload(deps)(uploadId, 'asked', answer.etag);
  }
  return answer;
}
