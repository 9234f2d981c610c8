import type { components } from './openapi-types.js';

type Schemas = components['schemas'];

/** As the API tells them. Answers may gain fields, and states and codes may gain values: ignore what you do not know. */
export type Upload = Schemas['Upload'];
export type Video = Schemas['Video'];
export type Cost = Schemas['Cost'];
export type Generation = Schemas['Generation'];
export type VideoList = Schemas['VideoList'];
export type VideoEvent = Schemas['Event'];
export type SignedParts = Schemas['SignedParts'];
export type CreateUpload = Schemas['CreateUpload'];
export type ChecksumAlgorithm = NonNullable<CreateUpload['checksum']>;

/** States that only a person or a new upload moves on from. */
export function isEnd(status: string): boolean {
  return ['ready', 'errored', 'cancelled', 'review', 'deleted'].includes(status);
}
