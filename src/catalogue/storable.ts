/**
 * A deep copy that PostgreSQL takes: NUL and lone surrogates, which its text and jsonb refuse, become U+FFFD. File names and
 * messages come from strangers; one such character must not keep a video from being told as errored.
 */
export function storable<T>(value: T): T {
  const json = JSON.stringify(value, (_key, item: unknown) => (typeof item === 'string' ? item.replace(REFUSED, '\uFFFD') : item));
  return JSON.parse(json) as T;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what this is about
const REFUSED = /\u0000|\p{Surrogate}/gu;
