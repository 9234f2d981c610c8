import { join, resolve } from 'node:path';
import { clientFault } from '../client/client-fault.js';
import { bodyOf } from '../client/index.js';
import { bytesText } from '../src/domain/summary.js';
import { exportGeneration } from '../stack/client/export-generation.js';
import type { CommandContext, CommandRun } from './context.js';

/** `reelmill download`: the published generation into DIR/<video id>/, whole and checked, or not at all. */
export async function downloadVideo(wish: { readonly id: string; readonly to: string }, context: CommandContext): CommandRun {
  const { client, here, reporter, signal } = context;
  const video = await bodyOf(client.api.GET('/v1/videos/{video_id}', { params: { path: { video_id: wish.id } }, signal }));
  if (video.live_generation === null || video.playback === null) {
    throw clientFault('NOT_PUBLISHED', `${video.name} is not published, it is ${video.status}. reelmill status ${wish.id} says how far it is.`);
  }
  // A folder of its own: what is there already is replaced, and DIR may be anybody's.
  const folder = join(resolve(here, wish.to), video.id);
  const copied = await exportGeneration(video.playback, folder, signal);
  const facts = { video_id: video.id, generation: video.live_generation, folder, files: copied.files, size_bytes: copied.sizeBytes };
  reporter.answer(
    facts,
    () => `${copied.files} files, ${bytesText(copied.sizeBytes)}, each as it was published: play ${join(folder, 'master.m3u8')}`,
  );
  return 0;
}
