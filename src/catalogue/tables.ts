import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { EventType } from '../domain/event.js';
import type { Plan } from '../domain/plan.js';
import type { ReconcileRecord } from '../domain/reconcile-record.js';
import type { TruncatedPolicy } from '../domain/truncation.js';
import type { ChecksumAlgorithm, UploadState } from '../domain/upload.js';
import type { Progress, VideoState } from '../domain/video.js';
import type { ReportSummary } from './report-summary.js';
import type { GenerationState } from './standing.js';

/** The tables as kysely sees them: columns in camelCase, times in as ISO text and out as Date, jsonb in as text. */
export interface Tables {
  tenants: {
    id: string;
    name: string;
    quotaBytes: number | null;
    reservedBytes: Generated<number>;
    storedBytes: Generated<number>;
    truncatedSources: Generated<TruncatedPolicy>;
  };
  apiKeys: {
    id: string;
    tenantId: string;
    secretHash: string;
    name: string;
    scopes: ColumnType<string[], string[] | undefined, string[]>;
    expiresAt: Time | null;
    revokedAt: Time | null;
  };
  videos: VideosTable;
  uploads: UploadsTable;
  generations: GenerationsTable;
  events: EventsTable;
  /** One row. */
  reconcile: { one: true; runId: string; record: Json<ReconcileRecord> };
}

type Time = ColumnType<Date, string, string>;
type OptionalTime = ColumnType<Date | null, string | null, string | null>;
type Json<T> = ColumnType<T, string, string>;
type OptionalJson<T> = ColumnType<T | null, string | null, string | null>;

interface FailureColumns {
  failureCode: string | null;
  failureMessage: string | null;
}

export interface VideosTable extends FailureColumns {
  id: string;
  tenantId: string;
  name: string;
  contentType: string;
  sourceSizeBytes: number;
  sourceKey: string;
  state: VideoState;
  playable: boolean;
  progress: Json<Progress>;
  generation: number;
  liveGeneration: number | null;
  durationMs: number | null;
  width: number | null;
  height: number | null;
  posterKey: string | null;
  storyboardKey: string | null;
  version: number;
  eventSequence: number;
  createdAt: Time;
  updatedAt: Time;
  uploadedAt: OptionalTime;
  playableAt: OptionalTime;
  publishedAt: OptionalTime;
  deletedAt: OptionalTime;
}

export interface UploadsTable extends FailureColumns {
  id: string;
  tenantId: string;
  videoId: string;
  state: UploadState;
  fileName: string;
  contentType: string;
  sizeBytes: number;
  partSizeBytes: number;
  checksum: ChecksumAlgorithm | null;
  key: string;
  multipartId: string | null;
  fingerprint: string | null;
  sourceSizeBytes: number | null;
  sourceEtag: string | null;
  expiresAt: Time;
  createdAt: Time;
  completedAt: OptionalTime;
  closedAt: OptionalTime;
}

export interface GenerationsTable extends FailureColumns {
  videoId: string;
  generation: number;
  uploadId: string;
  state: GenerationState;
  plan: OptionalJson<Plan>;
  reportKey: string | null;
  summary: OptionalJson<ReportSummary>;
  createdAt: Time;
  playableAt: OptionalTime;
  settledAt: OptionalTime;
}

export interface EventsTable {
  id: string;
  /** Given at commit: see the first migration. */
  position: GeneratedAlways<number>;
  tenantId: string;
  videoId: string;
  sequence: number;
  type: EventType;
  data: Json<Record<string, unknown>>;
  createdAt: Time;
}
