/**
 * All that anyone outside may know of the workflows: names, ids, inputs, messages, results. Shared by API, workers and tests.
 */
import type { Failure } from '../domain/artefact.js';

export type { UploadOutcome } from '../domain/upload.js';

export const WORKFLOWS = {
  upload: 'upload',
  processVideo: 'processVideo',
  encodeChunks: 'encodeChunks',
  deleteVideo: 'deleteVideo',
  takeIn: 'takeIn',
  deliverWebhook: 'deliverWebhook',
  reconcile: 'reconcile',
} as const;

export const workflowId = {
  upload: (uploadId: string): string => `upload/${uploadId}`,
  processVideo: (videoId: string, generation: number): string => `video/${videoId}/g${generation}`,
  encodeChunks: (videoId: string, generation: number): string => `video/${videoId}/g${generation}/chunks`,
  /** By the SHA-256 of the key, lower-case hex: keys are longer than ids may be. */
  takeIn: (keySha256: string): string => `intake/${keySha256}`,
  deleteVideo: (videoId: string): string => `delete/${videoId}`,
  deliverWebhook: (webhookId: string): string => `webhook/${webhookId}`,
} as const;

/** The schedule, and the beginning of its runs' ids. */
export const RECONCILE_SCHEDULE = 'reconcile';

/** Search attributes that the namespace must have; the launcher and the compose file create what is missing. */
export const SEARCH_ATTRIBUTES = {
  ReelmillTenantId: 'Keyword',
  ReelmillVideoId: 'Keyword',
  ReelmillStage: 'Keyword',
  ReelmillFailureCode: 'Keyword',
  ReelmillNeedsReview: 'Bool',
} as const;

export interface UploadInput {
  readonly uploadId: string;
  readonly videoId: string;
  readonly tenantId: string;
  /** Empty, and null: not known when the session began. */
  readonly fileName: string;
  readonly sizeBytes: number | null;
  /** Milliseconds since 1970, when the session ends unless it was completed, or extended since: the catalogue's row decides. */
  readonly expiresAtMs: number;
  /** A session that goes on with an empty history was told to watch before. */
  readonly watched?: boolean;
}

export interface ProcessVideoInput {
  readonly videoId: string;
  readonly tenantId: string;
  readonly generation: number;
  readonly fileName: string;
  readonly sizeBytes: number;
}

/** Updates of the `upload` workflow, all safe to repeat. Complete and abort take no argument; refuse takes the `Failure` that the upload ends with. */
export const UPLOAD_COMPLETE = 'complete';
export const UPLOAD_ABORT = 'abort';
export const UPLOAD_REFUSE = 'refuse';

/** Signal to the `upload` workflow: a URL was handed out that takes a whole file, and nobody will say when it is there. Without an argument, safe to repeat. */
export const UPLOAD_WATCH = 'watch';

/** Signal to `deliverWebhook`: there is something to do. Without an argument, safe to repeat. */
export const WEBHOOK_WAKE = 'wake';

/** Update of `processVideo` while it is parked in review. Rejected where the video is not in review. */
export const VIDEO_RESOLVE = 'resolve';
export interface Resolution {
  readonly action: 'retry' | 'reject';
  readonly actor: string;
  readonly note?: string;
}

export type ProcessVideoResult =
  | { readonly state: 'published'; readonly generation: number }
  | { readonly state: 'errored' | 'cancelled'; readonly failure: Failure };

export interface DeleteVideoInput {
  readonly videoId: string;
  readonly tenantId: string;
}

/** What was removed, over all looks. */
export interface DeleteVideoResult {
  readonly looks: number;
  readonly objects: number;
  readonly multiparts: number;
}
