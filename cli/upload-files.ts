import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import pLimit from 'p-limit';
import { clientFault } from '../client/client-fault.js';
import { ClientFault, type Upload } from '../client/index.js';
import { unreadable } from '../client/source-file.js';
import type { UploadWish } from './arguments.js';
import type { CommandContext, CommandRun } from './context.js';
import { openMemory } from './resume-folder.js';
import { createTransferRate } from './transfer-rate.js';

/** More at once would only share the same line. */
const PARALLEL_FILES = 2;

/** `reelmill upload`: all files, each to the end of its upload, or of its video with --wait. A file that fails leaves the others alone. */
export async function uploadFiles(wish: UploadWish, context: CommandContext): CommandRun {
  const { here, reporter, signal } = context;
  const turn = pLimit(PARALLEL_FILES);
  const files = [...new Map(wish.files.map((file) => [resolve(here, file), file])).entries()];
  const ended = await Promise.all(
    files.map(async ([path, file]) => {
      try {
        const upload = await turn(() => uploadOne({ path, file }, wish, context));
        if (wish.wait) await follow(file, upload.video_id, context);
        return true;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ClientFault)) throw error;
        reporter.tell({ file, event: 'failed', code: error.code, message: error.message });
        return false;
      }
    }),
  );
  return ended.every(Boolean) ? 0 : 1;
}

interface NamedFile {
  readonly path: string;
  /** As the user named it. */
  readonly file: string;
}

async function uploadOne({ path, file }: NamedFile, wish: UploadWish, context: CommandContext): Promise<Upload> {
  const { client, endpoint, reporter, resumeFolder, signal } = context;
  const fault = await unreadable(path);
  if (fault !== null) throw clientFault('FILE_NOT_READABLE', fault);
  const { memory, release } = openMemory(resumeFolder, endpoint.baseUrl, await realpath(path));
  const rate = createTransferRate();
  const startedMs = performance.now();
  let [sessionMs, transferredMs, bytesThere] = [startedMs, startedMs, 0];
  try {
    const upload = await client.upload(path, {
      ...{ memory, signal },
      parallel: wish.concurrency,
      patienceMs: wish.patienceMs,
      ...(wish.checksum === undefined ? {} : { checksum: wish.checksum }),
      onProgress(_sent, size_bytes, moved_bytes) {
        const nowMs = performance.now();
        rate.note(nowMs, moved_bytes);
        reporter.tell({ file, event: 'progress', moved_bytes, size_bytes, bytes_per_second: rounded(rate.perSecond(nowMs)) });
      },
      onEvent(event) {
        switch (event.type) {
          case 'session': {
            const { id: upload_id, video_id, size_bytes, part_count, part_size_bytes } = event.upload;
            [sessionMs, bytesThere] = [performance.now(), event.bytesThere];
            rate.note(sessionMs, bytesThere);
            const { resumed } = event;
            return reporter.tell({
              file,
              event: 'session',
              upload_id,
              video_id,
              size_bytes,
              part_count,
              part_size_bytes,
              resumed,
              bytes_there: bytesThere,
            });
          }
          case 'note':
            return reporter.tell({ file, event: 'note', text: event.line });
          case 'part-failed':
            return reporter.tell({ file, event: 'part_failed', part_number: event.partNumber, why: event.why });
          case 'transferred':
            transferredMs = performance.now();
        }
      },
    });
    const sizeBytes = upload.size_bytes ?? 0;
    const transferMs = Math.max(1, transferredMs - sessionMs);
    reporter.tell({
      ...{ file, event: 'uploaded', upload_id: upload.id, video_id: upload.video_id, size_bytes: sizeBytes },
      transfer_s: transferMs / 1000,
      upload_s: (performance.now() - startedMs) / 1000,
      bytes_per_second: Math.round(((sizeBytes - bytesThere) * 1000) / transferMs),
    });
    return upload;
  } finally {
    release();
  }
}

/** @throws ClientFault with the video's own code where it is not published */
async function follow(file: string, videoId: string, { client, reporter, signal }: CommandContext): Promise<void> {
  const video = await client.waitForVideo(videoId, { onChange: (now) => reporter.tell({ file, event: 'video', video: now }), signal });
  if (video.status === 'ready') return;
  const [error] = video.errors;
  throw new ClientFault(error?.code ?? video.status.toUpperCase(), error?.message ?? `The video is ${video.status}.`);
}

const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value));
