import { PipelineError } from './errors.js';

/** What its owner keeps with a video, and gets back wherever the video is told of. Nothing here acts on it. */
export interface Labels {
  /** For people. */
  readonly title: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** The owner's own id for it, say: in every event of the video too. */
  readonly passthrough: string | null;
}

export const NO_LABELS: Labels = { title: null, metadata: {}, passthrough: null };

/** A merge patch (RFC 7396): what is absent stays, null takes away. */
export interface LabelsPatch {
  readonly title?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, string | null>> | null | undefined;
  readonly passthrough?: string | null | undefined;
}

export const MAX_TITLE_CHARS = 255;
export const MAX_PASSTHROUGH_CHARS = 255;
export const MAX_METADATA_ENTRIES = 50;
export const MAX_METADATA_VALUE_CHARS = 500;
export const METADATA_KEY = /^[A-Za-z0-9_.:-]{1,40}$/;

/**
 * @returns the labels as they are after it; null where nothing changes
 * @throws PipelineError METADATA_LIMIT where there would be too many entries
 */
export function patchLabels(before: Labels, patch: LabelsPatch): Labels | null {
  const after: Labels = {
    title: patch.title === undefined ? before.title : patch.title,
    metadata: patchMetadata(before.metadata, patch.metadata),
    passthrough: patch.passthrough === undefined ? before.passthrough : patch.passthrough,
  };
  const same = after.title === before.title && after.passthrough === before.passthrough && sameEntries(after.metadata, before.metadata);
  if (same) return null;
  const entries = Object.keys(after.metadata).length;
  if (entries > MAX_METADATA_ENTRIES) throw new PipelineError('METADATA_LIMIT', { note: `With this it would have ${entries}.` });
  return after;
}

function patchMetadata(before: Labels['metadata'], patch: LabelsPatch['metadata']): Labels['metadata'] {
  if (patch === undefined) return before;
  if (patch === null) return {};
  const merged = new Map<string, string | null>([...Object.entries(before), ...Object.entries(patch)]);
  return Object.fromEntries([...merged].filter((entry): entry is [string, string] => entry[1] !== null));
}

function sameEntries(a: Labels['metadata'], b: Labels['metadata']): boolean {
  const [mine, theirs] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  return mine.size === theirs.size && [...mine].every(([key, value]) => theirs.get(key) === value);
}

/** Titles are found by their beginnings of so many characters at most: an index takes no long rows. */
export const TITLE_KEY_CHARS = 100;

/** What titles are found by, and what is looked for: without regard to case and width of letters, the same on every server. */
export function titleKey(title: string): string {
  const folded = title.normalize('NFKC').toLowerCase().replaceAll('ς', 'σ');
  return [...folded].slice(0, TITLE_KEY_CHARS).join('');
}
