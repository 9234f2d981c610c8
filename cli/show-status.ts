import { basename } from 'node:path';
import { describe } from '../client/describe-video.js';
import type { ResumeRecord } from '../client/resume-record.js';
import { readUpload, type UploadJson } from '../client/upload-json.js';
import { readVideo, readVideos, type VideoJson } from '../client/video-json.js';
import { bytesText } from '../src/domain/summary.js';
import type { CommandContext, CommandRun } from './context.js';
import { readRecords } from './resume-folder.js';

/** `reelmill status`: one upload or video, or all that is on its way. */
export async function showStatus(id: string | null, context: CommandContext): CommandRun {
  const { api, signal, reporter } = context;
  const get = async (path: string): Promise<unknown> => (await api.request({ method: 'GET', path, signal }))?.body;
  if (id?.startsWith('upl_')) {
    const body = await get(`/v1/uploads/${id}`);
    reporter.answer(body, () => uploadWords(readUpload(body)));
    return 0;
  }
  if (id !== null) {
    const body = await get(`/v1/videos/${id}`);
    reporter.answer(body, () => recordWords(readVideo(body)));
    return 0;
  }
  const body = await get('/v1/videos?status=waiting,uploading,queued,preparing,review&limit=100');
  const begun = (await readRecords(context.resumeFolder)).filter((record) => record.endpoint === context.endpoint.baseUrl);
  reporter.answer({ videos: body, interrupted_uploads: begun.map(recordJson) }, () => overviewWords(readVideos(body), begun));
  return 0;
}

function uploadWords(upload: UploadJson): string {
  const missing = upload.missing_parts.length;
  const there = upload.part_count - missing;
  const parts = ['waiting', 'uploading'].includes(upload.status)
    ? `, ${there} of ${upload.part_count} parts are there, open until ${upload.expires_at}`
    : '';
  return `${upload.id}  ${upload.file_name}  ${bytesText(upload.size_bytes)}  ${upload.status}${parts}; video ${upload.video_id}`;
}

export function videoWords(video: VideoJson): string {
  const playback = video.playback ? `\n${' '.repeat(38)}${video.playback.hls}` : '';
  return `${video.id}  ${video.name}  ${describe(video)}${playback}`;
}

/** One video with its whole record: a line for each decision. */
export function recordWords(video: VideoJson): string {
  return [videoWords(video), ...video.decisions.map(({ code, text }) => `  ${code}: ${text}`)].join('\n');
}

function overviewWords(videos: readonly VideoJson[], begun: readonly ResumeRecord[]): string {
  const lines = [
    ...videos.map(videoWords),
    ...begun.map(
      (record) => `${record.uploadId ?? 'not yet created'}  ${record.path}: not finished; go on with  reelmill upload ${quoted(record.path)}`,
    ),
  ];
  return lines.length > 0 ? lines.join('\n') : 'Nothing is on its way.';
}

const recordJson = (record: ResumeRecord) => ({
  file: record.path,
  name: basename(record.path),
  upload_id: record.uploadId,
  video_id: record.videoId,
  started_at: record.startedAt,
});

/** For a shell. */
export const quoted = (word: string): string => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
