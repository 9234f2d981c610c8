import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface HttpWish {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/**
 * One request with a text, one answer with a text, over Node's own kept connections. Not fetch: where a server cuts a
 * connection as it is made, Node 20's fetch neither resolves nor rejects.
 */
export async function exchangeText(wish: HttpWish, signal: AbortSignal): Promise<HttpAnswer> {
  return await textOf(await exchange(wish, { signal }));
}

/** The answer as soon as its head is there. */
export function exchange({ method, url, headers, body }: HttpWish, how: RequestOptions): Promise<IncomingMessage> {
  const length: Record<string, string> = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = send(url, { method, headers: { ...headers, ...length }, ...how });
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error('the connection is silent')));
    request.on('response', resolve);
    request.end(body);
  });
}

export function textOf(response: IncomingMessage): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    response.on('data', (piece: Buffer) => pieces.push(piece));
    response.on('error', reject);
    response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(pieces).toString('utf8') }));
  });
}
