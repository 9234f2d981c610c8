import { isCancellation, log } from '@temporalio/workflow';
import type { GenerationRef } from '../domain/keys.js';
import { note } from './activity-proxies.js';

/**
 * Lets players have what is committed so far. An offer, not a promise: where it fails, the video is published all the
 * same, only later to be seen.
 */
export async function growing(at: GenerationRef): Promise<void> {
  try {
    await note.growPlaylists(at);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the growing playlists could not be written', { reason: String(error) });
  }
}
