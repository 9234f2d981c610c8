import type { ApiClient } from '../../client/api-client.js';
import type { Video } from '../../client/api-types.js';
import { ClientFault } from '../../client/client-fault.js';
import { describe } from '../../client/describe-video.js';
import { unreadable } from '../../client/source-file.js';
import { uploadFile } from '../../client/upload-file.js';
import { watchVideo } from '../../client/watch-video.js';
import { wordsOf } from '../fault.js';
import { exportGeneration } from './export-generation.js';
import { type FileRow, type FileTrack, newRow } from './file-row.js';

export interface FileJob {
  /** As named by the user: stands in the report. */
  readonly file: string;
  /** Absolute. */
  readonly path: string;
  /** Folder for the published files; null: none. */
  readonly exportTo: string | null;
}

interface ProcessOptions {
  readonly tell: (track: FileTrack) => void;
  /** Runs the upload when it is its turn. */
  readonly upload: (work: () => Promise<void>) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Takes one file from disk to its end: upload, follow, export. Never rejects for a fault of the file, the API or the
 * video: the row says it.
 * @throws the signal's reason
 */
export async function processFile(api: ApiClient, job: FileJob, { tell, upload, signal }: ProcessOptions): Promise<FileRow> {
  let row = newRow(job.file);
  const update = (change: Partial<FileRow>, doing: string, milestone = doing): FileRow => {
    row = { ...row, ...change };
    tell({ row, doing, milestone });
    return row;
  };
  const fail = (code: string, message: string): FileRow => update({ state: 'errored', code, message }, `errored ${code}: ${message}`);
  const fault = await unreadable(job.path);
  if (fault !== null) return fail('FILE_NOT_READABLE', fault);

  let startedMs = Date.now();
  const seconds = (): number => Math.round((Date.now() - startedMs) / 10) / 100;
  const onVideo = (video: Video): void => {
    const { timings } = row;
    const first_playable_s = timings.first_playable_s ?? (video.playable ? seconds() : null);
    const published_s = timings.published_s ?? (video.status === 'ready' ? seconds() : null);
    const error = video.errors[0];
    const change = {
      state: video.status,
      generation: video.generation > 0 ? video.generation : null,
      code: error?.code ?? null,
      message: error?.message ?? null,
      playback: video.playback?.hls ?? null,
      timings: { ...timings, first_playable_s, published_s },
    };
    update(change, describe(video), describe(video, true));
  };
  try {
    const onProgress = (sent: number, size: number): void => {
      const percent = size === 0 ? 100 : Math.floor((100 * sent) / size);
      update({}, `uploading ${percent} %`, `uploading ${Math.floor(percent / 25) * 25} %`);
    };
    const onVideoId = (video_id: string): unknown => update({ video_id }, 'uploading');
    update({}, 'waiting for its turn');
    await upload(async () => {
      startedMs = Date.now();
      update({ state: 'uploading' }, 'uploading');
      await uploadFile({ api, file: job.path, signal, onVideoId, onProgress });
    });
    update({ timings: { ...row.timings, upload_s: seconds() } }, 'uploaded');
    if (row.video_id === null) return fail('UPLOAD_FAILED', 'The API named no video for this upload.');
    const video = await watchVideo(api, row.video_id, onVideo, signal);
    if (video.status !== 'ready' || job.exportTo === null || !video.playback) return row;
    update({}, 'copying the published files');
    const copied = await exportGeneration(video.playback, job.exportTo, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      return wordsOf(error);
    });
    if (typeof copied === 'string') return update({ code: 'EXPORT_FAILED', message: copied }, `published, but not copied: ${copied}`);
    return update({}, `ready, ${copied.files} files in ${job.exportTo}`);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ClientFault) return fail(error.code, error.message);
    return fail('CLIENT_FAILED', wordsOf(error));
  }
}
