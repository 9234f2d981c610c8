import { Pool } from 'undici';

/** One request. Its path and body are made before the clock runs. */
export interface Shot {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Reply {
  /** 0: no answer came, or it broke off. */
  readonly status: number;
  readonly text: string;
  /** When to come again, of who is sent away; 0 where it was not said. */
  readonly retryAfterS: number;
}

export interface HttpClient {
  /** Resolves whatever happens. */
  send(shot: Shot): Promise<Reply>;
  close(): Promise<void>;
}

/** Keeps its connections and does as little as it can for a request: it shares its cores with what it measures. */
export function createHttpClient(to: { readonly url: string; readonly apiKey: string; readonly connections: number }): HttpClient {
  const pool = new Pool(to.url, { connections: to.connections, pipelining: 1, headersTimeout: 60_000, bodyTimeout: 60_000 });
  const authorization = `Bearer ${to.apiKey}`;
  return {
    send: ({ method, path, headers, body }) =>
      new Promise((resolve) => {
        const pieces: Buffer[] = [];
        let [status, retryAfterS] = [0, 0];
        const json = body === undefined ? null : JSON.stringify(body);
        const all = { authorization, ...(json === null ? {} : { 'content-type': 'application/json' }), ...headers };
        pool.dispatch(
          { method, path, headers: all, body: json },
          {
            onRequestStart: () => undefined,
            onResponseStart(_controller, code, headers) {
              status = code;
              retryAfterS = Number(headers['retry-after'] ?? 0);
            },
            onResponseData: (_controller, piece) => void pieces.push(piece),
            onResponseEnd: () => resolve({ status, retryAfterS, text: pieces.length === 1 ? String(pieces[0]) : Buffer.concat(pieces).toString() }),
            onResponseError: (_controller, error) => resolve({ status: 0, retryAfterS: 0, text: error.message }),
          },
        );
      }),
    close: () => pool.destroy(),
  };
}
