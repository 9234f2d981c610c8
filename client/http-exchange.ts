import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/**
 * One request with a text, one answer with a text, over Node's own kept connections. Not fetch: where a server cuts a
 * connection as it is made, Node 20's fetch neither resolves nor rejects.
 */
export function exchangeText(
  url: string,
  wish: { readonly method: string; readonly headers: Readonly<Record<string, string>>; readonly body?: string | undefined },
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const { method, headers, body } = wish;
  const length: Record<string, string> = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = send(url, { method, headers: { ...headers, ...length }, signal });
    request.on('error', reject);
    request.on('response', (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(pieces).toString('utf8') }),
      );
    });
    request.end(body);
  });
}
