/**
 * Every object key of the bucket, one function each. No key is a folder of another key: file-backed S3 servers
 * cannot hold both `a` and `a/b`.
 */
const gen = (videoId: string, generation: number): string => `${videoId}/g${generation}`;
const four = (n: number): string => String(n).padStart(4, '0');
const media = (at: GenerationRef): string => `media/${gen(at.videoId, at.generation)}`;
const work = (at: GenerationRef): string => `work/${gen(at.videoId, at.generation)}`;

export interface GenerationRef {
  readonly videoId: string;
  readonly generation: number;
}

export const SOURCES = 'sources/';
export const ARRIVALS = 'arrivals/';
/** What tenants put here with tools of their own is taken in: intake/{tenant}/ and any key behind it. */
export const INTAKE = 'intake/';
/** Where a generation's objects are, in the order of keys. */
export const GENERATION_PREFIXES = ['media/', 'work/'] as const;

export const sourceKey = (tenantId: string, videoId: string, uploadId: string): string => `sources/${tenantId}/${videoId}/${uploadId}`;

/** Where a file lands that comes in one piece. Its URL can be used again, so what lies here may change; a source never does. */
export const arrivalKey = (upload: { readonly tenantId: string; readonly videoId: string; readonly id: string }): string =>
  `arrivals/${upload.tenantId}/${upload.videoId}/${upload.id}`;

export const planKey = (at: GenerationRef): string => `${work(at)}/plan.json`;
/** The packager's result, which verification and publishing read: the report before it is one. */
export const packageKey = (at: GenerationRef): string => `${work(at)}/package.json`;
/** The source's pictures in a container that can be cut; and the commit that says which attempt's file it is. */
export const remuxedKey = (at: GenerationRef, attempt: string, suffix: 'mp4' | 'mkv'): string => `${work(at)}/source-${attempt}.${suffix}`;
export const remuxManifestKey = (at: GenerationRef): string => `${work(at)}/remux.json`;
/** The same for a source that is damaged, when nothing else helps. */
export const mendManifestKey = (at: GenerationRef): string => `${work(at)}/mended.json`;
export const mendedKey = (at: GenerationRef, attempt: string): string => `${work(at)}/mended-${attempt}.mkv`;
export const chunkManifestPrefix = (at: GenerationRef): string => `${work(at)}/chunks/`;
export const chunkManifestKey = (at: GenerationRef, index: number): string => `${work(at)}/chunks/${four(index)}.json`;
/** @param track "audio", "audio-2", … */
export const audioManifestKey = (at: GenerationRef, track = 'audio'): string => `${work(at)}/${track}.json`;
export const subtitlesManifestKey = (at: GenerationRef): string => `${work(at)}/subtitles.json`;
export const imagesManifestKey = (at: GenerationRef): string => `${work(at)}/images.json`;

export const tileKey = (at: GenerationRef, chunk: number, attempt: string, index: number): string =>
  `${work(at)}/pictures/${four(chunk)}-${attempt}/${four(index)}.jpg`;
export const posterPictureKey = (at: GenerationRef, chunk: number, attempt: string): string =>
  `${work(at)}/pictures/${four(chunk)}-${attempt}/poster.png`;

export const initKey = (at: GenerationRef, track: string): string => `${media(at)}/${track}/init.mp4`;
export const segmentKey = (at: GenerationRef, rung: string, chunk: number, attempt: string, segment: number): string =>
  `${media(at)}/${rung}/${four(chunk)}-${attempt}/${String(segment).padStart(2, '0')}.m4s`;
export const audioSegmentKey = (at: GenerationRef, attempt: string, segment: number, track = 'audio'): string =>
  `${media(at)}/${track}/${attempt}/${four(segment)}.m4s`;

export const subtitleSegmentKey = (at: GenerationRef, track: string, attempt: string, segment: number): string =>
  `${media(at)}/${track}/${attempt}/${four(segment)}.vtt`;

/** Pictures carry their attempt too: a late twin must not overwrite what a manifest names. */
export const posterKey = (at: GenerationRef, attempt: string): string => `${media(at)}/images/${attempt}/poster.jpg`;
export const spriteKey = (at: GenerationRef, attempt: string, index: number): string =>
  `${media(at)}/images/${attempt}/sprite_${String(index).padStart(3, '0')}.jpg`;
export const storyboardKey = (at: GenerationRef, attempt: string): string => `${media(at)}/images/${attempt}/storyboard.vtt`;

export const masterKey = (at: GenerationRef): string => `${media(at)}/master.m3u8`;
export const trackPlaylistKey = (at: GenerationRef, track: string): string => `${media(at)}/${track}/playlist.m3u8`;
/** Playlists of a generation that is still being encoded: the only objects under media/ that are rewritten. */
export const growingPrefix = (at: GenerationRef): string => `${media(at)}/growing/`;
export const growingMasterKey = (at: GenerationRef): string => `${media(at)}/growing/master.m3u8`;
export const growingPlaylistKey = (at: GenerationRef, track: string): string => `${media(at)}/growing/${track}.m3u8`;
export const reportKey = (at: GenerationRef): string => `${media(at)}/report.json`;

export const mediaPrefix = (at: GenerationRef): string => `${media(at)}/`;
/** What attempts at this generation have used, until it is taken into the catalogue. @param name see attemptName */
export const costKey = (at: GenerationRef, name: string): string => `${costPrefix(at)}${name}.json`;
export const costPrefix = (at: GenerationRef): string => `${work(at)}/costs/`;

export const workPrefix = (at: GenerationRef): string => `${work(at)}/`;

/** All that lies in the bucket for one video, of all its uploads and generations. */
export const videoPrefixes = (video: { readonly tenantId: string; readonly videoId: string }) =>
  ({
    sources: `sources/${video.tenantId}/${video.videoId}/`,
    arrivals: `arrivals/${video.tenantId}/${video.videoId}/`,
    media: `media/${video.videoId}/`,
    work: `work/${video.videoId}/`,
  }) as const;

/** `to` as a reference from the object `from`: what a playlist or a WebVTT file writes. Both are keys of one bucket. */
export function relativeKey(from: string, to: string): string {
  const a = from.split('/').slice(0, -1);
  const b = to.split('/');
  let shared = 0;
  while (shared < a.length && shared < b.length - 1 && a[shared] === b[shared]) shared += 1;
  return [...a.slice(shared).map(() => '..'), ...b.slice(shared)].join('/');
}

/** The upload that a source's or an arrival's key names; null for keys of another form. */
export const uploadIdOf = (key: string): string | null => /^(?:sources|arrivals)\/[^/]+\/[^/]+\/([^/]+)$/.exec(key)?.[1] ?? null;

/** The generation that an object under media/ or work/ belongs to; null for keys of another form. */
export function generationOf(key: string): GenerationRef | null {
  const [, videoId, generation] = /^(?:media|work)\/([^/]+)\/g([1-9]\d*)\//.exec(key) ?? [];
  return videoId === undefined || generation === undefined ? null : { videoId, generation: Number(generation) };
}

/** Whose an object under intake/ is, and its name; null for folder markers and keys of another form. */
export function intakeOf(key: string): { readonly tenantId: string; readonly name: string } | null {
  const [, tenantId, name] = /^intake\/([^/]+)\/(?:.*\/)?([^/]+)$/s.exec(key) ?? [];
  return tenantId === undefined || name === undefined ? null : { tenantId, name };
}
