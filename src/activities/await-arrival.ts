import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { Catalogue } from '../catalogue/catalogue.js';
import type { ObjectStore } from '../storage/object-store.js';
import { arrivalOf } from './assemble-upload.js';

/**
 * One look for a file of whose end nobody tells. Nothing there yet is a failure that Temporal tries again, with growing
 * pauses: between two looks no worker holds anything, so ten thousand sessions that wait cost no slot.
 */
export const awaitArrival =
  (deps: { store: ObjectStore; catalogue: Catalogue }) =>
  async (uploadId: string): Promise<'arrived' | 'closed'> => {
    const upload = await deps.catalogue.getUpload(uploadId);
    if (upload === null || (upload.state !== 'waiting' && upload.state !== 'uploading')) return 'closed';
    if (upload.door === 'whole' && (await arrivalOf(deps.store, upload)) !== null) return 'arrived';
    throw ApplicationFailure.create({ message: 'Nothing has arrived yet.', type: 'NOT_ARRIVED', category: ApplicationFailureCategory.BENIGN });
  };
