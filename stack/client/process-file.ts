import { access, constants, stat } from 'node:fs/promises';
import { codeOf, wordsOf } from '../fault.js';
import { type ApiClient, ApiRefusal } from './api-client.js';
import { exportGeneration } from './export-generation.js';
import { type FileRow, type FileTrack, newRow } from './file-row.js';
import { uploadFile } from './upload-file.js';
import type { VideoJson } from './video-json.js';
import { watchVideo } from './watch-video.js';

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

/** Why this file cannot be uploaded, for its owner; null where it can. Empty files can: the API refuses them with its own words. */
export async function unreadable(path: string): Promise<string | null> {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) return `${path} is not a file.`;
    await access(path, constants.R_OK);
    return null;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return `There is no file ${path}. Check the name.`;
    if (code === 'EACCES') return `${path} may not be read by this user.`;
    return `${path} cannot be opened: ${wordsOf(error)}`;
  }
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
  const onVideo = (video: VideoJson): void => {
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
    const count = await exportGeneration(video.playback, job.exportTo, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      return wordsOf(error);
    });
    if (typeof count === 'string') return update({ code: 'EXPORT_FAILED', message: count }, `published, but not copied: ${count}`);
    return update({}, `ready, ${count} files in ${job.exportTo}`);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ApiRefusal) return fail(error.code, error.message);
    return fail('CLIENT_FAILED', wordsOf(error));
  }
}

/** One line on a video's progress; `coarse` changes at stages and tenths only. */
export function describe(video: VideoJson, coarse = false): string {
  const { percent, stage, chunks_done, chunks_total, eta_s } = video.progress;
  const error = video.errors[0];
  switch (video.status) {
    case 'ready':
      return `ready, generation ${video.generation}`;
    case 'errored':
    case 'cancelled':
    case 'review':
      return error ? `${video.status} ${error.code}: ${error.message}` : video.status;
    default: {
      if (stage === null) return video.status;
      const playable = video.playable ? ', playable' : '';
      if (coarse) return stage === 'encode' ? `${stage} ${Math.floor(percent / 10) * 10} %${playable}` : stage;
      const chunks = stage === 'encode' && chunks_total > 0 ? `, ${chunks_done} of ${chunks_total} chunks` : '';
      const eta = eta_s ? `, ${eta_s.low} to ${eta_s.high} s to go` : '';
      return `${stage} ${percent} %${chunks}${playable}${eta}`;
    }
  }
}
