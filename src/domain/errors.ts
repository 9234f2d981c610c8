/**
 * The one error class and the one closed table of codes.
 *
 * `kind` decides what happens next, everywhere:
 * - `input`: the owner's file or request is at fault. Never retried; the text tells the owner what to do.
 * - `transient`: the world is at fault (network, disk, preemption). Retried until a deadline; burns no attempt.
 * - `bug`: we are at fault, or we do not know who is. A few retries, then a person looks at it.
 */
export type ErrorKind = 'input' | 'transient' | 'bug';

interface CodeRow {
  readonly kind: ErrorKind;
  /** What an owner or an operator reads: what is wrong, and what to do about it. */
  readonly text: string;
}

export const ERROR_CODES = {
  // The file itself.
  SOURCE_EMPTY: { kind: 'input', text: 'The file is empty (0 bytes). Export it again and upload the new file.' },
  SOURCE_NOT_MEDIA: {
    kind: 'input',
    text: 'This is not a video file that can be read. Upload an MP4, MOV, MKV, WebM, MPEG-TS or AVI file.',
  },
  SOURCE_NO_VIDEO: {
    kind: 'input',
    text: 'The file has neither pictures nor sound that can be read. Upload a file with moving pictures.',
  },
  SOURCE_AUDIO_ONLY: {
    kind: 'input',
    text: 'The file has sound, but no moving picture (cover art is none). Put a picture track to it in an editing program and upload the video.',
  },
  SOURCE_STILL_PICTURE: {
    kind: 'input',
    text: 'The file is a still picture. Upload a file with moving pictures; of pictures make a video of at least a second first.',
  },
  SOURCE_TRUNCATED: {
    kind: 'input',
    text: 'The file ends before it should: part of it is missing. Copy or export it again and upload the whole file.',
  },
  SOURCE_CORRUPT: {
    kind: 'input',
    text: 'The file is damaged and cannot be read to its end. Export it again from the program that made it.',
  },
  SOURCE_DAMAGED: {
    kind: 'input',
    text: 'Parts of the file are damaged and cannot be shown as they were. Copy or export it again from the original and upload that.',
  },
  SOURCE_UNSUPPORTED: {
    kind: 'input',
    text: 'The file uses a video format that is not supported. Convert it to H.264 in MP4 and upload that.',
  },
  SOURCE_LIMITS: {
    kind: 'input',
    text: 'The video has a size or a shape that is not taken. Export it with an ordinary picture.',
  },
  SOURCE_PIXELS: { kind: 'input', text: 'The picture is larger than allowed. Export it with a smaller picture, 8K at most.' },
  SOURCE_DURATION: { kind: 'input', text: 'The video is longer than allowed. Export it in parts of at most 24 hours.' },
  SOURCE_FRAME_RATE: { kind: 'input', text: 'The frame rate is not one that is taken. Export it with 1 to 240 frames a second.' },
  SOURCE_TRACKS: { kind: 'input', text: 'The file has more tracks than are allowed. Export it with one video track and the sound that is needed.' },
  SOURCE_EDITS: {
    kind: 'input',
    text: 'The film is put together of too many cuts that players would have to make. Export it as one piece, without an edit list.',
  },
  SOURCE_COST: {
    kind: 'input',
    text: 'The video needs far more work than a file of its size may ask for. Export it in parts, or with a smaller picture or a lower frame rate.',
  },
  SOURCE_CHANGED: { kind: 'input', text: 'The uploaded file changed after it was accepted. Upload it again as a new video.' },

  // The upload and the API.
  REQUEST_INVALID: { kind: 'input', text: 'The request is not valid. The list of errors says which field and why.' },
  UNAUTHENTICATED: { kind: 'input', text: 'A valid API key is needed: send it as "Authorization: Bearer rm_…".' },
  WRONG_KEYS: {
    kind: 'input',
    text: 'Too many wrong API keys came from this address. A right one is still let in: send it as "Authorization: Bearer rm_…".',
  },
  FORBIDDEN: { kind: 'input', text: 'This API key may not do that.' },
  NOT_FOUND: { kind: 'input', text: 'There is nothing here with this id.' },
  METHOD_NOT_ALLOWED: { kind: 'input', text: 'This address does not take this method.' },
  PAYLOAD_TOO_LARGE: { kind: 'input', text: 'The request body is too large. Media goes to the part URLs, not to the API.' },
  UNSUPPORTED_MEDIA_TYPE: { kind: 'input', text: 'The request body has the wrong type. Send JSON as "Content-Type: application/json".' },
  IDEMPOTENCY_KEY_REUSED: {
    kind: 'input',
    text: 'This Idempotency-Key was used before for another request. Send the same request again, or use a new key.',
  },
  UPLOAD_TOO_LARGE: { kind: 'input', text: 'The file is larger than the largest size that is accepted.' },
  UPLOAD_INCOMPLETE: {
    kind: 'input',
    text: 'Parts are missing or have the wrong size. Send the parts that are listed and complete the upload again.',
  },
  UPLOAD_MISMATCH: { kind: 'input', text: 'What was sent is not the file that was announced. Create a new upload and send the file again.' },
  UPLOAD_DAMAGED: {
    kind: 'input',
    text: 'What was stored is not what was sent: a connection broke on the way. Create a new upload and send the file again.',
  },
  UPLOAD_CLOSED: { kind: 'input', text: 'This upload is closed. Create a new upload.' },
  UPLOAD_EXPIRED: { kind: 'input', text: 'This upload was not finished in time and has been cleared away. Create a new upload.' },
  QUOTA_EXCEEDED: {
    kind: 'input',
    text: 'The account has no room for this file. Delete videos or give up open uploads that are no longer needed, or ask for a larger quota.',
  },
  TOO_MANY_STREAMS: { kind: 'input', text: 'Too many streams are open for this account. Close some, or follow all videos with one stream.' },
  DAILY_LIMIT: {
    kind: 'input',
    text: 'What the account may begin in one day is used up. Try again after midnight UTC, or ask for a larger tier.',
  },
  UPLOADS_LIMIT: { kind: 'transient', text: 'Too many uploads are open at a time. Complete some or give some up, then try again.' },
  RATE_LIMITED: { kind: 'transient', text: 'Too many requests. Wait as long as Retry-After says; uploads that are open go on meanwhile.' },
  IDEMPOTENCY_KEY_IN_USE: {
    kind: 'transient',
    text: 'A request with this Idempotency-Key is being answered at this moment. Try again in a moment, with the same key.',
  },
  PRECONDITION_FAILED: {
    kind: 'input',
    text: 'It has changed since the version in If-Match. Read it again, and decide again; or leave If-Match out.',
  },
  METADATA_LIMIT: { kind: 'input', text: 'A video has at most 50 entries of metadata. Take some away (null) and try again.' },
  CONFLICT: { kind: 'input', text: 'The resource is in a state that does not allow this.' },
  GENERATION_RUNNING: {
    kind: 'input',
    text: 'A generation of this video is being made already. Wait until it is published or refused; one in review waits for your decision.',
  },
  GENERATION_GONE: { kind: 'input', text: 'There is no such published generation any more. The list of generations says which can be gone back to.' },
  SOURCE_GONE: { kind: 'input', text: 'The uploaded file is not kept any more, so nothing can be made of it again. Upload it as a new video.' },

  // Encoding.
  ENCODE_FAILED: { kind: 'bug', text: 'A piece of the video could not be encoded. It waits for review.' },
  ENCODE_STALLED: { kind: 'bug', text: 'Encoding of a piece made no progress and was stopped. It waits for review.' },
  DECODER_CRASHED: { kind: 'bug', text: 'The program that reads video files crashed on this one. It waits for review.' },
  INSPECT_STALLED: { kind: 'bug', text: 'Looking at the file came to no end and was stopped. It waits for review.' },
  ENCODE_MISMATCH: { kind: 'bug', text: 'An encoded piece has other frames than planned. It waits for review.' },
  RESOURCE_LIMIT: { kind: 'bug', text: 'Encoding a piece needed more memory or time than a worker has. It waits for review.' },
  INIT_MISMATCH: { kind: 'bug', text: 'Pieces of one quality do not share one header. The video waits for review.' },
  IMAGES_FAILED: { kind: 'bug', text: 'The preview pictures could not be made. The video waits for review.' },

  // Verification before publish.
  VERIFY_MISSING: { kind: 'bug', text: 'A file of the result is missing. It was not published.' },
  VERIFY_SIZE: { kind: 'bug', text: 'A file of the result has another size than recorded. It was not published.' },
  VERIFY_HASH: { kind: 'bug', text: 'A file of the result has other bytes than recorded. It was not published.' },
  VERIFY_PACKETS: { kind: 'bug', text: 'The result has another number of packets than planned. It was not published.' },
  VERIFY_TRACKS: { kind: 'bug', text: 'The result has other tracks than planned. It was not published.' },
  VERIFY_TIMELINE: { kind: 'bug', text: 'The result has a gap or an overlap in its time line. It was not published.' },
  VERIFY_SUBTITLES: { kind: 'bug', text: 'Subtitles of the result are not what was written. It was not published.' },
  VERIFY_PLAYLIST: { kind: 'bug', text: 'A playlist does not match the files it names. It was not published.' },

  // The world.
  STORAGE_UNAVAILABLE: { kind: 'transient', text: 'The object store does not answer. This is tried again.' },
  CATALOGUE_UNAVAILABLE: { kind: 'transient', text: 'The database does not answer. This is tried again.' },
  WORKFLOWS_UNAVAILABLE: { kind: 'transient', text: 'The workflow service does not answer. Try again in a moment.' },
  OVERLOADED: { kind: 'transient', text: 'More is asked of this server at the moment than it can answer. Try again after Retry-After.' },
  DISK_FULL: { kind: 'transient', text: 'A worker ran out of disk. This is tried again elsewhere.' },
  ENCODE_KILLED: { kind: 'transient', text: 'Encoding of a piece was ended from outside. This is tried again.' },
  SANDBOX_FAILED: { kind: 'transient', text: 'A worker could not shut the program in that reads the file. This is tried again elsewhere.' },
  WORKER_DRAINING: { kind: 'transient', text: 'The worker is shutting down. The work goes on elsewhere.' },
  CANCELLED: { kind: 'input', text: 'Cancelled on request.' },

  CONFIG_INVALID: { kind: 'input', text: 'The configuration is not valid. Every fault is listed.' },
  INTERNAL: { kind: 'bug', text: 'Something went wrong on our side. It has been recorded under the request id.' },
} as const satisfies Record<string, CodeRow>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Facts that help whoever looks at it at 3 a.m.: small, JSON, no secrets. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null | readonly string[] | readonly number[]>>;

/**
 * The only error that Reelmill's own code throws on purpose.
 * `message` is the code's text, with `note` behind it where the case has more to say.
 */
export class PipelineError extends Error {
  override readonly name = 'PipelineError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, options: { note?: string; details?: ErrorDetails; cause?: unknown } = {}) {
    const text = ERROR_CODES[code].text;
    super(options.note ? `${text} ${options.note}` : text, { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }

  get kind(): ErrorKind {
    return ERROR_CODES[this.code].kind;
  }
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERROR_CODES, value);
}

export function kindOf(code: ErrorCode): ErrorKind {
  return ERROR_CODES[code].kind;
}
