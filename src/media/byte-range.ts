/** First and last byte, both inclusive, as HTTP counts. */
export interface HttpRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a `Range` header against an object's size (RFC 9110, 14.2).
 * @returns null where there is no range that must be honoured: none, another unit, several, or nonsense; the answer is then the whole object
 */
export function parseRange(header: string | undefined, sizeBytes: number): HttpRange | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return null;
  if (first === '') {
    const suffix = Number(last);
    return suffix === 0 || sizeBytes === 0 ? 'unsatisfiable' : { start: Math.max(0, sizeBytes - suffix), end: sizeBytes - 1 };
  }
  const start = Number(first);
  const end = last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (last !== '' && Number(last) < start) return null;
  return start >= sizeBytes ? 'unsatisfiable' : { start, end };
}
