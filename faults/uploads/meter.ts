import type { ExchangeEnd } from './watch.js';

/** Where the bytes went that clients sent to the store. */
export interface Traffic {
  /** Body bytes of all part requests, as they came to the proxy. */
  readonly sentBytes: number;
  /** Sent beyond the files' own bytes. */
  readonly againBytes: number;
  /** Of these: bytes of requests that a fault broke, or that ended with their client. They were in flight, one part each. */
  readonly inFlightBytes: number;
  /** The rest: parts that the store had, and said so, and that were sent all the same. */
  readonly needlessBytes: number;
  /** Requests whose signature was too old when they came to the store, and which it did not take. */
  readonly expired: number;
  /** Flipped parts that the store refused; one that it took would be a broken promise. */
  readonly flipsRefused: number;
  /** Part requests that failed although no fault hit them, and other things that must not be. */
  readonly odd: readonly string[];
}

const isTaken = ({ how, status }: ExchangeEnd): boolean => how === 'told' && status !== null && status < 300;

/**
 * Sums up the part requests of a run.
 * @param fileBytes of all files together
 * @param mayLeave the client was killed: requests may end with it
 */
export function trafficOf(ends: readonly ExchangeEnd[], fileBytes: number, mayLeave: boolean): Traffic {
  const parts = ends.filter(({ operation }) => operation === 'UploadPart');
  const sum = (some: readonly ExchangeEnd[]): number => some.reduce((bytes, { receivedBytes }) => bytes + receivedBytes, 0);
  const taken = parts.filter(isTaken);
  const broken = parts.filter((end) => !isTaken(end));
  const sentBytes = sum(parts);
  const flips = parts.filter(({ fault }) => fault?.kind === 'flip');
  return {
    sentBytes,
    againBytes: sentBytes - fileBytes,
    inFlightBytes: sum(broken),
    needlessBytes: sum(taken) - fileBytes,
    expired: broken.filter(({ expired }) => expired).length,
    flipsRefused: flips.filter((end) => !isTaken(end)).length,
    odd: [
      ...flips.filter(isTaken).map((end) => `${whatOf(end)}: the store took a part with a flipped bit`),
      ...broken
        .filter(({ fault, expired, how }) => fault === null && !expired && !(how === 'left' && mayLeave))
        .map((end) => `${whatOf(end)}: ${end.how}${end.status === null ? '' : ` ${end.status}`} without a fault`),
    ],
  };
}

/** One line of JSON for whoever looks at a run afterwards; no signature. */
export const lineOf = (end: ExchangeEnd): string => {
  const { line, operation, how, status, fault, receivedBytes, expired } = end;
  return JSON.stringify({ at: new Date().toISOString(), line, operation, what: whatOf(end), how, status, fault, receivedBytes, expired });
};

/** Without the signature. */
const whatOf = ({ method, url }: ExchangeEnd): string => {
  const { pathname, searchParams } = new URL(url, 'http://store');
  const part = searchParams.get('partNumber');
  return `${method} ${pathname}${part === null ? '' : ` part ${part}`}`;
};
