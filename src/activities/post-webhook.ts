import { lookup as systemLookup } from 'node:dns/promises';
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isNativeError } from 'node:util/types';
import type { Try } from '../domain/webhook.js';
import { urlFault } from '../domain/webhook.js';
import { isPublicAddress } from './public-addresses.js';

/** From the first packet to the last byte that is read. Standard Webhooks: 15 to 30 s. */
const TIMEOUT_MS = 15_000;
/** Of the answer's body; the rest is not read. */
const MOST_READ_BYTES = 64 * 1024;

export interface Address {
  readonly address: string;
  readonly family: number;
}

export interface PostOptions {
  /** `any`: http, and addresses of this machine and its networks too. For laptops and tests. */
  readonly targets: 'public' | 'any';
  readonly resolve?: (host: string) => Promise<readonly Address[]>;
  readonly timeoutMs?: number;
}

export type PostWebhook = (url: string, headers: Readonly<Record<string, string>>, body: string) => Promise<Omit<Try, 'at'>>;

/**
 * One POST to an address that a stranger chose. The name is resolved once, all that it stands for is checked, and the
 * connection is made to what was checked: a name that answers otherwise the second time leads nowhere. Redirects are not
 * followed. Whatever goes wrong is what the owner reads in the log of deliveries, so it names the fault and none of our own
 * addresses.
 */
export function createPostWebhook(options: PostOptions): PostWebhook {
  const { targets, timeoutMs = TIMEOUT_MS } = options;
  const resolve = options.resolve ?? ((host: string) => systemLookup(host, { all: true, verbatim: true }));
  return async (text, headers, body) => {
    const startedMs = performance.now();
    const over = AbortSignal.timeout(timeoutMs);
    const told = (status: number | null, error: string | null) => ({ status, error, ms: Math.round(performance.now() - startedMs) });
    try {
      const fault = urlFault(text, targets);
      if (fault !== null) return told(null, fault);
      const url = new URL(text);
      const addresses = await inTime(addressesOf(url, resolve), over);
      if (addresses.length === 0) return told(null, 'Its name stands for no address.');
      if (targets === 'public' && !addresses.every(({ address }) => isPublicAddress(address)))
        return told(null, 'Its name stands for an address that is not public, and is not called.');
      const status = await exchange(url, { headers, body, addresses, signal: over });
      return told(status, status >= 200 && status < 300 ? null : wordsFor(status));
    } catch (error) {
      return told(null, over.aborted ? `There was no answer within ${timeoutMs / 1000} s.` : `It could not be reached: ${codeOf(error)}.`);
    }
  };
}

async function addressesOf(url: URL, resolve: NonNullable<PostOptions['resolve']>): Promise<readonly Address[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  return family === 0 ? await resolve(host) : [{ address: host, family }];
}

/** Sends it to one of the addresses, and resolves to the status of the answer. */
function exchange(
  url: URL,
  what: { headers: Readonly<Record<string, string>>; body: string; addresses: readonly Address[]; signal: AbortSignal },
): Promise<number> {
  const { headers, body, addresses, signal } = what;
  const lookup: LookupFunction = (_host, { all }, done) => {
    const [first] = addresses;
    if (all) done(null, [...addresses]);
    else done(null, first?.address ?? '', first?.family);
  };
  const settings: RequestOptions = {
    method: 'POST',
    lookup,
    signal,
    // No connection that was made for somebody else, and none that is kept.
    agent: false,
    maxHeaderSize: 16 * 1024,
    headers: { ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' },
  };
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = send(url, settings, (answer) => {
      let read = 0;
      const finish = (): void => {
        resolve(answer.statusCode ?? 0);
        sent.destroy();
      };
      answer.on('data', (chunk: Buffer) => {
        read += chunk.length;
        if (read > MOST_READ_BYTES) finish();
      });
      answer.once('end', finish);
      answer.once('error', reject);
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

async function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const late = new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
  return await Promise.race([work, late]);
}

const wordsFor = (status: number): string =>
  status >= 300 && status < 400 ? `It answered ${status}: redirects are not followed.` : `It answered ${status}.`;

/** ECONNREFUSED, CERT_HAS_EXPIRED, ENOTFOUND …: of the first cause that has one. */
function codeOf(error: unknown): string {
  const inner: unknown = isNativeError(error) && 'errors' in error && Array.isArray(error.errors) ? error.errors[0] : error;
  return isNativeError(inner) && 'code' in inner ? String(inner.code) : 'an unknown fault';
}
