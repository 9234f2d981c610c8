import type { Fingerprint } from './fingerprint.js';

/** What is different from the run without faults, in words; empty where nothing is. */
export function differences(reference: Fingerprint, found: Fingerprint): string[] {
  return [
    ...missing('track', reference.tracks, found.tracks),
    ...missing('text', reference.texts, found.texts),
    ...missing('file', reference.files, found.files),
    ...Object.entries(found.tracks).flatMap(([track, frames]) => differentFrames(track, reference.tracks[track] ?? frames, frames)),
    ...changed(reference.texts, found.texts),
    ...changed(reference.files, found.files),
  ];
}

type Named = Readonly<Record<string, unknown>>;

function missing(what: string, reference: Named, found: Named): string[] {
  return [
    ...Object.keys(reference)
      .filter((name) => !(name in found))
      .map((name) => `${what} ${name} is missing`),
    ...Object.keys(found)
      .filter((name) => !(name in reference))
      .map((name) => `${what} ${name} is not in the reference`),
  ];
}

function changed(reference: Readonly<Record<string, string>>, found: Readonly<Record<string, string>>): string[] {
  return Object.keys(found)
    .filter((name) => name in reference && reference[name] !== found[name])
    .map((name) => `${name} has other contents`);
}

function differentFrames(track: string, reference: readonly string[], found: readonly string[]): string[] {
  if (reference.length !== found.length) return [`${track} decodes to ${found.length} frames, not ${reference.length}`];
  const first = found.findIndex((line, index) => line !== reference[index]);
  return first < 0 ? [] : [`${track} differs from frame ${first} on`];
}
