import { basename } from 'node:path';
import { costWords, describe } from '../client/describe-video.js';
import { bodyOf, type ResumeRecord, type Upload, type Video } from '../client/index.js';
import { bytesText } from '../src/domain/summary.js';
import type { CommandContext, CommandRun } from './context.js';
import { readRecords } from './resume-folder.js';

/** `reelmill status`: one upload or video, or all that is on its way. */
export async function showStatus(id: string | null, context: CommandContext): CommandRun {
  const { client, signal, reporter } = context;
  const { api } = client;
  if (id?.startsWith('upl_')) {
    const upload = await bodyOf(api.GET('/v1/uploads/{upload_id}', { params: { path: { upload_id: id } }, signal }));
    reporter.answer(upload, () => uploadWords(upload));
    return 0;
  }
  if (id !== null) {
    const video = await bodyOf(api.GET('/v1/videos/{video_id}', { params: { path: { video_id: id } }, signal }));
    reporter.answer(video, () => recordWords(video));
    return 0;
  }
  const query = { status: 'waiting,uploading,queued,preparing,review', limit: 100 };
  const videos = await bodyOf(api.GET('/v1/videos', { params: { query }, signal }));
  const begun = (await readRecords(context.resumeFolder)).filter((record) => record.endpoint === context.endpoint.baseUrl);
  reporter.answer({ videos, interrupted_uploads: begun.map(recordJson) }, () => overviewWords(videos.data, begun));
  return 0;
}

function uploadWords(upload: Upload): string {
  const { part_count: count, size_bytes: size } = upload;
  // Another client chooses the parts, or says the size, where they are not known.
  const there = count === null ? '' : `, ${count - upload.missing_parts.length} of ${count} parts are there`;
  const parts = ['waiting', 'uploading'].includes(upload.status) ? `${there}, open until ${upload.expires_at}` : '';
  const bytes = size === null ? 'size not known' : bytesText(size);
  return `${upload.id}  ${upload.file_name}  ${bytes}  ${upload.status}${parts}; video ${upload.video_id}`;
}

export function videoWords(video: Video): string {
  const playback = video.playback ? `\n${' '.repeat(38)}${video.playback.hls}` : '';
  return `${video.id}  ${video.name}  ${describe(video)}${playback}`;
}

/** One video with its whole record: what its owner keeps with it, its qualities, its stages, a line for each decision, and what it has cost. */
export function recordWords(video: Video): string {
  const facts = [
    ['title', video.title ?? ''],
    ['passthrough', video.passthrough ?? ''],
    ...Object.entries(video.metadata).map(([key, value]) => [`metadata ${key}`, value]),
    ['qualities', video.renditions.map(({ name, status }) => `${name} ${status}`).join(', ')],
    ['stages', video.stages.map(stageWords).join(', ')],
  ].filter(([, value]) => value !== '');
  const decisions = video.decisions.map(({ code, text }) => `  ${code}: ${text}`);
  const cost = video.cost === null ? [] : [`  cost so far: ${costWords(video.cost)}`];
  return [videoWords(video), ...facts.map(([name, value]) => `  ${name}: ${value}`), ...decisions, ...cost].join('\n');
}

function stageWords({ stage, ms, running_since }: Video['stages'][number]): string {
  const took = `${(ms / 1000).toFixed(1)} s`;
  return running_since === null ? `${stage} ${took}` : `${stage} since ${running_since}${ms > 0 ? ` after ${took}` : ''}`;
}

function overviewWords(videos: readonly Video[], begun: readonly ResumeRecord[]): string {
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
