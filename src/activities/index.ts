/** Activities by the worker that runs them. One verb a file; each is idempotent. Those that make a generation are metered. */
import { AUDIO_TRACK } from '../domain/plan.js';
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
import { metered } from './metered.js';
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
import { alive } from './with-heartbeat.js';
import { costToCatalogue, costToStore } from './write-cost.js';

export type { ControlDeps, EncoderDeps } from './deps.js';

export const createControlActivities = (deps: ControlDeps) => ({
  completeUpload: alive(completeUpload(deps)),
  closeUpload: alive(closeUpload(deps)),
  proveSource: proveSource(deps),
  awaitArrival: awaitArrival(deps),
  loadSource: loadSource(deps),
  planVideo: planVideo(deps),
  listCommittedChunks: listCommittedChunks(deps),
  makeImages: metered((at) => ({ at, name: 'images' }), makeImages, costToCatalogue(deps))(deps),
  packageVideo: metered((at) => ({ at, name: 'package' }), packageVideo, costToCatalogue(deps))(deps),
  verifyVideo: metered((at) => ({ at, name: 'verify' }), verifyVideo, costToCatalogue(deps))(deps),
  publishVideo: metered(
    (at) => ({ at, name: 'publish' }),
    (its: ControlDeps) => alive(publishVideo(its)),
    costToCatalogue(deps),
  )(deps),
  ...growPlaylists(deps),
  sweepGeneration: alive(sweepGeneration(deps)),
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
  inspectSource: metered(({ at, key }) => at && { at, name: 'inspect', anchor: key }, inspectSource, costToStore(deps))(deps),
  remuxSource: metered((job) => ({ at: job, name: 'remux', anchor: job.probe.source.key }), remuxSource, costToStore(deps))(deps),
  mendSource: metered((at) => ({ at, name: 'mend' }), mendSource, costToStore(deps))(deps),
  encodeChunk: metered((job) => ({ at: job, name: chunkName(job.index) }), encodeChunk, costToStore(deps))(deps),
  encodeAudio: metered((job) => ({ at: job, name: job.track ?? AUDIO_TRACK }), encodeAudio, costToStore(deps))(deps),
  extractSubtitles: metered((at) => ({ at, name: 'subtitles' }), extractSubtitles, costToStore(deps))(deps),
});
export type EncoderActivities = ReturnType<typeof createEncoderActivities>;

const chunkName = (index: number): string => `chunk-${String(index).padStart(4, '0')}`;
