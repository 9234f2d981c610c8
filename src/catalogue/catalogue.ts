import type { Failure, GenerationReport } from '../domain/artefact.js';
import type { OutboxEvent } from '../domain/event.js';
import type { InMaking } from '../domain/generation.js';
import type { GenerationRef } from '../domain/keys.js';
import type { Labels, LabelsPatch } from '../domain/labels.js';
import type { TenantLedger } from '../domain/ledger.js';
import type { Plan } from '../domain/plan.js';
import type { Usage } from '../domain/quota.js';
import type { GenerationFacts } from '../domain/reconcile.js';
import type { ReconcileRecord } from '../domain/reconcile-record.js';
import type { Scope } from '../domain/scopes.js';
import type { TruncatedPolicy } from '../domain/truncation.js';
import type { ChecksumAlgorithm, Door, Upload, UploadState } from '../domain/upload.js';
import type { Progress, Video, VideoState } from '../domain/video.js';
import type { GenerationCatalogue } from './generation-catalogue.js';
import type { ReviewCatalogue } from './review.js';
import type { Tenancy, Trace } from './tenancy.js';
import type { WebhookCatalogue } from './webhook-catalogue.js';

/**
 * The port to the catalogue: what Reelmill knows of tenants, uploads, videos and generations.
 *
 * - Every write is one transaction, and the outbox row that tells of it is in the same transaction.
 * - Every write is idempotent by natural key: done twice, late or by a zombie it changes nothing and adds no event.
 *   Writes about a generation name it and do nothing where it is no longer `video.generation`, or is settled.
 * - `version` rises by one with every real change. Every change of a video's state adds an event: the one that the method
 *   names, `video.updated` where it names none.
 * - A tenant's account (`Usage`) moves with the rows that hold something, in the same transaction: it always equals their sums.
 * - The tenant is part of every question that comes from outside: an id of another tenant is `null`.
 * - Rejects with `PipelineError('CATALOGUE_UNAVAILABLE')` where the database does not answer.
 *
 * - What is about tenants, keys, limits and requests stands in `Tenancy`; what is about several generations of a video in `GenerationCatalogue`.
 *
 * test/contract/catalogue.ts holds every adapter to this.
 */
export interface Catalogue extends Tenancy, WebhookCatalogue, ReviewCatalogue, GenerationCatalogue {
  /** Brings the schema up to date; takes a lock, safe from many processes. */
  migrate(): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;

  /** Makes the tenant where absent. */
  ensureTenant(tenantId: string, name: string): Promise<void>;
  /** Bytes that the tenant may hold; null takes the limit away. Less than it holds already: only new uploads are refused. */
  setQuota(tenantId: string, quotaBytes: number | null): Promise<void>;
  /** null where there is no such tenant. */
  findUsage(tenantId: string): Promise<Usage | null>;
  hasTenant(tenantId: string): Promise<boolean>;
  /** What is to be done with the tenant's sources that are cut or damaged; `refuse` until it is set. Holds for what is inspected and planned from then on. */
  setTruncatedPolicy(tenantId: string, policy: TruncatedPolicy): Promise<void>;
  /** null where there is no such tenant. */
  truncatedPolicy(tenantId: string): Promise<TruncatedPolicy | null>;
  /** Stores a key by the hash of its secret; the same id again changes nothing. Without scopes it gets those of a client. */
  addApiKey(key: NewApiKey): Promise<void>;
  /** null where there is no such key, or it was revoked or has expired. */
  findApiKey(keyId: string): Promise<ApiKey | null>;
  /** Those of them that it would find. */
  findApiKeys(keyIds: readonly string[]): Promise<ApiKey[]>;

  /**
   * Upload and video in one, with room reserved for it; the same upload id again returns what is stored, and reserves nothing.
   * Events: video.created, upload.created.
   * Rejects with QUOTA_EXCEEDED, UPLOADS_LIMIT or DAILY_LIMIT where the tenant has no room for it; of many at once, exactly as many
   * as there is room for are made.
   */
  createUpload(draft: UploadDraft, trace?: Trace): Promise<Upload>;
  findUpload(tenantId: string, uploadId: string): Promise<Upload | null>;
  /** For workers, who act on ids that the system itself handed them. */
  getUpload(uploadId: string): Promise<Upload | null>;
  /** Newest first, by (createdAt, id); `after` is the last row of the page before. */
  listUploads(query: UploadQuery): Promise<Upload[]>;
  /**
   * The client was active: an open upload with less than half of `lifeMs` left ends `lifeMs` from now, or at its longest life
   * (`extendedExpiry`). Returns the row as it stands, extended or not; null where the upload is unknown or closed.
   */
  extendUpload(uploadId: string, lifeMs: number): Promise<Upload | null>;
  /**
   * Milliseconds until an open upload's end, by the catalogue's own clock; 0 or less once its time is up. null where it is
   * unknown or closed.
   */
  uploadLeftMs(uploadId: string): Promise<number | null>;
  /** Opens the door `parts`: sets the S3 multipart id once and moves waiting → uploading; returns the row as it stands, with the winner's door and id. null where the upload is unknown or closed. */
  attachMultipart(uploadId: string, multipartId: string, trace?: Trace): Promise<Upload | null>;
  /**
   * Opens the session's door for the file that was begun last; moves waiting → uploading. It takes the place of what was begun
   * before through `uppy` or `whole`, but only while the row still holds the multipart `instead`: a late caller changes nothing.
   * The door `parts` is never taken over. A session that was created without a file name takes `fileName` and `contentType`.
   * Returns the row as it stands: the caller has won where it shows his door and multipart. null where the upload is unknown or closed.
   */
  openDoor(uploadId: string, opening: DoorOpening, trace?: Trace): Promise<Upload | null>;
  /** Notes the part size on which the parts of an open upload agree, where its client chose it. Closed or unknown: nothing. */
  measureParts(uploadId: string, partSizeBytes: number): Promise<void>;
  /**
   * open → completed; the video becomes queued with generation 1 and that row. Sizes that nobody declared become what was found. Event: upload.completed.
   * Rejects with QUOTA_EXCEEDED, and changes nothing, where the tenant has no room for a file whose size nobody declared.
   * Completed before: the row as it stands. null where the upload is unknown or was closed otherwise.
   */
  completeUpload(uploadId: string, source: { sizeBytes: number; etag: string }): Promise<Upload | null>;
  /**
   * open → cancelled | expired | errored; the video becomes cancelled (or errored, with the failure). A closed upload stays
   * as it is and is returned, and so does one that is to expire before its time is up by the catalogue's clock: a caller
   * that clears away the object looks at `state` first. null where it is unknown.
   * Events: upload.cancelled or upload.expired, and video.cancelled or video.errored.
   */
  closeUpload(uploadId: string, state: Extract<UploadState, 'cancelled' | 'expired' | 'errored'>, failure: Failure | null): Promise<Upload | null>;

  findVideo(tenantId: string, videoId: string): Promise<Video | null>;
  getVideo(videoId: string): Promise<Video | null>;
  /** In the order that is asked for; `after` is the last row of the page before. */
  listVideos(query: VideoQuery): Promise<Video[]>;
  /**
   * Changes what the owner keeps with a video. Event: video.updated. Rejects with PRECONDITION_FAILED where its version is none of
   * `versions` (null: any), and with METADATA_LIMIT. null where the tenant has no such video.
   */
  labelVideo(tenantId: string, videoId: string, patch: LabelsPatch, versions: readonly number[] | null, trace?: Trace): Promise<Video | null>;

  /** The source that a generation is made from: what the upload's completion recorded. */
  getSource(videoId: string): Promise<{ key: string; sizeBytes: number; etag: string; name: string; contentType: string; tenantId: string } | null>;
  /** queued → preparing; stores the plan with the generation, once. */
  savePlan(plan: Plan): Promise<void>;
  /** Progress only rises; a lower per cent is dropped. queued → preparing. Event video.updated at most once per stage. */
  saveProgress(videoId: string, generation: number, progress: Progress): Promise<void>;
  /** Marks the first moment at which a player can begin. Event: video.playable, once per generation; none where players have an earlier one. */
  markPlayable(videoId: string, generation: number): Promise<void>;
  /**
   * The pivot: state → ready, live pointer → this generation. Exactly one event video.ready per generation (with video.playable
   * before it where nothing was playable yet, and video.reprocess.published behind it where it was wanted by `beginGeneration`). true again when repeated; the first report stays. false where the generation
   * is stale, settled otherwise, or deleted.
   */
  publish(videoId: string, generation: number, report: GenerationReport): Promise<boolean>;
  /**
   * → errored. Event: video.errored. Never after publish. Where an earlier generation is live: → ready, with the failure, and that
   * one stays live. Event of one that was wanted by `beginGeneration`: video.reprocess.failed, beside video.errored only where nothing is live.
   * true where this generation is now, or was before, errored or cancelled: only then may its objects be cleared away.
   * false where it is published, stale or unknown: a publish whose answer was lost looks just like that.
   */
  reject(videoId: string, generation: number, failure: Failure): Promise<boolean>;
  /** queued or preparing → review. Event: video.review.requested. */
  park(videoId: string, generation: number, failure: Failure): Promise<void>;
  /** review → preparing, when a person said retry. */
  unpark(videoId: string, generation: number): Promise<void>;
  /** → cancelled. Event: video.cancelled. Never after publish. As `reject`, with video.reprocess.cancelled. */
  cancel(videoId: string, generation: number): Promise<boolean>;

  /**
   * The owner's wish that a video goes away: → deleted, whatever it was. Nothing of it is playable, its open upload is closed as
   * cancelled, and so is the generation that is being made. Nothing brings it back: no later write about it or its upload changes
   * anything, and `findVideo`, `listVideos` and `getSource` do not know it any more; `getVideo` does.
   * Events: upload.cancelled (where one was open), video.deleted. Deleted before: the tombstone as it stands.
   * null where the tenant has no such video.
   */
  deleteVideo(tenantId: string, videoId: string, trace?: Trace): Promise<Tombstone | null>;
  /** null where the video is unknown or not deleted. */
  getTombstone(videoId: string): Promise<Tombstone | null>;
  /** Nothing of it is in the store any more. No change that anyone can see, so no event. Does nothing where it is not deleted. */
  markPurged(videoId: string): Promise<void>;
  /** Tombstones whose objects may still be there, the longest deleted first. */
  listUnpurged(limit: number): Promise<Tombstone[]>;

  /**
   * Outbox rows after a position, oldest first, at most `limit`. Positions rise in the order in which changes became visible:
   * a reader that goes on from the last position it saw misses nothing. There may be gaps.
   */
  listEvents(after: number, limit: number): Promise<OutboxEvent[]>;
  /** The same for one tenant, or one of its videos. */
  listTenantEvents(query: EventQuery): Promise<OutboxEvent[]>;
  /** null where the tenant has no such event. */
  findEventPosition(tenantId: string, eventId: string): Promise<number | null>;
  /** Of all tenants; 0 where there is none yet. */
  lastEventPosition(): Promise<number>;
  /**
   * Calls `wake` soon after events have become visible, perhaps once for many, and sometimes for none; until the returned
   * function is called. While the database is away or silent it may be late: whoever watches looks by itself at times, too.
   */
  watchEvents(wake: () => void): () => void;

  // ---- For reconciling and its operators. Pages: by id, `after` is the last id of the page before.

  /** Every tenant's ledger, by tenant id, or one tenant's; all of it from one moment. A tenant without uploads has none. */
  readLedger(tenantId?: string): Promise<TenantLedger[]>;
  /** Uploads that are not closed. */
  listOpenUploads(after: string | null, limit: number): Promise<Upload[]>;
  /** Videos whose generation is queued, being made, or in review. */
  listUnsettled(after: string | null, limit: number): Promise<Unsettled[]>;
  /** Those of these uploads that there are, each with the state of its video. */
  findClaims(uploadIds: readonly string[]): Promise<SourceClaim[]>;
  /** Those of these generations that there are. */
  findGenerations(wanted: readonly GenerationRef[]): Promise<(GenerationRef & GenerationFacts)[]>;
  /** null before the first run. */
  readReconcile(): Promise<ReconcileRecord | null>;
  /**
   * Puts a record in the place of the one of the run `after` (null: of none). Repeated it changes nothing.
   * false where another run's record is there: then nothing was written.
   */
  saveReconcile(record: ReconcileRecord, after: string | null): Promise<boolean>;
}

/** A video that somebody should be working on. */
export interface Unsettled extends GenerationRef {
  readonly tenantId: string;
  /** The upload that the generation is made from. */
  readonly uploadId: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly state: InMaking;
  readonly changedAt: string;
}

export interface SourceClaim {
  readonly upload: Upload;
  readonly videoState: VideoState;
}

export interface ApiKey {
  readonly id: string;
  readonly tenantId: string;
  /** SHA-256 of the secret, lower-case hex: right for random secrets of 128 bits and more. */
  readonly secretHash: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** null: it does not end by itself. */
  readonly expiresAt: string | null;
}

export type NewApiKey = Omit<ApiKey, 'scopes' | 'expiresAt'> & { readonly scopes?: readonly Scope[] };

export interface UploadDraft {
  readonly id: string;
  readonly videoId: string;
  readonly tenantId: string;
  /** Empty where the file was not named. */
  readonly fileName: string;
  readonly contentType: string;
  /** Both null where the size was not declared. */
  readonly sizeBytes: number | null;
  readonly partSizeBytes: number | null;
  /** Absent: parts come without one. */
  readonly checksum?: ChecksumAlgorithm | null;
  readonly key: string;
  readonly fingerprint?: string | null;
  /** Of the video. Absent: none. */
  readonly labels?: Labels;
  readonly expiresAt: string;
}

export interface UploadQuery {
  readonly tenantId: string;
  readonly limit: number;
  readonly after: { readonly createdAt: string; readonly id: string } | null;
  readonly states?: readonly UploadState[];
  readonly fingerprint?: string;
}

/** What is left of a deleted video, and all that is needed to find what it left elsewhere. */
export interface Tombstone {
  readonly videoId: string;
  readonly tenantId: string;
  /** The last one that was begun; 0: none. */
  readonly generation: number;
  readonly uploads: readonly { readonly id: string; readonly key: string }[];
  readonly deletedAt: string;
  /** Time since then, by the catalogue's own clock. */
  readonly ageMs: number;
  readonly purgedAt: string | null;
}

export interface DoorOpening {
  readonly door: Exclude<Door, 'parts'>;
  /** null for `whole`. */
  readonly multipartId: string | null;
  /** What the row held when the caller looked. */
  readonly instead: string | null;
  readonly fileName?: string;
  readonly contentType?: string;
}

export interface EventQuery {
  readonly tenantId: string;
  /** Only of this video. */
  readonly videoId?: string;
  /** A position; 0: from the beginning. */
  readonly after: number;
  readonly limit: number;
}

export interface VideoQuery {
  readonly tenantId: string;
  readonly limit: number;
  /** What the order is by has to be there. */
  readonly after: { readonly id: string; readonly createdAt?: string; readonly updatedAt?: string } | null;
  /** Ties by id, the same way. Absent: by createdAt, the newest first. */
  readonly order?: VideoOrder;
  readonly states?: readonly VideoState[];
  /** Both ends are left out. */
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly updatedAfter?: string;
  readonly updatedBefore?: string;
  /** It has all of these entries. */
  readonly metadata?: Labels['metadata'];
  readonly passthrough?: string;
  /** See `titleKey`. */
  readonly titleKeyPrefix?: string;
}

export interface VideoOrder {
  readonly by: 'createdAt' | 'updatedAt';
  readonly newestFirst: boolean;
}

export const NEWEST_FIRST: VideoOrder = { by: 'createdAt', newestFirst: true };
