import { createHash } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { ApplicationFailure } from '@temporalio/common';
import { pino } from 'pino';
import { awaitArrival } from '../../src/activities/await-arrival.js';
import { closeUpload } from '../../src/activities/close-upload.js';
import { hashSecret } from '../../src/api/api-key.js';
import { apiRoutes, createApp } from '../../src/api/app.js';
import type { ApiDeps } from '../../src/api/deps.js';
import type { Pipeline } from '../../src/api/pipeline.js';
import type { Route } from '../../src/api/route.js';
import { problem } from '../../src/api/schemas.js';
import { createApiServer, listen, stop } from '../../src/api/server.js';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { createMemoryCatalogue } from '../../src/catalogue/memory-catalogue.js';
import { artefactsOf } from '../../src/domain/artefact.js';
import { PipelineError } from '../../src/domain/errors.js';
import { reportKey } from '../../src/domain/keys.js';
import { CLIENT_SCOPES } from '../../src/domain/scopes.js';
import { createMemoryObjectStore } from '../../src/storage/memory-object-store.js';
import type { ObjectStore, PresignedForm } from '../../src/storage/object-store.js';
import type { DeleteVideoInput, ProcessVideoInput, Resolution, UploadInput } from '../../src/workflows/contract.js';
import { completeProven } from '../activities/complete-proven.js';
import { draftFor, planFor } from '../contract/catalogue.js';
import { reportOf } from '../contract/catalogue-generations.js';
import { postForm } from '../contract/object-store-whole.js';

export const KEYS = {
  acme: 'rm_test_acme1_0123456789abcdef0123',
  rival: 'rm_live_rival1_abcdef0123456789abcd',
  operator: 'rm_live_operator1_fedcba9876543210fedc',
} as const;
export const EVENTS_SECRET = 'events-secret-of-the-test';
export type TenantName = keyof typeof KEYS;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they just checked against the route's schema
  readonly body: any;
}

export interface CallOptions {
  readonly as?: TenantName | null;
  readonly body?: unknown;
  readonly raw?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Api {
  readonly url: string;
  readonly server: Server;
  readonly catalogue: Catalogue;
  readonly store: ObjectStore;
  readonly pipeline: FakePipeline;
  readonly routes: readonly Route[];
  readonly logs: string[];
  readonly closing: AbortController;
  setNow(at: Date): void;
  /** A part to its presigned URL, as a client sends it. Resolves to the status. */
  putPart(url: string, body: Uint8Array, headers?: Readonly<Record<string, string>>): Promise<number>;
  /** A file in a presigned form, as a browser sends it. Resolves to the status. */
  postForm(form: PresignedForm, file: Uint8Array): Promise<number>;
  /** A request; its answer must be one that its route documents, in status and in shape. */
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  close(): Promise<void>;
}

/** On memory adapters unless others are given; the pipeline works on whatever it is. */
export async function startApi(more: Partial<Omit<ApiDeps, 'store'>> & { store?: ObjectStore } = {}): Promise<Api> {
  let now: Date | null = null;
  const clock = (): Date => now ?? new Date();
  const catalogue = more.catalogue ?? createMemoryCatalogue({ now: clock });
  const memory = createMemoryObjectStore();
  const store = more.store ?? memory;
  const pipeline = createFakePipeline(catalogue, store);
  for (const [tenantId, key] of Object.entries(KEYS)) {
    const [, , id = '', secret = ''] = key.split('_');
    await catalogue.ensureTenant(tenantId, tenantId);
    await catalogue.addApiKey({
      id,
      tenantId,
      secretHash: hashSecret(secret),
      name: 'test',
      scopes: tenantId === 'operator' ? ['ops'] : [...CLIENT_SCOPES, 'webhooks:write'],
    });
  }
  const logs: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      logs.push(String(chunk));
      done();
    },
  });
  const logger = pino({ level: 'trace' }, sink);
  const closing = new AbortController();
  const deps = {
    catalogue,
    store,
    pipeline,
    logger,
    clock,
    closing: closing.signal,
    config: {
      version: '9.9.9',
      publicUrl: null,
      cdnBaseUrl: 'https://cdn.test/m',
      corsOrigins: ['https://app.test'],
      uploadTtlS: 3600,
      partUrlTtlS: 900,
      metricsToken: null,
      eventsSecret: EVENTS_SECRET,
      uploadTokenSecrets: ['one-secret-of-the-tests-and-it-is-long'],
      // Wrong keys are counted by address: a test may come from several.
      proxies: 1,
    },
    ...more,
  };
  const server = createApiServer(createApp(deps));
  await listen(server, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const routes = apiRoutes(deps);
  return {
    url,
    server,
    catalogue,
    store,
    pipeline,
    routes,
    logs,
    closing,
    setNow(at) {
      now = at;
    },
    async putPart(partUrl, body, headers) {
      if (store === memory) return await memory.putPart(partUrl, body, headers);
      return (await fetch(partUrl, { method: 'PUT', body: new Uint8Array(body), ...(headers ? { headers } : {}) })).status;
    },
    async postForm(form, file) {
      if (store === memory) return await memory.postForm(form, file);
      return await postForm(form, file);
    },
    async call(method, path, options = {}) {
      const as = options.as === undefined ? 'acme' : options.as;
      const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
      const answer = await fetch(url + path, {
        method,
        ...(body === undefined ? {} : { body }),
        ...(options.signal ? { signal: options.signal } : {}),
        headers: {
          ...(as ? { authorization: `Bearer ${KEYS[as]}` } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...options.headers,
        },
      });
      const text = await answer.text();
      const json = answer.headers.get('content-type')?.includes('json') ?? false;
      const reply = { status: answer.status, headers: answer.headers, body: json && text !== '' ? JSON.parse(text) : text };
      expectDocumented(routes, method, path, reply);
      return reply;
    },
    async close() {
      closing.abort();
      const stopped = stop(server, 1_000);
      // Else it waits a moment for what might be on its way.
      server.closeIdleConnections();
      await stopped;
    },
  };
}

/** The route that a path belongs to; null for addresses that do not exist. */
export function routeFor(routes: readonly Route[], method: string, path: string): Route | null {
  const bare = path.split('?')[0] ?? path;
  const wanted = method === 'HEAD' ? 'get' : method.toLowerCase();
  return routes.find((route) => route.method === wanted && new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(bare)) ?? null;
}

/** Every answer of a test is held to the schemas that the document is made from. */
function expectDocumented(routes: readonly Route[], method: string, path: string, reply: Reply): void {
  const route = routeFor(routes, method, path);
  if (reply.headers.get('content-type')?.startsWith('application/problem+json')) {
    expect(problem.safeParse(reply.body).error?.issues ?? []).toEqual([]);
    expect(reply.body.status).toBe(reply.status);
    expect(reply.body.request_id).toBe(reply.headers.get('x-request-id'));
    return;
  }
  if (!route) return;
  const answer = route.answers[reply.status];
  if (!answer) throw new Error(`${method} ${path} answered ${reply.status}, which its route does not document: ${JSON.stringify(reply.body)}`);
  if (answer.schema && method !== 'HEAD') expect(answer.schema.safeParse(reply.body).error?.issues ?? []).toEqual([]);
  if (answer.schema === null) expect(reply.body).toBe('');
}

export interface FakePipeline extends Pipeline {
  readonly started: UploadInput[];
  readonly deletions: DeleteVideoInput[];
  readonly videos: ProcessVideoInput[];
  readonly resolved: { videoId: string; generation: number; resolution: Resolution }[];
  readonly takenIn: string[];
  /** What the watch of each upload that was asked for does, once. */
  look(): Promise<void>;
  /** As if Temporal were away. */
  setDown(down: boolean): void;
  /** As if this workflow had never been started, or had been forgotten. */
  forget(uploadId: string): void;
  asked: number;
}

/** Does what the workflow's activities do, on the same catalogue and store; a workflow that was not started is not there. */
function createFakePipeline(catalogue: Catalogue, store: ObjectStore): FakePipeline {
  const running = new Set<string>();
  const watched = new Set<string>();
  const deps = { catalogue, store };
  let isDown = false;
  const up = (): void => {
    if (isDown) throw new PipelineError('WORKFLOWS_UNAVAILABLE', { note: 'at secret-host:7233' });
  };
  const fake: FakePipeline = {
    started: [],
    deletions: [],
    videos: [],
    resolved: [],
    takenIn: [],
    asked: 0,
    setDown(down) {
      isDown = down;
    },
    forget: (uploadId) => void running.delete(uploadId),
    async startUpload(input) {
      up();
      fake.started.push(input);
      running.add(input.uploadId);
    },
    async takeIn(key) {
      up();
      fake.takenIn.push(key);
    },
    async completeUpload(uploadId) {
      up();
      fake.asked += 1;
      if (!running.has(uploadId)) return null;
      const outcome = await completeProven(deps, uploadId);
      if (outcome.state !== 'incomplete') running.delete(uploadId);
      return outcome;
    },
    async abortUpload(uploadId) {
      up();
      fake.asked += 1;
      if (!running.delete(uploadId)) return null;
      return await closeUpload(deps)(uploadId, 'cancelled');
    },
    async watchUpload(uploadId) {
      up();
      if (!running.has(uploadId)) return null;
      watched.add(uploadId);
      return 'watching';
    },
    async look() {
      for (const uploadId of watched) {
        const seen = await awaitArrival(deps)(uploadId).catch(notYet);
        if (seen === 'arrived') await completeProven(deps, uploadId);
        if (seen !== null) watched.delete(uploadId);
      }
    },
    async refuseUpload(uploadId, failure) {
      up();
      fake.asked += 1;
      if (!running.delete(uploadId)) return null;
      const row = await catalogue.closeUpload(uploadId, 'errored', failure);
      for (const open of await store.listMultiparts(row?.key ?? '')) await store.abortMultipart(open.key, open.multipartId);
      return { state: row?.state === 'completed' ? 'completed' : 'errored' };
    },
    async resolveVideo(videoId, generation, resolution) {
      up();
      fake.resolved.push({ videoId, generation, resolution });
      await catalogue.unpark(videoId, generation);
      return 'accepted';
    },
    async startVideo(input) {
      up();
      fake.videos.push(input);
    },
    async startDeletion(input) {
      up();
      fake.deletions.push(input);
    },
    ping: async () => up(),
    close: async () => undefined,
  };
  return fake;
}

function notYet(error: unknown): null {
  if (error instanceof ApplicationFailure && error.type === 'NOT_ARRIVED') return null;
  throw error;
}

/** Announces a file and sends every part of it. */
export async function sendFile(api: Api, body: Uint8Array, as: TenantName = 'acme'): Promise<{ uploadId: string; videoId: string }> {
  const made = await api.call('POST', '/v1/uploads', { as, body: { file_name: 'clip.mp4', size_bytes: body.length, content_type: 'video/mp4' } });
  const { id, video_id, part_count, part_size_bytes } = made.body;
  const part_numbers = Array.from({ length: part_count }, (_, index) => index + 1);
  const signed = await api.call('POST', `/v1/uploads/${id}/parts`, { as, body: { part_numbers } });
  for (const part of signed.body.parts) {
    const from = (part.part_number - 1) * part_size_bytes;
    expect(await api.putPart(part.url, body.subarray(from, from + part.size_bytes))).toBe(200);
  }
  return { uploadId: id, videoId: video_id };
}

/** As the workflow does it: the report and what it names in the store, then the row. */
export async function publishGeneration(api: Api, video: { readonly uploadId: string; readonly videoId: string }, generation: number): Promise<void> {
  const key = (await api.catalogue.getUpload(video.uploadId))?.key ?? '';
  const draft = { ...draftFor('acme'), id: video.uploadId, videoId: video.videoId, key };
  const report = reportOf(draft, generation);
  for (const artefact of artefactsOf(report)) await putText(api.store, artefact.key, artefact.key);
  await putText(api.store, reportKey(report), JSON.stringify(report));
  await api.catalogue.savePlan({ ...planFor(draft), generation });
  expect(await api.catalogue.publish(draft.videoId, generation, report)).toBe(true);
}

export async function putText(store: ObjectStore, key: string, text: string): Promise<void> {
  const body = Buffer.from(text);
  await store.put(key, body, { contentType: 'application/json', sha256: createHash('sha256').update(body).digest('hex') });
}
