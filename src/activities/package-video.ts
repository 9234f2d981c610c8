import type { AudioManifest, ChunkManifest, GenerationReport, ImagesManifest, ReportTrack, TrackFacts } from '../domain/artefact.js';
import { PipelineError } from '../domain/errors.js';
import {
  audioManifestKey,
  chunkManifestKey,
  type GenerationRef,
  imagesManifestKey,
  masterKey,
  packageKey,
  planKey,
  trackPlaylistKey,
} from '../domain/keys.js';
import type { Plan } from '../domain/plan.js';
import { frameTimeUs } from '../domain/rational.js';
import { bitRates, masterPlaylist, mediaPlaylist, PLAYLIST_TYPE } from '../media/playlist.js';
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
  (at: GenerationRef): Promise<{ segments: number; sizeBytes: number }> =>
    withHeartbeat(async () => {
      const plan = await needJson<Plan>(deps.store, planKey(at));
      const images = await needJson<ImagesManifest>(deps.store, imagesManifestKey(at));
      const tracks = (await joinedTracks(deps.store, at, plan)).map((track) => reportTrack(at, plan, track));
      const agreed = { contentType: PLAYLIST_TYPE, cacheControl: IMMUTABLE, code: 'VERIFY_PLAYLIST' } as const;
      const playlists = [];
      for (const track of tracks)
        playlists.push(await putAgreed(deps.store, track.playlistKey, Buffer.from(mediaPlaylist(track.playlistKey, track)), agreed));
      playlists.push(await putAgreed(deps.store, masterKey(at), Buffer.from(masterPlaylist(masterKey(at), plan, tracks)), agreed));
      const report: GenerationReport = {
        videoId: at.videoId,
        generation: at.generation,
        source: plan.source,
        durationUs: frameTimeUs(plan.grid.frameCount, plan.grid.rate),
        frameCount: plan.grid.frameCount,
        tracks,
        playlists,
        images: { poster: images.poster, sprites: images.sprites, vtt: images.vtt },
      };
      await putJsonOnce(deps.store, packageKey(at), report);
      // A zombie may come when all is published and swept, or deleted: then nobody would sweep what it wrote.
      await removeIfOver(deps.store, at, [packageKey(at)]);
      const segments = tracks.flatMap((track) => track.segments);
      return { segments: segments.length, sizeBytes: segments.reduce((sum, segment) => sum + segment.sizeBytes, 0) };
    });

async function joinedTracks(store: ObjectStore, at: GenerationRef, plan: Plan): Promise<TrackFacts[]> {
  const byName = new Map<string, { track: TrackFacts; segments: TrackFacts['segments'][number][] }>();
  for (let index = 0; index < plan.grid.chunkCount; index += 1) {
    const chunk = await needJson<ChunkManifest>(store, chunkManifestKey(at, index));
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
  if (plan.audio === null) return video;
  return [...video, (await needJson<AudioManifest>(store, audioManifestKey(at))).track];
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
