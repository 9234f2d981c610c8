/**
 * What a request may be met with on its way. `failing` ones make the sender try again; after `gentle` ones it has its
 * answer all the same. Fractions are of the request's body.
 *
 * - `refuse`: an answer of the proxy's own, before or after it has taken the body; the server never hears of it.
 * - `disconnect`: the connection is closed before or after the body; the server never hears of it.
 * - `reset`: both connections are reset in mid-body.
 * - `lost answer`: the server did it, and nobody hears.
 * - `half answer`: the answer breaks off in its middle.
 * - `stall`: silence, then it goes on, or the connection is closed (a time-out).
 * - `error in 200`: what S3 may answer to CompleteMultipartUpload, having done it or not.
 * - `slow`: the body crawls for a while.
 * - `flip`: one bit of the body is another one. Only where the request carries a checksum.
 * - `expire`: held until its signature is too old, then passed on.
 */
export type HttpFault =
  | { readonly kind: 'refuse'; readonly status: 500 | 503; readonly retryAfterS: number | null; readonly when: BodyTime }
  | { readonly kind: 'disconnect'; readonly when: BodyTime }
  | { readonly kind: 'reset'; readonly at: number }
  | { readonly kind: 'lost answer' }
  | { readonly kind: 'half answer' }
  | { readonly kind: 'stall'; readonly ms: number; readonly next: 'goes on' | 'closes' }
  | { readonly kind: 'error in 200'; readonly done: boolean }
  | { readonly kind: 'slow'; readonly bytesPerS: number; readonly ms: number }
  | { readonly kind: 'flip'; readonly at: number }
  | { readonly kind: 'expire' };

type BodyTime = 'before its body' | 'after its body';

/** Whether the sender has to send the request again. */
export function isFailing(fault: HttpFault): boolean {
  return fault.kind !== 'slow' && !(fault.kind === 'stall' && fault.next === 'goes on');
}

/** For the printed schedule. */
export function wordsOfFault(fault: HttpFault): string {
  switch (fault.kind) {
    case 'refuse':
      return `${fault.status} ${fault.when}${fault.retryAfterS === null ? '' : `, Retry-After ${fault.retryAfterS}`}`;
    case 'disconnect':
      return `disconnect ${fault.when}`;
    case 'reset':
    case 'flip':
      return `${fault.kind} at ${Math.round(fault.at * 100)} %`;
    case 'stall':
      return `silence for ${fault.ms} ms, then it ${fault.next}`;
    case 'error in 200':
      return `200 with <Error>, ${fault.done ? 'done all the same' : 'not done'}`;
    case 'slow':
      return `${Math.round(fault.bytesPerS / 1000)} kB/s for ${fault.ms} ms`;
    case 'expire':
      return 'held until its signature has expired';
    default:
      return fault.kind;
  }
}

/** What S3 says in a refusal, and in a 200 that is none. */
export const errorBody = (code: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>said the fault proxy</Message></Error>`;

/** Whether the server will notice other bytes: only then may one be flipped. */
export function carriesChecksum(request: { readonly url: string; readonly headers: Readonly<Record<string, unknown>> }): boolean {
  const names = Object.keys(request.headers);
  if (names.includes('content-md5') || names.some((name) => /^x-amz-checksum-(?!algorithm|type)/.test(name))) return true;
  const sums = [...new URL(request.url, 'http://store').searchParams.keys()].map((name) => name.toLowerCase());
  return sums.includes('content-md5') || sums.some((name) => /^x-amz-checksum-(?!algorithm|type)/.test(name));
}

/** When the signature of a presigned URL ends, milliseconds since 1970; null where the URL carries none. */
export function expiryOf(url: string): number | null {
  const query = new URL(url, 'http://store').searchParams;
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get('X-Amz-Date') ?? '') ?? [];
  const lifeS = Number(query.get('X-Amz-Expires') ?? Number.NaN);
  if (second === undefined || !Number.isFinite(lifeS)) return null;
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) + lifeS * 1000;
}
