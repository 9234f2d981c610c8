import type {
  AudioManifest,
  ChunkManifest,
  GenerationReport,
  ImagesManifest,
  ReportSubtitles,
  ReportTrack,
  SubtitlesManifest,
  TrackFacts,
} from '../domain/artefact.js';
import { type DamagedPiece, damageFindings, damageReport, NO_DAMAGE, soundFindings } from '../domain/damage.js';
import { PipelineError } from '../domain/errors.js';
import {
  audioManifestKey,
  chunkManifestKey,
  type GenerationRef,
  imagesManifestKey,
  masterKey,
  packageKey,
  planKey,
  subtitlesManifestKey,
  trackPlaylistKey,
} from '../domain/keys.js';
import { audioName, audioTracks, type Decision, type Plan } from '../domain/plan.js';
import { frameTimeUs } from '../domain/rational.js';
import { bitRates, masterPlaylist, mediaPlaylist, PLAYLIST_TYPE } from '../media/playlist.js';
import { subtitlePlaylist } from '../media/subtitle-playlist.js';
import { IMMUTABLE, type ObjectStore } from '../storage/object-store.js';
import { removeIfOver } from './commit-manifest.js';
import { needJson, putAgreed, putJsonOnce } from './json-objects.js';
import { withHeartbeat } from './with-heartbeat.js';

/**
 * Writes the playlists of a generation: a pure function of the committed manifests, so it copies nothing and running
 * it twice gives the same bytes (checked: other bytes under a playlist's key are a fault). Its result is the report
 * that publishing will commit, kept as a working file until then.
 */
export const packageVideo =
  (deps: { store: ObjectStore }) =>
  (at: GenerationRef): Promise<{ segments: number; sizeBytes: number; findings?: readonly Decision[] }> =>
    withHeartbeat(async () => {
      const plan = await needJson<Plan>(deps.store, planKey(at));
      const images = await needJson<ImagesManifest>(deps.store, imagesManifestKey(at));
      const joined = await joinedTracks(deps.store, at, plan);
      const tracks = joined.tracks.map((track) => reportTrack(at, plan, track));
      const damage = damageReport(joined.pieces);
      const agreed = { contentType: PLAYLIST_TYPE, cacheControl: IMMUTABLE, code: 'VERIFY_PLAYLIST' } as const;
      const playlists = [];
      for (const track of tracks)
        playlists.push(await putAgreed(deps.store, track.playlistKey, Buffer.from(mediaPlaylist(track.playlistKey, track)), agreed));
      const words = plan.subtitles ? await needJson<SubtitlesManifest>(deps.store, subtitlesManifestKey(at)) : null;
      const subtitles = (words?.tracks ?? []).map((track): ReportSubtitles => ({ ...track, playlistKey: trackPlaylistKey(at, track.name) }));
      for (const track of subtitles)
        playlists.push(await putAgreed(deps.store, track.playlistKey, Buffer.from(subtitlePlaylist(track.playlistKey, track)), agreed));
      const master = masterPlaylist(masterKey(at), plan, tracks, subtitles);
      playlists.push(await putAgreed(deps.store, masterKey(at), Buffer.from(master), agreed));
      const findings = [...damageFindings(damage, plan.grid.frameCount), ...soundFindings(joined.lostPackets), ...unreadable(plan, words)];
      const report: GenerationReport = {
        videoId: at.videoId,
        generation: at.generation,
        source: plan.source,
        durationUs: frameTimeUs(plan.grid.frameCount, plan.grid.rate),
        frameCount: plan.grid.frameCount,
        tracks,
        ...(subtitles.length > 0 ? { subtitles } : {}),
        ...(damage ? { damage } : {}),
        ...(findings.length > 0 ? { findings } : {}),
        playlists,
        images: { poster: images.poster, sprites: images.sprites, vtt: images.vtt },
      };
      await putJsonOnce(deps.store, packageKey(at), report);
      // A zombie may come when all is published and swept, or deleted: then nobody would sweep what it wrote.
      await removeIfOver(deps.store, at, [packageKey(at)]);
      const segments = tracks.flatMap((track) => track.segments);
      const sizeBytes = segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
      return { segments: segments.length, sizeBytes, ...(findings.length > 0 ? { findings } : {}) };
    });

async function joinedTracks(
  store: ObjectStore,
  at: GenerationRef,
  plan: Plan,
): Promise<{ tracks: TrackFacts[]; pieces: DamagedPiece[]; lostPackets: number }> {
  const pieces: DamagedPiece[] = [];
  const byName = new Map<string, { track: TrackFacts; segments: TrackFacts['segments'][number][] }>();
  for (let index = 0; index < plan.grid.chunkCount; index += 1) {
    const chunk = await needJson<ChunkManifest>(store, chunkManifestKey(at, index));
    pieces.push({ chunk: index, recipe: chunk.recipe ?? 'normal', ...(chunk.damage ?? NO_DAMAGE) });
    for (const track of chunk.tracks) {
      const known = byName.get(track.name);
      if (known === undefined) byName.set(track.name, { track, segments: [...track.segments] });
      else {
        if (known.track.init.sha256 !== track.init.sha256 || known.track.timescale !== track.timescale) {
          throw new PipelineError('INIT_MISMATCH', { details: { track: track.name, chunk: index } });
        }
        known.segments.push(...track.segments);
      }
    }
  }
  const video = [...byName.values()].map(({ track, segments }) => ({ ...track, segments }));
  const sounds = await Promise.all(audioTracks(plan).map((audio) => needJson<AudioManifest>(store, audioManifestKey(at, audioName(audio)))));
  const lostPackets = sounds.reduce((sum, sound) => sum + (sound.lostPackets ?? 0), 0);
  return { tracks: [...video, ...sounds.map((sound) => sound.track)], pieces, lostPackets };
}

function reportTrack(at: GenerationRef, plan: Plan, track: TrackFacts): ReportTrack {
  const rung = plan.rungs.find((each) => each.name === track.name);
  return {
    ...track,
    playlistKey: trackPlaylistKey(at, track.name),
    ...bitRates(track),
    resolution: rung ? { width: rung.width, height: rung.height } : null,
  };
}

function unreadable(plan: Plan, words: SubtitlesManifest | null): Decision[] {
  const labels = (plan.subtitles ?? []).filter(({ name }) => words?.unreadable.includes(name)).map(({ label }) => label);
  if (labels.length === 0) return [];
  return [{ code: 'SUBTITLES_UNREADABLE', text: `Subtitles that cannot be read are left out: ${labels.join(', ')}.` }];
}
