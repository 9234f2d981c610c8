import type { Insertable, Selectable } from 'kysely';
import type { Failure } from '../domain/artefact.js';
import { isErrorCode } from '../domain/errors.js';
import { titleKey } from '../domain/labels.js';
import type { Video } from '../domain/video.js';
import type { GenerationRecord, UploadRecord } from './standing.js';
import type { GenerationsTable, UploadsTable, VideosTable } from './tables.js';

/** What a video shows of its generation. */
type Made = Pick<GenerationRecord, 'plan' | 'summary' | 'trail' | 'cost'>;

export const NOTHING_MADE: Made = { plan: null, summary: null, trail: null, cost: null };

/** Rows to values and back. Plan, summary, trail and cost lie in the generation's row, so they are handed in beside the video's. */
export function toVideo(row: Selectable<VideosTable>, { plan, summary, trail, cost }: Made): Video {
  return {
    id: row.id,
    tenantId: row.tenantId,
    name: row.name,
    contentType: row.contentType,
    sourceSizeBytes: row.sourceSizeBytes,
    sourceKey: row.sourceKey,
    state: row.state,
    playable: row.playable,
    progress: row.progress,
    failure: toFailure(row),
    generation: row.generation,
    liveGeneration: row.liveGeneration,
    durationMs: row.durationMs,
    width: row.width,
    height: row.height,
    posterKey: row.posterKey,
    storyboardKey: row.storyboardKey,
    title: row.title,
    metadata: row.metadata,
    passthrough: row.passthrough,
    plan,
    findings: summary?.findings,
    trail,
    cost,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    uploadedAt: toTime(row.uploadedAt),
    playableAt: toTime(row.playableAt),
    publishedAt: toTime(row.publishedAt),
    deletedAt: toTime(row.deletedAt),
  };
}

export function fromVideo(video: Video, eventSequence: number): Insertable<VideosTable> {
  const { plan: _plan, findings: _findings, trail: _trail, cost: _cost, failure, progress, metadata, ...columns } = video;
  const texts = { progress: JSON.stringify(progress), metadata: JSON.stringify(metadata) };
  return { ...columns, ...fromFailure(failure), ...texts, titleKey: video.title === null ? null : titleKey(video.title), eventSequence };
}

export function toUploadRecord(row: Selectable<UploadsTable>): UploadRecord {
  const found = row.sourceSizeBytes !== null && row.sourceEtag !== null;
  return {
    id: row.id,
    tenantId: row.tenantId,
    videoId: row.videoId,
    state: row.state,
    fileName: row.fileName,
    contentType: row.contentType,
    sizeBytes: row.sizeBytes,
    partSizeBytes: row.partSizeBytes,
    checksum: row.checksum,
    key: row.key,
    multipartId: row.multipartId,
    fingerprint: row.fingerprint,
    // A process of the release before doors attaches a multipart without naming one.
    door: row.door ?? (row.multipartId === null ? null : 'parts'),
    named: row.named,
    expiresAt: row.expiresAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
    completedAt: toTime(row.completedAt),
    source: found ? { sizeBytes: row.sourceSizeBytes as number, etag: row.sourceEtag as string } : null,
    failure: toFailure(row),
    closedAt: toTime(row.closedAt),
  };
}

export function fromUploadRecord(record: UploadRecord): Insertable<UploadsTable> {
  const { source, failure, ...columns } = record;
  return { ...columns, ...fromFailure(failure), sourceSizeBytes: source?.sizeBytes ?? null, sourceEtag: source?.etag ?? null };
}

export function toGenerationRecord(row: Selectable<GenerationsTable>): GenerationRecord {
  return {
    videoId: row.videoId,
    generation: row.generation,
    uploadId: row.uploadId,
    state: row.state,
    plan: row.plan,
    failure: toFailure(row),
    reportKey: row.reportKey,
    summary: row.summary,
    trail: row.trail,
    createdAt: row.createdAt.toISOString(),
    playableAt: toTime(row.playableAt),
    settledAt: toTime(row.settledAt),
    reason: row.reason,
    begunBy: row.begunBy,
    liveBy: row.liveBy,
    supersededAt: toTime(row.supersededAt),
    retiredAt: toTime(row.retiredAt),
    cost: row.cost,
  };
}

export function fromGenerationRecord(record: GenerationRecord): Insertable<GenerationsTable> {
  const { plan, summary, trail, cost, failure, ...columns } = record;
  const text = (value: object | null): string | null => value && JSON.stringify(value);
  const texts = { plan: text(plan), summary: text(summary), trail: text(trail), cost: text(cost) };
  return { ...columns, ...fromFailure(failure), ...texts, parkedAt: record.state === 'review' ? (trail?.since ?? null) : null };
}

const toTime = (time: Date | null): string | null => time?.toISOString() ?? null;

/** A code that a newer or older release wrote and this one does not know is still a failure. */
export function toFailure(row: { failureCode: string | null; failureMessage: string | null }): Failure | null {
  if (row.failureCode === null) return null;
  return { code: isErrorCode(row.failureCode) ? row.failureCode : 'INTERNAL', message: row.failureMessage ?? '' };
}

const fromFailure = (failure: Failure | null) => ({ failureCode: failure?.code ?? null, failureMessage: failure?.message ?? null });
