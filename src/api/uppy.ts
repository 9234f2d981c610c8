import { z } from 'zod';
import type { ApiDeps } from './deps.js';
import { abortUpload } from './end-upload.js';
import { openForUppy } from './open-door.js';
import { patienceFor, patient } from './patient.js';
import { type Call, type Route, route } from './route.js';
import {
  multipartId,
  nothing,
  pathPartNumber,
  uploadId,
  uppyBatchQuery,
  uppyDone,
  uppyFile,
  uppyFileQuery,
  uppyForm,
  uppyMultipart,
  uppyPartList,
  uppyParts,
  uppyUrl,
  uppyUrls,
} from './schemas.js';
import { toldFile } from './told-file.js';
import { traced } from './traced.js';
import { completeParts, foundMultipart, foundUpload, listParts, signUppyParts } from './uppy-multipart.js';
import { signForm } from './whole-file.js';

const params = z.object({ upload_id: uploadId });
const ofMultipart = z.object({ upload_id: uploadId, multipart_id: multipartId });
const ofPart = z.object({ upload_id: uploadId, multipart_id: multipartId, part_number: pathPartNumber });
const BASE = '/v1/uploads/{upload_id}/s3';
/** Uppy names every part when it completes, 64 bytes each, and there may be ten thousand. Nothing of it but the numbers is used. */
const MAX_PART_LIST_BYTES = 1024 * 1024;
/** The store joins the parts, and every byte is read once, before the answer: minutes for 10 GB. Where a line is cut before, the client's own retry gets the same answer. */
const COMPLETE_PATIENCE_MS = 10 * 60_000;

/**
 * What an unchanged Uppy (`@uppy/aws-s3` with `companionEndpoint: client_url`) calls. It takes a 503 for the end of the
 * upload and never asks twice, so these routes try again themselves, and never answer 429.
 */
export function uppyRoutes(real: ApiDeps & { clock: () => Date }): Route[] {
  const common = { tag: 'uppy', auth: 'key', scopes: ['uploads:write'], unlimited: true } as const;
  /** The ports for one call, and how long it may try. */
  const during = ({ gone, trace }: Pick<Call<unknown, unknown, unknown, unknown>, 'gone' | 'trace'>, patienceMs?: number) => {
    const patience = patienceFor(gone, patienceMs);
    return { patience, deps: patient(traced(real, trace), patience) };
  };
  const baseUrl = (origin: string): string => real.config.publicUrl ?? origin;

  return [
    route({
      ...common,
      method: 'get',
      path: `${BASE}/params`,
      operationId: 'uppyForm',
      summary: 'A form for a small file',
      description: 'Nothing is called when the file is there: it is found within moments.',
      params,
      query: uppyFileQuery,
      answers: { 200: { description: 'The form.', schema: uppyForm } },
      problems: ['UPLOAD_CLOSED', 'UPLOAD_EXPIRED', 'UPLOAD_TOO_LARGE', 'CONFLICT'],
      async handle(call) {
        const { deps } = during(call);
        const upload = await foundUpload(deps, call.caller, call.params.upload_id);
        return { status: 200, body: await signForm(deps, upload, toldFile(call.query.filename, call.query.type)) };
      },
    }),
    route({
      ...common,
      method: 'post',
      path: `${BASE}/multipart`,
      operationId: 'uppyCreate',
      summary: 'Begin a file in parts',
      description: 'The file begun last is the one: an earlier one of the same upload is dropped.',
      params,
      body: uppyFile,
      answers: { 200: { description: 'Begun.', schema: uppyMultipart } },
      problems: ['UPLOAD_CLOSED', 'UPLOAD_EXPIRED', 'CONFLICT'],
      async handle(call) {
        const { deps } = during(call);
        const upload = await foundUpload(deps, call.caller, call.params.upload_id);
        const begun = await openForUppy(deps, upload, toldFile(call.body.filename, call.body.type));
        return { status: 200, body: { key: begun.key, uploadId: begun.multipartId } };
      },
    }),
    // Before the route for one part: "batch" is no number.
    route({
      ...common,
      method: 'get',
      path: `${BASE}/multipart/{multipart_id}/batch`,
      operationId: 'uppySignBatch',
      summary: 'URLs for several parts',
      params: ofMultipart,
      query: uppyBatchQuery,
      answers: { 200: { description: 'The URLs.', schema: uppyUrls } },
      problems: ['UPLOAD_CLOSED', 'UPLOAD_EXPIRED'],
      async handle(call) {
        const { deps } = during(call);
        const upload = await foundMultipart(deps, call.caller, call.params);
        const urls = await signUppyParts(deps, upload, call.query.partNumbers);
        return { status: 200, body: { presignedUrls: Object.fromEntries(urls.map(({ partNumber, url }) => [String(partNumber), url])) } };
      },
    }),
    route({
      ...common,
      method: 'get',
      path: `${BASE}/multipart/{multipart_id}/{part_number}`,
      operationId: 'uppySign',
      summary: 'A URL for one part',
      params: ofPart,
      answers: { 200: { description: 'The URL.', schema: uppyUrl } },
      problems: ['UPLOAD_CLOSED', 'UPLOAD_EXPIRED'],
      async handle(call) {
        const { deps } = during(call);
        const upload = await foundMultipart(deps, call.caller, call.params);
        const [signed] = await signUppyParts(deps, upload, [call.params.part_number]);
        return { status: 200, body: { url: signed?.url } };
      },
    }),
    route({
      ...common,
      method: 'get',
      path: `${BASE}/multipart/{multipart_id}`,
      operationId: 'uppyList',
      summary: 'Parts that need not be sent again',
      description: 'Answers for a completed upload too, as long as its session lives: a client whose answer was lost asks here first.',
      params: ofMultipart,
      answers: { 200: { description: 'All of them.', schema: uppyPartList } },
      problems: ['UPLOAD_CLOSED', 'UPLOAD_EXPIRED'],
      async handle(call) {
        const { deps, patience } = during(call);
        const list = await listParts(deps, patience, () => foundMultipart(deps, call.caller, call.params));
        return { status: 200, body: list };
      },
    }),
    route({
      ...common,
      method: 'post',
      path: `${BASE}/multipart/{multipart_id}/complete`,
      operationId: 'uppyComplete',
      summary: 'Say that every part is sent',
      description: 'The parts that the store holds decide; the client’s list only says how many there are. Safe to repeat, with the same answer.',
      params: ofMultipart,
      body: uppyParts,
      maxJsonBytes: MAX_PART_LIST_BYTES,
      answers: { 200: { description: 'Complete; the video is queued.', schema: uppyDone } },
      problems: ['UPLOAD_INCOMPLETE', 'UPLOAD_MISMATCH', 'UPLOAD_DAMAGED', 'UPLOAD_TOO_LARGE', 'QUOTA_EXCEEDED', 'UPLOAD_CLOSED', 'UPLOAD_EXPIRED'],
      async handle(call) {
        const { deps } = during(call, COMPLETE_PATIENCE_MS);
        const upload = await foundMultipart(deps, call.caller, call.params);
        const numbers = call.body.parts.map((part) => part.PartNumber);
        const done = await completeParts(deps, upload, numbers.length === 0 ? null : Math.max(...numbers));
        return { status: 200, body: { location: `${baseUrl(call.origin)}/v1/uploads/${done.id}`, key: done.key, video_id: done.videoId } };
      },
    }),
    route({
      ...common,
      method: 'delete',
      path: `${BASE}/multipart/{multipart_id}`,
      operationId: 'uppyAbort',
      summary: 'Give the upload up',
      description: 'Ends the session: what was sent is deleted. A multipart that another one took the place of is gone already.',
      params: ofMultipart,
      answers: { 200: { description: 'It has ended.', schema: nothing } },
      problems: ['UPLOAD_CLOSED'],
      async handle(call) {
        const { deps } = during(call);
        const upload = await foundUpload(deps, call.caller, call.params.upload_id);
        if (upload.door === 'uppy' && upload.multipartId === call.params.multipart_id) await abortUpload(deps, upload);
        return { status: 200, body: {} };
      },
    }),
  ];
}
