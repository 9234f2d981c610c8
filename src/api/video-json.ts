import { growingMasterKey, masterKey } from '../domain/keys.js';
import { renditionState } from '../domain/rendition-state.js';
import { TIMED_STAGES, type Trail } from '../domain/trail.js';
import { TRUNCATED_CODE } from '../domain/truncation.js';
import { SETTLED_STATES, type Video } from '../domain/video.js';
import { costJson } from './cost-json.js';
import type { Answer } from './route.js';
import type { VideoJson } from './schemas.js';

/** The video as clients see it. `cdnBaseUrl` has no slash at its end. */
export function videoJson(video: Video, cdnBaseUrl: string): VideoJson {
  const at = (key: string | null): string | null => (key === null ? null : `${cdnBaseUrl}/${key.split('/').map(encodeURIComponent).join('/')}`);
  const decisions = [...(video.plan?.decisions ?? []), ...(video.findings ?? [])];
  return {
    id: video.id,
    object: 'video',
    name: video.name,
    status: video.state,
    title: video.title,
    metadata: { ...video.metadata },
    passthrough: video.passthrough,
    playable: video.playable,
    progress: {
      percent: video.progress.percent,
      stage: video.progress.stage,
      chunks_done: video.progress.chunksDone,
      chunks_total: video.progress.chunksTotal,
      eta_s: video.progress.etaS ?? null,
    },
    generation: video.generation,
    live_generation: video.liveGeneration,
    duration_ms: video.durationMs,
    width: video.width,
    height: video.height,
    renditions: (video.plan?.rungs ?? []).map(({ name, width, height }) => ({ name, width, height, status: renditionState(video) })),
    stages: stagesJson(video.trail),
    decisions: decisions.map(({ code, text }) => ({ code, text })),
    cost: video.cost && costJson(video.cost),
    truncated: decisions.some(({ code }) => code === TRUNCATED_CODE),
    playback: playbackOf(video, at),
    errors: video.failure ? [{ code: video.failure.code, message: video.failure.message }] : [],
    source: { size_bytes: video.sourceSizeBytes, content_type: video.contentType },
    created_at: video.createdAt,
    updated_at: video.updatedAt,
    uploaded_at: video.uploadedAt,
    playable_at: video.playableAt,
    published_at: video.publishedAt,
    version: video.version,
  };
}

/** Of the live generation, also while a newer one is being made; before the first is published, what has been encoded so far. */
function playbackOf(video: Video, at: (key: string | null) => string | null): VideoJson['playback'] {
  const { id: videoId, liveGeneration, generation } = video;
  if (liveGeneration !== null) {
    const hls = at(masterKey({ videoId, generation: liveGeneration }));
    return hls === null ? null : { hls, poster: at(video.posterKey), storyboard_vtt: at(video.storyboardKey) };
  }
  const growing = video.playable ? at(growingMasterKey({ videoId, generation })) : null;
  return growing === null ? null : { hls: growing, poster: null, storyboard_vtt: null };
}

export const etagOf = (video: Pick<Video, 'version'>): string => `"v${video.version}"`;

const POLL_AGAIN_S = '2';

/** What a video was last told as: who reads it again gets the same text, unless the catalogue has read it anew. */
const told = new WeakMap<Video, { readonly cdnBaseUrl: string; readonly body: VideoJson; readonly text: string }>();

function tell(video: Video, cdnBaseUrl: string): { readonly body: VideoJson; readonly text: string } {
  const before = told.get(video);
  if (before?.cdnBaseUrl === cdnBaseUrl) return before;
  const body = videoJson(video, cdnBaseUrl);
  const now = { cdnBaseUrl, body, text: JSON.stringify(body) };
  told.set(video, now);
  return now;
}

/** A video as an answer: with its ETag, and when to ask again while it is not settled. */
export function videoAnswer(status: number, video: Video, cdnBaseUrl: string): Answer {
  const { body, text } = tell(video, cdnBaseUrl);
  return {
    status,
    headers: {
      ETag: etagOf(video),
      'Cache-Control': 'private, no-cache',
      ...(SETTLED_STATES.includes(video.state) ? {} : { 'Retry-After': POLL_AGAIN_S }),
    },
    body,
    text,
  };
}

/** Nothing of the present moment stands in it: the same version has the same answer. */
function stagesJson(trail: Trail | null): VideoJson['stages'] {
  return TIMED_STAGES.flatMap((stage) => {
    const took = trail?.stages[stage];
    return took ? [{ stage, started_at: took.startedAt, ms: took.ms, running_since: trail?.at === stage ? trail.since : null }] : [];
  });
}
