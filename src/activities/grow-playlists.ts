import type { Catalogue } from '../catalogue/catalogue.js';
import type { AudioManifest, ChunkManifest, GenerationReport, ReportTrack, SegmentFacts, TrackFacts } from '../domain/artefact.js';
import { PipelineError } from '../domain/errors.js';
import { audioManifestKey, chunkManifestKey, type GenerationRef, growingMasterKey, growingPlaylistKey, planKey, reportKey } from '../domain/keys.js';
import { AUDIO_TRACK, type Plan } from '../domain/plan.js';
import { bitRates, growingPlaylist, masterPlaylist, PLAYLIST_TYPE } from '../media/playlist.js';
import type { ObjectStore } from '../storage/object-store.js';
import { removeIfOver } from './commit-manifest.js';
import { getBytes, getJson, needJson, sha256Hex } from './json-objects.js';
import { alive } from './with-heartbeat.js';

/** Players ask again after a target duration; a cache in between must not hold them back. */
const SHORT_CACHE = 'public, max-age=1';
const MAX_RACES = 10;

/**
 * Playing before everything is encoded: playlists that name what is committed from the start of the video on, and grow.
 * A playlist never loses a segment: it is replaced only where it is the one that was read (If-Match), and only by a
 * longer one, so that a late writer changes nothing.
 */
export const growPlaylists = (deps: { store: ObjectStore; catalogue: Catalogue }) => ({
  /** Takes in what has been committed since. Marks the video playable when picture and sound of the first chunk are there. */
  async growPlaylists(at: GenerationRef): Promise<{ chunks: number }> {
    const { store } = deps;
    const plan = await needJson<Plan>(store, planKey(at));
    const chunks = await committedFromStart(store, at, plan);
    const audio = plan.audio === null ? null : await getJson<AudioManifest>(store, audioManifestKey(at));
    if (chunks.length === 0 || (plan.audio !== null && audio === null)) return { chunks: 0 };
    const pictures = plan.rungs.map((rung) => joined(rung.name, chunks));
    await writeAll(store, at, plan, audio === null ? pictures : [...pictures, heardWith(audio.track, pictures[0])], false);
    await removeIfOver(store, at, []);
    await deps.catalogue.markPlayable(at.videoId, at.generation);
    return { chunks: chunks.length };
  },

  /** After publishing: everything, closed, so that players which followed them know that this is the end. */
  closeGrowing: alive(async (at: GenerationRef): Promise<void> => {
    const report = await getJson<GenerationReport>(deps.store, reportKey(at));
    const begun = await deps.store.head(growingMasterKey(at));
    const plan = await getJson<Plan>(deps.store, planKey(at));
    if (report === null || begun === null || plan === null) return;
    // Those that grew: further sound tracks are there from publishing on.
    const grown = report.tracks.filter((track) => track.name === AUDIO_TRACK || plan.rungs.some((rung) => rung.name === track.name));
    await writeAll(deps.store, at, plan, grown, true);
    await removeIfOver(deps.store, at, []);
  }),
});

/** Chunk 0, 1, 2 … as far as they are committed without a gap. */
async function committedFromStart(store: ObjectStore, at: GenerationRef, plan: Plan): Promise<ChunkManifest[]> {
  const chunks: ChunkManifest[] = [];
  while (chunks.length < plan.grid.chunkCount) {
    const chunk = await getJson<ChunkManifest>(store, chunkManifestKey(at, chunks.length));
    if (chunk === null) break;
    chunks.push(chunk);
  }
  return chunks;
}

function joined(name: string, chunks: readonly ChunkManifest[]): TrackFacts {
  const tracks = chunks.map((chunk) => chunk.tracks.find((track) => track.name === name));
  const [first] = tracks;
  if (!first) throw new PipelineError('VERIFY_TRACKS', { details: { track: name } });
  return { ...first, segments: tracks.flatMap((track) => track?.segments ?? []) };
}

/** The sound's segments up to where the picture ends: a player that sees more sound than picture would wait at the wrong place. */
function heardWith(audio: TrackFacts, picture: TrackFacts | undefined): TrackFacts {
  const seconds = (segment: SegmentFacts, track: TrackFacts): number => (segment.startTicks + segment.durationTicks) / track.timescale;
  const last = picture?.segments.at(-1);
  const endS = last && picture ? seconds(last, picture) : 0;
  const segments = audio.segments.filter((segment) => segment.startTicks / audio.timescale < endS);
  return { ...audio, segments };
}

async function writeAll(store: ObjectStore, at: GenerationRef, plan: Plan, tracks: readonly TrackFacts[], ended: boolean): Promise<void> {
  const { rate, segmentFrames } = plan.grid;
  const pictureS = (segmentFrames * rate.den) / rate.num;
  for (const track of tracks) {
    const key = growingPlaylistKey(at, track.name);
    // Sound is cut near four seconds too; half a second more covers its uneven pieces.
    const targetDurationS = Math.ceil(track.name === AUDIO_TRACK ? Math.max(pictureS, 4) + 0.5 : pictureS);
    await replaceByLonger(store, key, growingPlaylist(key, track, { targetDurationS, ended }));
  }
  const key = growingMasterKey(at);
  if ((await store.head(key)) !== null) return;
  const bytes = Buffer.from(
    masterPlaylist(
      key,
      plan,
      tracks.map((track) => growingTrack(at, plan, track)),
    ),
  );
  await store.put(key, bytes, { contentType: PLAYLIST_TYPE, cacheControl: SHORT_CACHE, sha256: sha256Hex(bytes), onlyIfAbsent: true });
}

/** Rates of what is still to come are not known: the rung's cap is promised instead, or what was measured, if that is more. */
function growingTrack(at: GenerationRef, plan: Plan, track: TrackFacts): ReportTrack {
  const rung = plan.rungs.find((each) => each.name === track.name);
  const measured = bitRates(track);
  return {
    ...track,
    playlistKey: growingPlaylistKey(at, track.name),
    peakBitsPerSecond: Math.max(measured.peakBitsPerSecond, (rung?.maxrateKbps ?? plan.audio?.bitrateKbps ?? 0) * 1000),
    averageBitsPerSecond: measured.averageBitsPerSecond,
    resolution: rung ? { width: rung.width, height: rung.height } : null,
  };
}

const weight = (text: string): number => (text.match(/#EXTINF:/g)?.length ?? 0) + (text.includes('#EXT-X-ENDLIST') ? 0.5 : 0);

async function replaceByLonger(store: ObjectStore, key: string, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  const common = { contentType: PLAYLIST_TYPE, cacheControl: SHORT_CACHE, sha256: sha256Hex(bytes) };
  for (let race = 0; race < MAX_RACES; race += 1) {
    const facts = await store.head(key);
    if (facts === null) {
      if ((await store.put(key, bytes, { ...common, onlyIfAbsent: true })) === 'stored') return;
      continue;
    }
    const there = await getBytes(store, key);
    if (there !== null && weight(there.toString('utf8')) >= weight(text)) return;
    // Read between two writes of others: the ETag is older than the bytes, so the write is refused and all is read again.
    if ((await store.put(key, bytes, { ...common, onlyIfEtag: facts.etag })) === 'stored') return;
  }
  throw new PipelineError('STORAGE_UNAVAILABLE', { note: 'A growing playlist is being rewritten by too many.', details: { key } });
}
