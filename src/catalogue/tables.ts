import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { AttemptCost, CostReceipt } from '../domain/cost.js';
import type { EventType } from '../domain/event.js';
import type { GenerationState } from '../domain/generation.js';
import type { Labels } from '../domain/labels.js';
import type { Plan } from '../domain/plan.js';
import type { ReconcileRecord } from '../domain/reconcile-record.js';
import type { Trail } from '../domain/trail.js';
import type { TruncatedPolicy } from '../domain/truncation.js';
import type { ChecksumAlgorithm, Door, UploadState } from '../domain/upload.js';
import type { Progress, VideoState } from '../domain/video.js';
import type { Delivery, DeliveryState, DisabledReason, Try, WebhookState } from '../domain/webhook.js';
import type { ReportSummary } from './report-summary.js';
import type { KeyMode } from './tenancy.js';

/** The tables as kysely sees them: columns in camelCase, times in as ISO text and out as Date, jsonb in as text. */
export interface Tables {
  tenants: {
    id: string;
    name: string;
    quotaBytes: number | null;
    reservedBytes: Generated<number>;
    storedBytes: Generated<number>;
    truncatedSources: Generated<TruncatedPolicy>;
    openUploads: Generated<number>;
    tier: Generated<string>;
    createdAt: GeneratedAlways<Date>;
  };
  tiers: {
    name: string;
    requestsPerS: number | null;
    requestsBurst: number | null;
    openUploads: number | null;
    bytesPerDay: number | null;
    encodeMinutesPerDay: number | null;
  };
  spending: { tenantId: string; day: string; bytes: number; encodeMs: number };
  apiKeys: {
    id: string;
    tenantId: string;
    secretHash: string;
    name: string;
    mode: Generated<KeyMode>;
    scopes: ColumnType<string[], string[] | undefined, string[]>;
    createdAt: GeneratedAlways<Date>;
    expiresAt: OptionalTime;
    revokedAt: OptionalTime;
    lastUsedAt: OptionalTime;
  };
  audit: {
    position: GeneratedAlways<number>;
    tenantId: string;
    keyId: string;
    route: string;
    targetId: string | null;
    requestId: string;
    at: GeneratedAlways<Date>;
  };
  requests: {
    tenantId: string;
    keyHash: string;
    requestHash: string;
    owner: string;
    leasedUntil: Date;
    expiresAt: Date;
    targetId: string | null;
    answer: string | null;
  };
  videos: VideosTable;
  uploads: UploadsTable;
  generations: GenerationsTable;
  costs: { videoId: string; generation: number; name: string; cost: Json<AttemptCost> };
  events: EventsTable;
  webhooks: WebhooksTable;
  deliveries: DeliveriesTable;
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
  sourceSizeBytes: number | null;
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
  title: string | null;
  titleKey: string | null;
  metadata: Json<Labels['metadata']>;
  passthrough: string | null;
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
  sizeBytes: number | null;
  partSizeBytes: number | null;
  checksum: ChecksumAlgorithm | null;
  key: string;
  multipartId: string | null;
  door: Door | null;
  named: boolean;
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
  trail: OptionalJson<Trail>;
  /** Set while it is in review. */
  parkedAt: OptionalTime;
  createdAt: Time;
  playableAt: OptionalTime;
  settledAt: OptionalTime;
  reason: string | null;
  begunBy: string | null;
  liveBy: string | null;
  supersededAt: OptionalTime;
  retiredAt: OptionalTime;
  cost: OptionalJson<CostReceipt>;
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

export interface WebhooksTable {
  id: string;
  tenantId: string;
  url: string;
  description: string;
  eventTypes: ColumnType<EventType[], EventType[], EventType[]>;
  state: WebhookState;
  disabledReason: DisabledReason | null;
  secret: string;
  formerSecret: string | null;
  formerSecretUntil: OptionalTime;
  position: number;
  failingSince: OptionalTime;
  wakeAt: ColumnType<Date | null, string | null | undefined, string | null>;
  createdAt: Time;
  updatedAt: Time;
}

export interface DeliveriesTable {
  webhookId: string;
  eventId: string;
  line: string;
  type: Delivery['type'];
  position: number;
  state: DeliveryState;
  tries: number;
  sent: number;
  log: Json<readonly Try[]>;
  nextAt: OptionalTime;
  createdAt: Time;
  settledAt: OptionalTime;
}
