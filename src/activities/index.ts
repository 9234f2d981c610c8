/** Activities by the worker that runs them. One verb a file; each is idempotent. */
import { awaitArrival } from './await-arrival.js';
import { closeUpload } from './close-upload.js';
import { completeUpload } from './complete-upload.js';
import { deliverDue, type WebhookDeps } from './deliver-due.js';
import type { ControlDeps, EncoderDeps } from './deps.js';
import { encodeAudio } from './encode-audio.js';
import { encodeChunk } from './encode-chunk.js';
import { extractSubtitles } from './extract-subtitles.js';
import { growPlaylists } from './grow-playlists.js';
import { inspectSource } from './inspect-source.js';
import { listCommittedChunks } from './list-committed-chunks.js';
import { loadSource } from './load-source.js';
import { loadTombstone } from './load-tombstone.js';
import { makeImages } from './make-images.js';
import { mendSource } from './mend-source.js';
import { packageVideo } from './package-video.js';
import { planVideo } from './plan-video.js';
import { proveSource } from './prove-source.js';
import { publishVideo } from './publish-video.js';
import { purgeVideo } from './purge-video.js';
import { reconcileArrivals } from './reconcile-arrivals.js';
import { reconcileDeletions } from './reconcile-deletions.js';
import { reconcileGenerations } from './reconcile-generations.js';
import { reconcileIntake } from './reconcile-intake.js';
import { reconcileMultiparts } from './reconcile-multiparts.js';
import { reconcileRecord } from './reconcile-record.js';
import { reconcileSources } from './reconcile-sources.js';
import { reconcileUploads } from './reconcile-uploads.js';
import { reconcileVideos } from './reconcile-videos.js';
import { remuxSource } from './remux-source.js';
import { settleVideo } from './settle-video.js';
import { stopWorkflows } from './stop-workflows.js';
import { sweepGeneration } from './sweep-generation.js';
import { takeIn } from './take-in.js';
import { verifyVideo } from './verify-video.js';

export type { ControlDeps, EncoderDeps } from './deps.js';

export const createControlActivities = (deps: ControlDeps) => ({
  completeUpload: completeUpload(deps),
  closeUpload: closeUpload(deps),
  proveSource: proveSource(deps),
  awaitArrival: awaitArrival(deps),
  loadSource: loadSource(deps),
  planVideo: planVideo(deps),
  listCommittedChunks: listCommittedChunks(deps),
  makeImages: makeImages(deps),
  packageVideo: packageVideo(deps),
  verifyVideo: verifyVideo(deps),
  publishVideo: publishVideo(deps),
  ...growPlaylists(deps),
  sweepGeneration: sweepGeneration(deps),
  ...settleVideo(deps),
  ...takeIn(deps),
  reconcileUploads: reconcileUploads(deps),
  reconcileVideos: reconcileVideos(deps),
  reconcileDeletions: reconcileDeletions(deps),
  reconcileSources: reconcileSources(deps),
  reconcileArrivals: reconcileArrivals(deps),
  reconcileIntake: reconcileIntake(deps),
  reconcileMultiparts: reconcileMultiparts(deps),
  reconcileGenerations: reconcileGenerations(deps),
  ...reconcileRecord(deps),
  loadTombstone: loadTombstone(deps),
  stopWorkflows: stopWorkflows(deps),
  purgeVideo: purgeVideo(deps),
});
export type ControlActivities = ReturnType<typeof createControlActivities>;

export const createWebhookActivities = (deps: WebhookDeps) => ({ deliverDue: deliverDue(deps) });
export type WebhookActivities = ReturnType<typeof createWebhookActivities>;

export const createEncoderActivities = (deps: EncoderDeps) => ({
  inspectSource: inspectSource(deps),
  remuxSource: remuxSource(deps),
  mendSource: mendSource(deps),
  encodeChunk: encodeChunk(deps),
  encodeAudio: encodeAudio(deps),
  extractSubtitles: extractSubtitles(deps),
});
export type EncoderActivities = ReturnType<typeof createEncoderActivities>;
