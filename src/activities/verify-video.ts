import pLimit from 'p-limit';
import { type Artefact, artefactsOf, type GenerationReport } from '../domain/artefact.js';
import { checkReport } from '../domain/check-report.js';
import { PipelineError } from '../domain/errors.js';
import { type GenerationRef, masterKey, packageKey, planKey } from '../domain/keys.js';
import type { Plan } from '../domain/plan.js';

import { checkMasterPlaylist, checkMediaPlaylist } from '../media/check-playlist.js';
import { checkInit, checkSegment } from '../media/check-segment.js';
import { checkSubtitlePlaylist, checkSubtitleSegment, checkSubtitlesOffered } from '../media/check-subtitles.js';
import type { ObjectStore } from '../storage/object-store.js';
import { getBytes, needJson, sha256Hex } from './json-objects.js';
import { withHeartbeat } from './with-heartbeat.js';

const PARALLEL_READS = 8;

/**
 * The gate before publishing. Reads every byte of the generation back from the store and holds it to what its writer
 * recorded and to what the plan wants; nothing is taken on trust from an exit code or a manifest. Changes nothing.
 *
 * @throws PipelineError VERIFY_* with the artefact's key and what was expected and found
 */
export const verifyVideo =
  (deps: { store: ObjectStore }) =>
  (at: GenerationRef): Promise<{ artefacts: number; sizeBytes: number }> =>
    withHeartbeat(async (beat, signal) => {
      const plan = await needJson<Plan>(deps.store, planKey(at));
      const report = await needJson<GenerationReport>(deps.store, packageKey(at));
      checkReport(plan, report);

      const checks = contentChecks(plan, report);
      const artefacts = artefactsOf(report);
      const limit = pLimit(PARALLEL_READS);
      let checked = 0;
      await Promise.all(
        artefacts.map((artefact) =>
          limit(async () => {
            signal.throwIfAborted();
            const bytes = await readBack(deps.store, artefact);
            checks.get(artefact.key)?.(bytes);
            checked += 1;
            beat(checked / artefacts.length);
          }),
        ),
      ).catch((error: unknown) => {
        limit.clearQueue();
        throw error;
      });
      return { artefacts: artefacts.length, sizeBytes: artefacts.reduce((sum, artefact) => sum + artefact.sizeBytes, 0) };
    });

/** The artefact's bytes, if it is there, whole, and what was written. */
async function readBack(store: ObjectStore, artefact: Artefact): Promise<Uint8Array> {
  const { key, sizeBytes, sha256 } = artefact;
  const bytes = await getBytes(store, key);
  if (bytes === null) throw new PipelineError('VERIFY_MISSING', { details: { key } });
  if (bytes.byteLength !== sizeBytes || sizeBytes === 0) {
    throw new PipelineError('VERIFY_SIZE', { details: { key, expectedBytes: sizeBytes, foundBytes: bytes.byteLength } });
  }
  const found = sha256Hex(bytes);
  if (found !== sha256) throw new PipelineError('VERIFY_HASH', { details: { key, expectedSha256: sha256, foundSha256: found } });
  return bytes;
}

/** What each artefact's bytes must hold, by key. */
function contentChecks(plan: Plan, report: GenerationReport): Map<string, (bytes: Uint8Array) => void> {
  const checks = new Map<string, (bytes: Uint8Array) => void>();
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
  for (const track of report.tracks) {
    checks.set(track.init.key, (bytes) => checkInit(bytes, track, plan));
    for (const segment of track.segments) checks.set(segment.key, (bytes) => checkSegment(bytes, segment));
    checks.set(track.playlistKey, (bytes) => checkMediaPlaylist(text(bytes), track));
  }
  const subtitles = report.subtitles ?? [];
  for (const track of subtitles) {
    for (const segment of track.segments) checks.set(segment.key, (bytes) => checkSubtitleSegment(text(bytes), segment));
    checks.set(track.playlistKey, (bytes) => checkSubtitlePlaylist(text(bytes), track));
  }
  checks.set(masterKey(plan), (bytes) => {
    checkMasterPlaylist(text(bytes), masterKey(plan), report.tracks);
    checkSubtitlesOffered(text(bytes), masterKey(plan), subtitles);
  });
  return checks;
}
