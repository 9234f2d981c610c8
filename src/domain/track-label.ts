/** What a track is for, where the file marks it. */
export type TrackRole = 'commentary' | 'described' | 'captions' | 'dubbed' | 'original';

const ROLE_TEXT: Record<TrackRole, string> = {
  commentary: 'commentary',
  described: 'audio description',
  captions: 'for the hard of hearing',
  dubbed: 'dubbed',
  original: 'original',
};

const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });

/** A language for people; null where it is not known. */
function languageName(language: string | null): string | null {
  return language === null ? null : (names.of(language) ?? language);
}

/**
 * What viewers choose a track by. From the language and the marks of the file, never from its free text: titles carry
 * whatever a stranger wrote. No two tracks of one list have the same label, as HLS asks.
 */
export function labelsOf(
  tracks: readonly { readonly language: string | null; readonly role?: TrackRole; readonly forced?: boolean }[],
  unnamed: string,
): string[] {
  const taken = new Map<string, number>();
  return tracks.map(({ language, role, forced }) => {
    const marks = [...(role ? [ROLE_TEXT[role]] : []), ...(forced ? ['forced'] : [])];
    const label = `${languageName(language) ?? unnamed}${marks.length > 0 ? ` (${marks.join(', ')})` : ''}`;
    const count = (taken.get(label) ?? 0) + 1;
    taken.set(label, count);
    return count === 1 ? label : `${label} ${count}`;
  });
}
