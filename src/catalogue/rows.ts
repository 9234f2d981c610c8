import type { Insertable, Selectable } from 'kysely';
import type { Failure } from '../domain/artefact.js';
import { isErrorCode } from '../domain/errors.js';
import type { Video } from '../domain/video.js';
import type { GenerationRecord, UploadRecord } from './standing.js';
import type { GenerationsTable, UploadsTable, VideosTable } from './tables.js';

/** Rows to values and back. Plan, summary and cost lie in the generation's row, so they are handed in beside the video's. */
export function toVideo(row: Selectable<VideosTable>, { plan, summary, cost }: Pick<GenerationRecord, 'plan' | 'summary' | 'cost'>): Video {
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
    plan,
    findings: summary?.findings,
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
  const { plan: _plan, findings: _findings, cost: _cost, failure, progress, ...columns } = video;
  return { ...columns, ...fromFailure(failure), progress: JSON.stringify(progress), eventSequence };
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
  const { plan, summary, cost, failure, ...columns } = record;
  const json = { plan: plan && JSON.stringify(plan), summary: summary && JSON.stringify(summary), cost: cost && JSON.stringify(cost) };
  return { ...columns, ...fromFailure(failure), ...json };
}

const toTime = (time: Date | null): string | null => time?.toISOString() ?? null;

/** A code that a newer or older release wrote and this one does not know is still a failure. */
function toFailure(row: { failureCode: string | null; failureMessage: string | null }): Failure | null {
  if (row.failureCode === null) return null;
  return { code: isErrorCode(row.failureCode) ? row.failureCode : 'INTERNAL', message: row.failureMessage ?? '' };
}

const fromFailure = (failure: Failure | null) => ({ failureCode: failure?.code ?? null, failureMessage: failure?.message ?? null });
