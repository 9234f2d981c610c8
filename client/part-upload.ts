import type { Upload } from './api-types.js';
import { clientFault } from './client-fault.js';

/** An upload whose file was announced with its size: the API has decided on its parts. */
export interface PartUpload extends Upload {
  readonly size_bytes: number;
  readonly part_size_bytes: number;
  readonly part_count: number;
}

/** @throws ClientFault where the client would have to choose the parts */
export function partUpload(upload: Upload): PartUpload {
  const { size_bytes, part_size_bytes, part_count } = upload;
  if (size_bytes === null || part_size_bytes === null || part_count === null) {
    throw clientFault('UPLOAD_FAILED', `${upload.id} was begun without a size: its parts are another client's to choose. Begin a new upload.`);
  }
  return { ...upload, size_bytes, part_size_bytes, part_count };
}

export const isOpen = ({ status }: Pick<Upload, 'status'>): boolean => status === 'waiting' || status === 'uploading';
