import { isBeingMade } from '../domain/generation.js';
import type { ReconcileRecord } from '../domain/reconcile-record.js';
import { isOpenState } from '../domain/upload.js';
import type { Video } from '../domain/video.js';
import type { Catalogue, Unsettled } from './catalogue.js';
import { type LedgerGroup, ledgersOf } from './ledger-groups.js';
import type { Overview } from './overview.js';
import type { GenerationRecord, UploadRecord } from './standing.js';
import { storable } from './storable.js';
import { toUpload } from './writes.js';

interface Rows {
  readonly uploads: ReadonlyMap<string, UploadRecord>;
  readonly videos: ReadonlyMap<string, { readonly video: Video }>;
  readonly generations: ReadonlyMap<string, GenerationRecord>;
}

/** The reads over all videos of the memory adapter, and what reconciling keeps. */
export function createMemoryOverview({ uploads, videos, generations }: Rows): Pick<Catalogue, Overview> {
  let kept: ReconcileRecord | null = null;
  const videoOf = (videoId: string): Video | null => videos.get(videoId)?.video ?? null;
  const generationOf = (videoId: string, generation: number): GenerationRecord | null =>
    [...generations.values()].find((row) => row.videoId === videoId && row.generation === generation) ?? null;
  const latestOf = (uploadId: string): GenerationRecord | null =>
    [...generations.values()].filter((row) => row.uploadId === uploadId).sort((a, b) => b.generation - a.generation)[0] ?? null;

  const groupOf = (upload: UploadRecord): LedgerGroup[] => {
    const [video, made] = [videoOf(upload.videoId), latestOf(upload.id)];
    if (video === null) return [];
    return [
      {
        tenantId: upload.tenantId,
        upload: upload.state,
        video: video.state,
        generation: made?.state ?? null,
        current: made && made.generation === video.generation,
        live: video.liveGeneration !== null && generationOf(video.id, video.liveGeneration)?.uploadId === upload.id,
        count: 1,
        sizeBytes: upload.sizeBytes ?? 0,
        oldestCreatedAt: upload.createdAt,
        oldestCompletedAt: upload.completedAt,
      },
    ];
  };

  const unsettledOf = (video: Video): Unsettled[] => {
    const upload = uploads.get(generationOf(video.id, video.generation)?.uploadId ?? '');
    const { id: videoId, tenantId, generation, state, name: fileName, sourceSizeBytes: sizeBytes, updatedAt: changedAt } = video;
    if (upload === undefined || !isBeingMade(state)) return [];
    return [{ videoId, tenantId, generation, state, fileName, sizeBytes: sizeBytes ?? 0, changedAt, uploadId: upload.id }];
  };

  return {
    async readLedger(tenantId) {
      const wanted = [...uploads.values()].filter((upload) => tenantId === undefined || upload.tenantId === tenantId);
      return ledgersOf(wanted.flatMap(groupOf));
    },
    async listOpenUploads(after, limit) {
      const open = [...uploads.values()].filter(({ state }) => isOpenState(state)).map(toUpload);
      return structuredClone(page(open, ({ id }) => id, after, limit));
    },
    async listUnsettled(after, limit) {
      const rows = [...videos.values()].flatMap(({ video }) => unsettledOf(video));
      return structuredClone(page(rows, ({ videoId }) => videoId, after, limit));
    },
    async findClaims(uploadIds) {
      const found = [...new Set(uploadIds)].flatMap((id) => uploads.get(id) ?? []);
      return found.flatMap((upload) => {
        const video = videoOf(upload.videoId);
        return video === null ? [] : [structuredClone({ upload: toUpload(upload), videoState: video.state })];
      });
    },
    async findGenerations(wanted) {
      return wanted.flatMap(({ videoId, generation }) => {
        const [row, video] = [generationOf(videoId, generation), videoOf(videoId)];
        if (row === null || video === null) return [];
        const { state, settledAt, supersededAt, retiredAt } = row;
        return [
          {
            videoId,
            generation,
            state,
            settledAt,
            supersededAt,
            retired: retiredAt !== null,
            videoState: video.state,
            videoChangedAt: video.updatedAt,
          },
        ];
      });
    },
    readReconcile: async () => structuredClone(kept),
    async saveReconcile(record, after) {
      if (kept?.runId === record.runId) return true;
      if ((kept?.runId ?? null) !== after) return false;
      kept = storable(record);
      return true;
    },
  };
}

function page<T>(rows: readonly T[], idOf: (row: T) => string, after: string | null, limit: number): T[] {
  const sorted = [...rows].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  return sorted.filter((row) => after === null || idOf(row) > after).slice(0, limit);
}
