/**
 * What ends a client's work, in words: an answer of the API that asking again does not change, trouble that went on for
 * too long, a file that cannot be read. `code` is the API's own, or one of these.
 */
export const CLIENT_CODES = [
  'API_UNAVAILABLE',
  'STORE_UNAVAILABLE',
  'FILE_NOT_READABLE',
  'FILE_CHANGED',
  'UPLOAD_BUSY',
  'UPLOAD_FAILED',
  'DOWNLOAD_FAILED',
  'NOT_PUBLISHED',
  'WEBHOOK_UNVERIFIED',
] as const;
export type ClientCode = (typeof CLIENT_CODES)[number];

export class ClientFault extends Error {
  override readonly name = 'ClientFault';
  /** HTTP status of the API's answer; 0 where it did not come to one. */
  readonly status: number;
  /** With UPLOAD_INCOMPLETE: what the store does not hold. */
  readonly missingParts: readonly number[];

  constructor(
    /** A ClientCode, a code of the API, or HTTP_<status> where an answer had none. */
    readonly code: string,
    message: string,
    details: { readonly status?: number; readonly missingParts?: readonly number[] } = {},
  ) {
    super(message);
    this.status = details.status ?? 0;
    this.missingParts = details.missingParts ?? [];
  }
}

/** A fault of this side, by a code of the closed list. */
export function clientFault(code: ClientCode, message: string): ClientFault {
  return new ClientFault(code, message);
}

/** The words of anything that was thrown. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Node's code of a system error, such as ENOENT; empty where there is none. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
