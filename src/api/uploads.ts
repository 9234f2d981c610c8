import pLimit from 'p-limit';
import { z } from 'zod';
import { type ErrorCode, PipelineError } from '../domain/errors.js';
import { MAX_END_BYTES } from '../domain/preflight.js';
import type { Upload } from '../domain/upload.js';
import { createUpload } from './create-upload.js';
import { createCursors } from './cursor.js';
import type { ApiDeps } from './deps.js';
import { abortUpload, completeUpload } from './end-upload.js';
import { preflightUpload } from './preflight-upload.js';
import { type Answer, type Route, route } from './route.js';
import {
  createUploadBody,
  idempotencyHeaders,
  listUploadsQuery,
  noBody,
  preflightBody,
  preflight as preflightSchema,
  putUrl,
  signedParts,
  signPartsBody,
  type UploadListJson,
  uploadId,
  uploadList,
  upload as uploadSchema,
} from './schemas.js';
import { signParts } from './sign-parts.js';
import { traced } from './traced.js';
import { isOpen, uploadJson } from './upload-json.js';
import { createUploadTokens } from './upload-token.js';
import { signPut } from './whole-file.js';

const params = z.object({ upload_id: uploadId });

/** Uploads of a page whose parts are asked for at a time. */
const LISTS_AT_ONCE = 8;
/** Two ends of a file in base64, and room for the words around them. */
const MAX_PREFLIGHT_BYTES = 2 * 4 * Math.ceil(MAX_END_BYTES / 3) + 1024;
/** What a pre-flight refuses a file with, and what signing and completing answer from then on. */
const REFUSALS = [
  'SOURCE_EMPTY',
  'SOURCE_NOT_MEDIA',
  'SOURCE_AUDIO_ONLY',
  'SOURCE_STILL_PICTURE',
  'SOURCE_UNSUPPORTED',
  'SOURCE_TRUNCATED',
] as const satisfies readonly ErrorCode[];

/** The upload session: created here, filled part by part straight into the store, completed by its workflow. */
export function uploadRoutes(deps: ApiDeps & { clock: () => Date }): Route[] {
  const found = async (tenantId: string, id: string): Promise<Upload> => {
    const upload = await deps.catalogue.findUpload(tenantId, id);
    if (!upload) throw new PipelineError('NOT_FOUND');
    return upload;
  };
  const tokens = createUploadTokens(deps.config.uploadTokenSecrets);
  const asJson = (upload: Upload, origin: string) => uploadJson(upload, { store: deps.store, tokens, baseUrl: deps.config.publicUrl ?? origin });
  const answer = async (status: number, upload: Upload, origin: string, more: { put_url?: string } = {}): Promise<Answer> => {
    const body = { ...(await asJson(upload, origin)), ...more };
    return { status, body, ...(status === 201 ? { headers: { Location: body.url } } : {}) };
  };
  const common = { tag: 'uploads', auth: 'key' } as const;

  return [
    route({
      ...common,
      method: 'post',
      path: '/v1/uploads',
      operationId: 'createUpload',
      scopes: ['uploads:write'],
      summary: 'Announce a file and get its upload',
      description:
        'Then sign parts, PUT them, and complete; or hand client_url to a browser; or ask for a put_url and PUT the whole file. Send an Idempotency-Key: a repeated request gives the same upload, and the same answer as far as the upload has not moved on.',
      headers: idempotencyHeaders,
      body: createUploadBody,
      answers: { 201: { description: 'The upload, new or found again.', schema: uploadSchema, headers: { Location: 'Address of the upload.' } } },
      problems: ['UPLOAD_TOO_LARGE', 'QUOTA_EXCEEDED', 'UPLOADS_LIMIT', 'DAILY_LIMIT', 'CONFLICT'],
      async handle({ headers, body, caller, origin, trace }) {
        const own = traced(deps, trace);
        const upload = await createUpload(own, { tenantId: caller.tenantId, idempotencyKey: headers['idempotency-key'], file: body });
        // Asked for again after its end, it has nothing to send to any more.
        if (body.method !== 'put' || !isOpen(upload)) return await answer(201, upload, origin);
        const { put_url, expires_at } = await signPut(own, upload);
        return { ...(await answer(201, await found(caller.tenantId, upload.id), origin, { put_url })), goodUntil: expires_at };
      },
    }),
    route({
      ...common,
      method: 'get',
      path: '/v1/uploads',
      operationId: 'listUploads',
      scopes: ['uploads:write', 'videos:read'],
      summary: 'Uploads, newest first',
      description: 'With ?fingerprint=…&status=open: the uploads of one file that can be gone on with, whatever machine began them.',
      query: listUploadsQuery,
      answers: { 200: { description: 'A page.', schema: uploadList } },
      async handle({ query: { limit, cursor, status, fingerprint }, caller, origin }) {
        const cursors = createCursors(['uploads', status ? [...new Set(status)].sort() : null, fingerprint ?? null], uploadId);
        const place = cursors.read(cursor);
        const after = place && { createdAt: place.at, id: place.id };
        const wanted = { ...(status ? { states: status } : {}), ...(fingerprint === undefined ? {} : { fingerprint }) };
        const rows = await deps.catalogue.listUploads({ tenantId: caller.tenantId, limit: limit + 1, after, ...wanted });
        const { page, ...more } = cursors.page(rows, limit, ({ createdAt, id }) => ({ at: createdAt, id }));
        const few = pLimit(LISTS_AT_ONCE);
        const data = await Promise.all(page.map((upload) => few(() => asJson(upload, origin))));
        const body: UploadListJson = { object: 'list', data, ...more };
        return { status: 200, body };
      },
    }),
    route({
      ...common,
      method: 'get',
      path: '/v1/uploads/{upload_id}',
      operationId: 'getUpload',
      scopes: ['uploads:write', 'videos:read'],
      unlimited: true,
      summary: 'An upload, and which parts are missing',
      params,
      answers: { 200: { description: 'The upload.', schema: uploadSchema } },
      async handle({ params: { upload_id }, caller, origin }) {
        return await answer(200, await found(caller.tenantId, upload_id), origin);
      },
    }),
    route({
      ...common,
      method: 'post',
      path: '/v1/uploads/{upload_id}/parts',
      operationId: 'signParts',
      scopes: ['uploads:write'],
      unlimited: true,
      summary: 'URLs to send parts to',
      description:
        'PUT each part, in its exact size and in any order, to its URL, with its headers. Parts may be signed and sent again until the upload is complete.',
      params,
      body: signPartsBody,
      answers: { 200: { description: 'One URL a part.', schema: signedParts } },
      problems: ['UPLOAD_CLOSED', 'UPLOAD_EXPIRED', 'CONFLICT', ...REFUSALS],
      async handle({ params: { upload_id }, body, caller, trace }) {
        const wanted = body.parts ?? (body.part_numbers ?? []).map((part_number) => ({ part_number }));
        const signed = await signParts(traced(deps, trace), await found(caller.tenantId, upload_id), wanted);
        return { status: 200, body: signed, goodUntil: signed.expires_at };
      },
    }),
    route({
      ...common,
      method: 'post',
      path: '/v1/uploads/{upload_id}/preflight',
      operationId: 'preflightUpload',
      scopes: ['uploads:write'],
      unlimited: true,
      summary: 'Ask whether the file will be taken, before it is sent',
      description:
        'Send the first and the last bytes. A file that is certain to be refused is refused at once, and the upload ends with the reason; anything less than certain is "unknown", and goes on.',
      params,
      body: preflightBody,
      maxJsonBytes: MAX_PREFLIGHT_BYTES,
      answers: { 200: { description: 'Nothing speaks against the file.', schema: preflightSchema } },
      problems: ['UPLOAD_CLOSED', 'UPLOAD_EXPIRED', ...REFUSALS],
      async handle({ params: { upload_id }, body, caller, trace }) {
        return { status: 200, body: await preflightUpload(traced(deps, trace), await found(caller.tenantId, upload_id), body) };
      },
    }),
    route({
      ...common,
      method: 'post',
      path: '/v1/uploads/{upload_id}/put-url',
      operationId: 'signPut',
      scopes: ['uploads:write'],
      unlimited: true,
      summary: 'A URL for the whole file',
      description:
        'For one PUT of up to 5 GiB. Nothing is called when it is there: it is found within moments. The URL may be asked for again; what is sent after the upload is complete changes nothing.',
      params,
      body: noBody,
      answers: { 200: { description: 'The URL.', schema: putUrl } },
      problems: ['UPLOAD_CLOSED', 'UPLOAD_EXPIRED', 'UPLOAD_TOO_LARGE', 'CONFLICT'],
      async handle({ params: { upload_id }, caller, trace }) {
        const signed = await signPut(traced(deps, trace), await found(caller.tenantId, upload_id));
        return { status: 200, body: signed, goodUntil: signed.expires_at };
      },
    }),
    route({
      ...common,
      method: 'post',
      path: '/v1/uploads/{upload_id}/complete',
      operationId: 'completeUpload',
      scopes: ['uploads:write'],
      unlimited: true,
      summary: 'Say that every part is sent',
      description:
        'The parts that the store holds decide. Safe to repeat, at any time and in parallel: a completed upload gives the same answer again. After a 503, ask again.',
      params,
      body: noBody,
      answers: { 200: { description: 'The upload is complete, and its video is queued.', schema: uploadSchema } },
      problems: ['UPLOAD_INCOMPLETE', 'UPLOAD_MISMATCH', 'UPLOAD_TOO_LARGE', 'UPLOAD_CLOSED', 'UPLOAD_EXPIRED', ...REFUSALS],
      async handle({ params: { upload_id }, caller, origin, trace }) {
        return await answer(200, await completeUpload(traced(deps, trace), await found(caller.tenantId, upload_id)), origin);
      },
    }),
    route({
      ...common,
      method: 'delete',
      path: '/v1/uploads/{upload_id}',
      operationId: 'abortUpload',
      scopes: ['uploads:write'],
      unlimited: true,
      summary: 'Give an upload up',
      description: 'What was sent is deleted. Safe to repeat. A completed upload cannot be given up.',
      params,
      answers: { 204: { description: 'The upload has ended.', schema: null } },
      problems: ['UPLOAD_CLOSED'],
      async handle({ params: { upload_id }, caller, trace }) {
        await abortUpload(traced(deps, trace), await found(caller.tenantId, upload_id));
        return { status: 204 };
      },
    }),
  ];
}
