/**
 * Every shape that the API takes or gives, in one place: requests are checked with these, and the OpenAPI document is
 * made from them. What a client writes is strict; what it reads may gain fields, so clients must ignore unknown ones.
 */
import { z } from 'zod';
import type {} from 'zod-openapi';
import { ERROR_CODES, type ErrorCode } from '../domain/errors.js';
import { MAX_END_BYTES } from '../domain/preflight.js';
import { RENDITION_STATES } from '../domain/rendition-state.js';
import { CHECKSUM_ALGORITHMS, MAX_PARTS, MAX_UPLOAD_BYTES, OPEN_UPLOAD_STATES, UPLOAD_STATES } from '../domain/upload.js';
import { STAGES, VIDEO_STATES } from '../domain/video.js';

import { AT, bytes, CLEAN, count, HEX, paging, time, uploadId, videoId } from './schema-fields.js';
import { cost } from './schemas-generations.js';
import { tier } from './schemas-tenancy.js';
import { LABELS_EXAMPLE, labelFields, newLabels, stageTimes } from './schemas-videos.js';

export { uploadId, videoId } from './schema-fields.js';
export * from './schemas-events.js';
export * from './schemas-generations.js';
export * from './schemas-tenancy.js';
export * from './schemas-videos.js';
export * from './schemas-webhooks.js';

const partNumber = z.int().min(1).max(1000);
/** Where the client chose the part size there may be as many as S3 takes. */
const anyPartNumber = z.int().min(1).max(MAX_PARTS);
/** type/subtype, with parameters or without. */
export const MEDIA_TYPE = /^[A-Za-z0-9!#$&^_.+-]+\/[A-Za-z0-9!#$&^_.+-]+(?: *;[\x20-\x7e]*)?$/;

const fingerprint = z.string().min(1).max(255).regex(CLEAN, 'A fingerprint has no control characters.');

// ---- Requests

export const createUploadBody = z
  .strictObject({
    file_name: z
      .string()
      .min(1)
      .max(255)
      .regex(CLEAN, 'A file name has no control characters.')
      .regex(/\S/, 'A file name has at least one visible character.')
      .optional()
      .meta({
        description: 'Name of the file, for people. Not a path, and no address is made from it. Absent: an upload client such as Uppy says it.',
        example: 'clip.mp4',
      }),
    size_bytes: bytes.max(MAX_UPLOAD_BYTES).nullish().meta({
      description:
        'Exact size of the file. null or absent: not known yet; what is sent decides. Parts can be signed at …/parts only where it is given.',
      example: 10_485_760,
    }),
    content_type: z
      .string()
      .max(127)
      .regex(MEDIA_TYPE, 'A media type such as "video/mp4".')
      .optional()
      .meta({ description: 'What the file says it is. A hint only: the content decides.', example: 'video/mp4' }),
    fingerprint: fingerprint.optional().meta({
      description:
        'Chosen by the client, the same for the same file on any machine: made of name, size, time of change and type. The open upload of a file is found by it.',
      example: 'clip.mp4-10485760-1795256100000-video/mp4',
    }),
    checksum: z
      .enum(CHECKSUM_ALGORITHMS)
      .optional()
      .meta({ description: 'Every part will be signed with its checksum, and the store refuses other bytes. Absent: parts come without.' }),
    method: z
      .literal('put')
      .optional()
      .meta({ description: 'put: answer with a `put_url` too, to which the whole file is sent by one PUT (up to 5 GiB).' }),
    ...newLabels,
  })
  .meta({
    id: 'CreateUpload',
    description: 'The file that will be uploaded.',
    example: { file_name: 'clip.mp4', size_bytes: 10_485_760, content_type: 'video/mp4' },
  });

export const signPartsBody = z
  .strictObject({
    part_numbers: z
      .array(partNumber)
      .min(1)
      .max(100)
      .refine((numbers) => new Set(numbers).size === numbers.length, 'Each part number stands once.')
      .optional()
      .meta({ description: 'Parts to sign, from 1; at most 100, each once.', uniqueItems: true, example: [1, 2] }),
    parts: z
      .array(z.strictObject({ part_number: partNumber, checksum: z.string().max(64).meta({ description: 'Base64.', example: 'yZRlqg==' }) }))
      .min(1)
      .max(100)
      .refine((parts) => new Set(parts.map((part) => part.part_number)).size === parts.length, 'Each part number stands once.')
      .optional()
      .meta({ description: 'The same with checksums: for uploads that were created with `checksum`, in place of part_numbers.' }),
  })
  .refine((body) => (body.part_numbers === undefined) !== (body.parts === undefined), 'Either part_numbers or parts.')
  .meta({ id: 'SignParts', description: 'Which parts to sign URLs for.', example: { part_numbers: [1, 2] } });

const fileEnd = z
  .base64()
  .max(Math.ceil(MAX_END_BYTES / 3) * 4)
  .transform((text): Uint8Array => Buffer.from(text, 'base64'));

export const preflightBody = z
  .strictObject({
    head: fileEnd.meta({
      description: `The first bytes of the file, in base64: 4096 to ${MAX_END_BYTES}, or all of a smaller file.`,
      example: 'AAAAHGZ0eXBpc29t',
    }),
    tail: fileEnd.optional().meta({ description: `The last bytes of the file, in base64: at most ${MAX_END_BYTES}.`, example: 'AAAACG1vb3Y=' }),
  })
  .meta({ id: 'PreflightUpload', description: 'Both ends of the file.', example: { head: 'AAAAHGZ0eXBpc29t', tail: 'AAAACG1vb3Y=' } });

export const uppyFile = z
  .object({ filename: z.string().max(4096).optional(), type: z.string().max(255).optional(), metadata: z.record(z.string(), z.unknown()).nullish() })
  .meta({ id: 'UppyFile', description: 'What Uppy says of a file.', example: { filename: 'clip.mp4', type: 'video/mp4', metadata: {} } });
export const uppyFileQuery = z.object({
  // In an address, where a sign may take twelve bytes of the 16 kB that a request's head may have.
  filename: z.string().max(1024).optional().meta({ description: 'Name of the file.', example: 'clip.mp4' }),
  type: z.string().max(255).optional().meta({ description: 'Its media type.', example: 'video/mp4' }),
});
export const uppyParts = z
  .object({
    parts: z
      .array(z.object({ PartNumber: anyPartNumber }))
      .max(MAX_PARTS)
      .default([]),
  })
  .meta({
    id: 'UppyParts',
    description: 'The parts that the client sent. Only the highest number is looked at.',
    example: { parts: [{ PartNumber: 1 }] },
  });
export const uppyBatchQuery = z.object({
  partNumbers: z
    .string()
    .max(1000)
    .transform((text) => text.split(',').map(Number))
    .pipe(z.array(anyPartNumber).min(1).max(100))
    .meta({ description: 'Part numbers, separated by commas; at most 100.', example: '1,2' }),
});
export const multipartId = z.string().min(1).max(1024).meta({ description: 'The uploadId that the create call gave.', example: '2~abc' });
export const pathPartNumber = z.coerce.number().int().min(1).max(MAX_PARTS).meta({ description: 'From 1.', example: 1 });

export const noBody = z.strictObject({}).optional();

export const resolveBody = z
  .strictObject({
    action: z.enum(['retry', 'reject']).meta({ description: 'retry: run the stage that failed once more. reject: give the video up.' }),
    note: z.string().max(500).regex(CLEAN, 'No control characters, and not empty.').optional().meta({ description: 'Why, for the record.' }),
  })
  .meta({
    id: 'ResolveVideo',
    description: 'A person’s word on a video in review.',
    example: { action: 'retry', note: 'The worker’s disk was full.' },
  });

export const listUploadsQuery = z.object({
  ...paging,
  status: z
    .string()
    .max(200)
    .optional()
    .transform((text) => text?.split(',').flatMap<string>((word) => (word.trim() === 'open' ? OPEN_UPLOAD_STATES : [word.trim()])))
    .pipe(z.array(z.enum(UPLOAD_STATES)).min(1).optional())
    .meta({
      description: `Only these states, separated by commas: ${UPLOAD_STATES.join(', ')}; or open, for waiting and uploading.`,
      example: 'open',
    }),
  fingerprint: fingerprint.optional().meta({ description: 'Only uploads of the file with this fingerprint.' }),
});

export const getVideoQuery = z.object({
  wait: z.coerce
    .number()
    .int()
    .min(0)
    .max(30)
    .default(0)
    .meta({ description: 'Seconds to wait for a change: from the version in If-None-Match, or from now.', example: 30 }),
});

export const conditionalHeaders = z.object({
  'if-none-match': z
    .string()
    .max(1000)
    .optional()
    .meta({ description: 'ETag that the client has: answered with 304 where nothing changed.', example: '"v7"' }),
});

// ---- Answers

export const upload = z
  .object({
    id: uploadId,
    object: z.literal('upload'),
    status: z.enum(UPLOAD_STATES).meta({ description: 'waiting: no part was signed yet. uploading: parts may be sent. The others are final.' }),
    video_id: videoId,
    file_name: z.string().meta({ description: 'Empty until the file has been named.' }),
    size_bytes: bytes.nullable().meta({ description: 'null where it was not declared and is not known yet.' }),
    content_type: z.string(),
    part_size_bytes: bytes
      .nullable()
      .meta({ description: 'Every part but the last has exactly this size; the last has the rest. null where the client chooses it.' }),
    part_count: z.int().min(1).nullable().meta({ description: 'At least 1: an empty file has one empty part. null where it is not known yet.' }),
    checksum: z.enum(CHECKSUM_ALGORITHMS).nullable().meta({ description: 'What every part is signed with; null: nothing.' }),
    missing_parts: z.array(anyPartNumber).meta({
      description: 'Parts that the store does not hold in their exact size yet; [1] where nothing is known. Empty once closed.',
    }),
    fingerprint: z.string().nullable().meta({ description: 'What the client knows the file by.' }),
    errors: z
      .array(z.object({ code: z.string(), message: z.string() }))
      .meta({ description: 'Why the file was refused, and what to do. Empty unless errored.' }),
    url: z.url().meta({ description: 'Address of this upload.' }),
    client_url: z.url().meta({
      description:
        'The same upload for whoever holds this address: it needs no key, reaches nothing else, and ends with the upload. Give it to a browser; it is the `companionEndpoint` of Uppy.',
    }),
    put_url: z.url().optional().meta({ description: 'With method "put": send the file here by one PUT. Nothing else has to be called.' }),
    expires_at: time.meta({
      description: 'The upload ends by itself then, unless completed before. Signing parts moves it on, to at most seven days after creation.',
    }),
    created_at: time,
    completed_at: time.nullable(),
    closed_at: time.nullable().meta({ description: 'When it was completed, or ended otherwise; null while open.' }),
  })
  .meta({
    id: 'Upload',
    description: 'One resumable transfer of one file.',
    example: {
      id: `upl_${HEX}`,
      object: 'upload',
      status: 'waiting',
      video_id: `vid_${HEX}`,
      file_name: 'clip.mp4',
      size_bytes: 10_485_760,
      content_type: 'video/mp4',
      part_size_bytes: 8_388_608,
      part_count: 2,
      checksum: null,
      missing_parts: [1, 2],
      fingerprint: null,
      errors: [],
      url: `https://api.example.com/v1/uploads/upl_${HEX}`,
      client_url: `https://api.example.com/v1/uploads/upt_${HEX}_8yE0bq3Zc5gW1kq0a0b1c2d3e4f5g6h7i8j9k0l1m2n`,
      expires_at: '2026-11-22T10:15:00.000Z',
      created_at: AT,
      completed_at: null,
      closed_at: null,
    },
  });
export type UploadJson = z.output<typeof upload>;

export const uploadList = z
  .object({ object: z.literal('list'), data: z.array(upload), next_cursor: z.string().nullable(), has_more: z.boolean() })
  .meta({
    id: 'UploadList',
    description: 'A page of uploads, newest first.',
    example: { object: 'list', data: [], next_cursor: null, has_more: false },
  });
export type UploadListJson = z.output<typeof uploadList>;

export const preflight = z
  .object({
    object: z.literal('preflight'),
    verdict: z.enum(['accepted', 'unknown']).meta({
      description:
        'accepted: a container that is taken, and whole by its own account. unknown: these bytes prove nothing; only the whole file can tell.',
    }),
  })
  .meta({ id: 'Preflight', description: 'What the ends of a file say of it.', example: { object: 'preflight', verdict: 'accepted' } });
export type PreflightJson = z.output<typeof preflight>;

export const usage = z
  .object({
    object: z.literal('usage'),
    quota_bytes: bytes.nullable().meta({ description: 'What may be held in all; null: no limit.' }),
    reserved_bytes: z.int().meta({ description: 'Held for open uploads, in their declared sizes.' }),
    stored_bytes: z.int().meta({ description: 'Held by the sources of videos.' }),
    open_uploads: z.int().meta({ description: 'Upload sessions that are open.' }),
    today: z
      .object({ bytes: z.int(), encode_minutes: z.int() })
      .meta({ description: 'What counts for this day (UTC): bytes of uploads that were begun, minutes of video that were planned.' }),
    tier,
  })
  .meta({
    id: 'Usage',
    description: 'The account: what may be held, and what is.',
    example: {
      object: 'usage',
      ...{ quota_bytes: 100_000_000_000, reserved_bytes: 10_485_760, stored_bytes: 2_500_000_000, open_uploads: 1 },
      today: { bytes: 10_485_760, encode_minutes: 12 },
      tier: { name: 'unlimited', object: 'tier', requests: null, open_uploads: null, bytes_per_day: null, encode_minutes_per_day: null },
    },
  });
export type UsageJson = z.output<typeof usage>;

export const signedParts = z
  .object({
    parts: z.array(
      z.object({
        part_number: partNumber,
        size_bytes: bytes.meta({ description: 'The only size that this part may have.' }),
        url: z.url().meta({
          description: 'PUT the part’s bytes here. A 403 means: sign again. A 400: other bytes than the checksum’s arrived; send them again.',
        }),
        headers: z
          .record(z.string(), z.string())
          .meta({ description: 'Send these with the PUT, and no others. Empty where the upload has no checksum.' }),
      }),
    ),
    expires_at: time.meta({ description: 'The URLs end then. A part may be signed again at any time.' }),
  })
  .meta({
    id: 'SignedParts',
    description: 'One URL a part.',
    example: {
      parts: [
        {
          part_number: 1,
          size_bytes: 8_388_608,
          url: 'https://s3.example.com/reelmill/sources/acme/a1b2?partNumber=1&X-Amz-Signature=0f3a',
          headers: {},
        },
      ],
      expires_at: '2026-11-21T10:30:00.000Z',
    },
  });
export type SignedPartsJson = z.output<typeof signedParts>;

export const putUrl = z
  .object({
    put_url: z.url().meta({ description: 'PUT the whole file here, without further headers: curl -T FILE "URL".' }),
    expires_at: time.meta({ description: 'The PUT has to begin before.' }),
  })
  .meta({
    id: 'PutUrl',
    description: 'Where to send the whole file.',
    example: { put_url: 'https://s3.example.com/reelmill/arrivals/a1b2?X-Amz-Signature=0f3a', expires_at: '2026-11-21T10:30:00.000Z' },
  });
export type PutUrlJson = z.output<typeof putUrl>;

// What Uppy reads. The names are its own.
export const uppyForm = z.object({ url: z.url(), fields: z.record(z.string(), z.string()) }).meta({
  id: 'UppyForm',
  description: 'Where to POST the file, and the fields to send before it.',
  example: { url: 'https://s3.example.com/reelmill', fields: { key: '…' } },
});
export const uppyMultipart = z
  .object({ key: z.string(), uploadId: z.string() })
  .meta({ id: 'UppyMultipart', description: 'What the other calls are made with.', example: { key: 'sources/…', uploadId: '2~abc' } });
export const uppyUrl = z
  .object({ url: z.url() })
  .meta({ id: 'UppyUrl', description: 'Where to PUT the part.', example: { url: 'https://s3.example.com/reelmill/sources/acme/a1b2?partNumber=1' } });
export const uppyUrls = z.object({ presignedUrls: z.record(z.string(), z.url()) }).meta({
  id: 'UppyUrls',
  description: 'One URL a part.',
  example: { presignedUrls: { 1: 'https://s3.example.com/reelmill/sources/acme/a1b2?partNumber=1' } },
});
export const uppyPartList = z.array(z.object({ PartNumber: anyPartNumber, ETag: z.string(), Size: bytes })).meta({
  id: 'UppyPartList',
  description: 'The parts that need not be sent again.',
  example: [{ PartNumber: 1, ETag: '"9b2c…"', Size: 5_242_880 }],
});
export const uppyDone = z.object({ location: z.url(), key: z.string(), video_id: videoId }).meta({
  id: 'UppyDone',
  description: 'The upload is complete. `location` is its address.',
  example: { location: `https://api.example.com/v1/uploads/upl_${HEX}`, key: 'sources/…', video_id: `vid_${HEX}` },
});
export const nothing = z.object({}).meta({ id: 'Nothing', description: 'Done.', example: {} });

const pixels = z.int().min(2);
export const video = z
  .object({
    id: videoId,
    object: z.literal('video'),
    name: z.string().meta({ description: 'Empty until the file has been named.' }),
    status: z.enum(VIDEO_STATES).meta({ description: 'New states may be added: treat an unknown one as "in progress".' }),
    ...labelFields,
    playable: z.boolean().meta({ description: 'A player can begin, be it before all is done.' }),
    progress: z.object({
      percent: z.int().min(0).max(100).meta({ description: 'Never falls within a generation.' }),
      stage: z.enum(STAGES).nullable(),
      chunks_done: z.int().min(0),
      chunks_total: z.int().min(0),
      eta_s: z
        .object({ low: z.int().min(0), high: z.int().min(0) })
        .nullable()
        .meta({ description: 'Seconds until it is published, as a range, counted from updated_at; null where nothing was measured yet.' }),
    }),
    generation: z.int().min(0).meta({ description: 'The encode that is being made, or was begun last; 0 before the upload is complete.' }),
    live_generation: z.int().min(1).nullable().meta({ description: 'The encode that players get.' }),
    duration_ms: z.int().min(0).nullable(),
    width: pixels.nullable(),
    height: pixels.nullable(),
    renditions: z.array(z.object({ name: z.string(), width: pixels, height: pixels, status: z.enum(RENDITION_STATES) })).meta({
      description:
        'Qualities, highest first, of the encode that is being made, else of the one that players get. All of a chunk’s are made together, so they move together.',
    }),
    stages: stageTimes,
    decisions: z
      .array(z.object({ code: z.string(), text: z.string() }))
      .meta({ description: 'Why that encode is as it is, for programs and for people.' }),
    cost: cost.nullable().meta({ description: 'Of that encode, so far; null while nothing is known of it.' }),
    truncated: z.boolean().meta({ description: 'The file that was uploaded ends before it should, and only what is whole of it is shown.' }),
    playback: z.object({ hls: z.url(), poster: z.url().nullable(), storyboard_vtt: z.url().nullable() }).nullable().meta({
      description:
        'Addresses for players; null while nothing can be played. Before the first publish it is what is encoded so far: a playlist that grows.',
    }),
    errors: z.array(z.object({ code: z.string(), message: z.string() })).meta({
      description:
        'Why it was refused or waits for review, and what to do. With ready: why another generation failed, while the one before plays on.',
    }),
    source: z.object({
      size_bytes: bytes.nullable().meta({ description: 'null while it is not known yet.' }),
      content_type: z.string(),
    }),
    created_at: time,
    updated_at: time,
    uploaded_at: time.nullable(),
    playable_at: time.nullable(),
    published_at: time.nullable(),
    version: z.int().min(1).meta({ description: 'Rises with every change; the ETag is made from it.' }),
  })
  .meta({
    id: 'Video',
    description: 'A video, from its announcement to its published qualities.',
    example: {
      id: `vid_${HEX}`,
      object: 'video',
      name: 'clip.mp4',
      status: 'preparing',
      ...LABELS_EXAMPLE,
      playable: false,
      progress: { percent: 34, stage: 'encode', chunks_done: 3, chunks_total: 9, eta_s: { low: 40, high: 75 } },
      generation: 1,
      live_generation: null,
      duration_ms: 52_208,
      width: 1280,
      height: 720,
      renditions: [{ name: '720p', width: 1280, height: 720, status: 'encoding' }],
      stages: [
        { stage: 'queued', started_at: AT, ms: 120, running_since: null },
        { stage: 'inspect', started_at: AT, ms: 640, running_since: null },
        { stage: 'plan', started_at: AT, ms: 55, running_since: null },
        { stage: 'encode', started_at: AT, ms: 0, running_since: AT },
      ],
      decisions: [{ code: 'NO_1080P', text: 'No 1080p: the source has 720 pixels on its shorter side, and enlarging it would add nothing.' }],
      cost: null,
      truncated: false,
      playback: null,
      errors: [],
      source: { size_bytes: 10_485_760, content_type: 'video/mp4' },
      created_at: AT,
      updated_at: AT,
      uploaded_at: AT,
      playable_at: null,
      published_at: null,
      version: 7,
    },
  });
export type VideoJson = z.output<typeof video>;

export const videoList = z
  .object({ object: z.literal('list'), data: z.array(video), next_cursor: z.string().nullable(), has_more: z.boolean() })
  .meta({
    id: 'VideoList',
    description: 'A page of videos.',
    example: { object: 'list', data: [], next_cursor: null, has_more: false },
  });
export type VideoListJson = z.output<typeof videoList>;

export const problem = z
  .object({
    type: z.string().meta({ description: 'Address of the code’s description, relative to the API.' }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().meta({ description: 'What is wrong and what to do about it.' }),
    instance: z.string(),
    code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]).meta({ description: 'For programs. New codes may be added.' }),
    errors: z
      .array(z.object({ pointer: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: 'Each fault of the request; pointer is a JSON Pointer into the body, or begins with /query or /headers.' }),
    missing_parts: z.array(anyPartNumber).optional().meta({ description: 'With UPLOAD_INCOMPLETE: what to send.' }),
    request_id: z.string().meta({ description: 'Also in the header X-Request-Id; name it when asking for help.' }),
  })
  .meta({
    id: 'Problem',
    description: 'RFC 9457 problem details.',
    example: {
      type: '/docs/errors#REQUEST_INVALID',
      title: 'Request invalid',
      status: 400,
      detail: ERROR_CODES.REQUEST_INVALID.text,
      instance: '/v1/uploads',
      code: 'REQUEST_INVALID',
      errors: [{ pointer: '/size_bytes', detail: 'Too small: expected number to be >=0' }],
      request_id: '5f0c7f0e-2f5d-4a33-8d1c-7a5b6c1d2e3f',
    },
  });
export type Problem = z.output<typeof problem>;

export const health = z.object({ status: z.literal('ok') }).meta({ id: 'Health', description: 'The process lives.', example: { status: 'ok' } });
export const readiness = z
  .object({
    status: z.enum(['ready', 'not_ready']),
    checks: z.record(z.string(), z.enum(['ok', 'missing'])).meta({ description: 'Each service that the API stands on.' }),
    missing: z.array(z.string()).meta({ description: 'Names of what is not there yet.' }),
  })
  .meta({
    id: 'Readiness',
    description: 'Whether requests can be served, and what is missing.',
    example: { status: 'not_ready', checks: { catalogue: 'ok', store: 'ok', workflows: 'missing' }, missing: ['workflows'] },
  });
export const version = z
  .object({ name: z.literal('reelmill'), version: z.string(), node: z.string() })
  .meta({ id: 'Version', description: 'What runs here.', example: { name: 'reelmill', version: '0.1.0', node: 'v20.20.2' } });

// ---- For operators

export const ledgerQuery = z.object({
  tenants: z
    .enum(['own', 'all'])
    .default('own')
    .meta({ description: 'own: the tenant of the key. all: every tenant; the key needs the scope "ops".', example: 'own' }),
});

const ledgerFigures = {
  accepted: count.meta({ description: 'Uploads that were completed.' }),
  published: count,
  rejected: count.meta({ description: 'Refused, with a reason that the video tells.' }),
  in_review: count,
  in_flight: count,
  cancelled: count.meta({ description: 'By request.' }),
  deleted: count.meta({ description: 'By request.' }),
  gap: z.int().meta({ description: 'accepted less all others. Anything but 0 is an alarm.' }),
  open_uploads: count,
  reserved_bytes: bytes.meta({ description: 'What open uploads announced.' }),
  oldest_open_at: time.nullable(),
  oldest_in_flight_at: time.nullable(),
};
const reconcilerJson = z
  .object({
    started_at: time,
    finished_at: time,
    repairs: z.record(z.string(), count).meta({ description: 'Of the last run, by kind.' }),
    repairs_total: z.record(z.string(), count),
    alarms: z.array(z.object({ what: z.string(), subject: z.string(), todo: z.string() })),
    open_multiparts: count,
    oldest_multipart_at: time.nullable(),
  })
  .nullable()
  .meta({ description: 'What reconciling last did, over all tenants; null before its first run, and for keys without the scope "ops".' });

export const ledger = z
  .object({
    object: z.literal('ledger'),
    ...ledgerFigures,
    tenants: z.array(z.object({ tenant_id: z.string(), ...ledgerFigures })),
    reconciler: reconcilerJson,
  })
  .meta({
    id: 'Ledger',
    description: 'accepted = published + rejected + in_review + in_flight + cancelled + deleted, read in one moment.',
    example: {
      object: 'ledger',
      ...{ accepted: 3, published: 2, rejected: 0, in_review: 0, in_flight: 1, cancelled: 0, deleted: 0, gap: 0 },
      ...{ open_uploads: 1, reserved_bytes: 10_485_760, oldest_open_at: AT, oldest_in_flight_at: AT },
      tenants: [],
      reconciler: null,
    },
  });
export type LedgerJson = z.output<typeof ledger>;

export const arrivalsBody = z.looseObject({}).meta({
  id: 'Arrivals',
  description: 'Event records of a store, as AWS S3, EventBridge, MinIO and versitygw send them.',
  example: { Records: [{ eventName: 's3:ObjectCreated:Put', s3: { bucket: { name: 'reelmill' }, object: { key: 'intake/acme/clip.mp4' } } }] },
});
export const arrivals = z
  .object({ object: z.literal('arrivals'), looked_at: count.meta({ description: 'Keys under intake/ that are looked at now.' }) })
  .meta({ id: 'ArrivalsTaken', description: 'How much of it was taken as a hint.', example: { object: 'arrivals', looked_at: 1 } });
