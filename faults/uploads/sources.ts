import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

/** ffmpeg's arguments for the shortest film that goes all the way to publication. */
export const clipArgs = (output: string): string[] => [
  ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-y', '-f', 'lavfi', '-i', 'testsrc=s=160x90:r=25:d=1'],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-movflags', '+faststart', output],
];

export async function makeClip(ffmpegPath: string, output: string): Promise<void> {
  await promisify(execFile)(ffmpegPath, clipArgs(output), { timeout: 60_000 });
}

/** A stamp every so often: parts that were mixed up, lost or sent twice give other bytes. */
const STAMP_EVERY = 64 * 1024;
/** Header of a box with a size of 64 bits. */
const BOX_BYTES = 16;

/**
 * A copy of a clip with padding behind it: a `free` box, which every reader of MP4 skips. So a file of any size is a
 * film of one second, and takes little of the disk: only the stamps are written, the rest are holes.
 * Resolves with its real size: that of the clip where `sizeBytes` leaves no room.
 */
export async function makePadded(clip: string, output: string, wish: { readonly sizeBytes: number; readonly name: string }): Promise<number> {
  await copyFile(clip, output);
  const clipBytes = (await stat(clip)).size;
  const paddingBytes = wish.sizeBytes - clipBytes;
  if (paddingBytes < BOX_BYTES) return clipBytes;
  const file = await open(output, 'r+');
  try {
    await file.write(freeBoxHeader(paddingBytes), 0, BOX_BYTES, clipBytes);
    for (let at = clipBytes + BOX_BYTES; at < wish.sizeBytes; at += STAMP_EVERY) {
      const stamp = createHash('sha256').update(`${wish.name} ${at}`).digest();
      await file.write(stamp, 0, Math.min(stamp.length, wish.sizeBytes - at), at);
    }
    await file.truncate(wish.sizeBytes);
  } finally {
    await file.close();
  }
  return wish.sizeBytes;
}

export function freeBoxHeader(boxBytes: number): Buffer {
  const header = Buffer.alloc(BOX_BYTES);
  header.writeUInt32BE(1, 0);
  header.write('free', 4, 'latin1');
  header.writeBigUInt64BE(BigInt(boxBytes), 8);
  return header;
}

/** sha256 of a stream, lower-case hex. */
export async function sha256Of(stream: NodeJS.ReadableStream): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(stream, hash);
  return hash.digest('hex');
}

export const sha256OfFile = (path: string): Promise<string> => sha256Of(createReadStream(path, { highWaterMark: 1024 * 1024 }));
