import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

/** Ten seconds, 720p at 30 fps: moving patterns with a running time and frame number, and a tone. */
export function sampleArgs(output: string): string[] {
  return [
    ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-y'],
    ...['-f', 'lavfi', '-i', 'testsrc2=size=1280x720:rate=30:duration=10'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:beep_factor=4:sample_rate=48000:duration=10'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '96k', '-movflags', '+faststart', '-f', 'mp4'],
    output,
  ];
}

/** Makes the sample at `file` unless it is there. */
export async function makeSampleClip(ffmpeg: string, file: string): Promise<void> {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  const fresh = `${file}.new`;
  await promisify(execFile)(ffmpeg, sampleArgs(fresh), { timeout: 120_000 });
  renameSync(fresh, file);
}
