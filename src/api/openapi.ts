import { type ZodType, z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject, type ZodOpenApiResponsesObject } from 'zod-openapi';
import { ERROR_CODES, type ErrorCode } from '../domain/errors.js';
import { MERGE_PATCH } from './json-body.js';
import { statusOf } from './problem.js';
import { type AnswerSpec, isKeyed, type Route } from './route.js';
import { problem } from './schemas.js';

const TAGS: Readonly<Record<string, string>> = {
  uploads: 'A session takes one file, in parts that go straight into the store.',
  uppy: 'What an unchanged Uppy calls below an upload’s `client_url`. Other clients need none of it.',
  videos: 'What becomes of an upload, from its announcement to its published qualities.',
  events: 'What happens to videos, in order and without a gap.',
  webhooks: 'Where a tenant is told of events, and what was sent there.',
  account: 'What a tenant may hold and do, and what it has used.',
  operations: 'For who runs this: tenants, keys and tiers, the ledger, the audit, what the store tells.',
  service: 'The process itself, and its description.',
};

/** Says how OpenAPI 3.1 names the answer's form already: a parameter of that name is ignored by its readers. */
const SAID_OTHERWISE = ['accept'];

/** OpenAPI 3.1 of the routes: everything in it comes from the very values that the router and the checks use. */
export function openApiDocument(routes: readonly Route[], version: string) {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  return createDocument(
    {
      openapi: '3.1.1',
      info: {
        title: 'Reelmill',
        version,
        description:
          'Upload a video straight into the object store, watch it being made, play it.\n\nAnswers may gain fields, and states and codes may gain values: clients ignore what they do not know.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name, description: TAGS[name] ?? name })),
      paths: paths as ZodOpenApiPathsObject,
      components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', bearerFormat: 'rm_(live|test)_<id>_<secret>' } } },
    },
    {
      override: ({ jsonSchema, io }) => {
        // Strict is for what we read; a client's reader must take an answer with more in it.
        if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
        // Half surrogates cannot stand in UTF-8 text, and other languages' expressions do not know them.
        if (jsonSchema.pattern !== undefined) jsonSchema.pattern = jsonSchema.pattern.replace('\\ud800-\\udfff', '');
      },
    },
  );
}

function operationOf(route: Route): ZodOpenApiOperationObject {
  const { params, query, headers, body } = route.request;
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    tags: [route.tag],
    // One of these scopes is enough.
    security: route.auth === 'key' ? (route.scopes ?? ['ops']).map((scope) => ({ apiKey: [scope] })) : [],
    requestParams: {
      ...part('path', params),
      ...part('query', query),
      ...part('header', named(headers)),
    } as ZodOpenApiOperationObject['requestParams'] & object,
    ...(body ? { requestBody: { required: isNeeded(body), content: bodyTypes(route, body) } } : {}),
    responses: { ...answersOf(route), ...problemsOf(route) },
  };
}

/** Headers that are parameters of the document. */
function named(headers: ZodType | null): ZodType | null {
  if (!(headers instanceof z.ZodObject)) return headers;
  const left = Object.entries(headers.shape).filter(([name]) => !SAID_OTHERWISE.includes(name));
  return left.length === 0 ? null : z.object(Object.fromEntries(left) as z.ZodRawShape);
}

/** Where nothing is sent, an empty object is read: a body is needed where that says too little. */
const isNeeded = (body: ZodType): boolean => !body.safeParse({}).success;

/** Every PATCH is a merge patch, and may be named so. */
const bodyTypes = ({ method }: Route, schema: ZodType) => ({
  'application/json': { schema },
  ...(method === 'patch' ? { [MERGE_PATCH]: { schema } } : {}),
});

const part = <T>(name: string, schema: T | null): Record<string, T> => (schema === null ? {} : { [name]: schema });

function answersOf(route: Route): ZodOpenApiResponsesObject {
  const entries = Object.entries(route.answers).map(([status, answer]) => [status, responseOf(answer)] as const);
  return Object.fromEntries(entries);
}

const TEXT = { type: 'string' } as const;

const requestIdHeader = { 'X-Request-Id': { description: 'Id of this request.', schema: { type: 'string' as const } } };

function responseOf(answer: AnswerSpec) {
  const headers = Object.entries(answer.headers ?? {}).map(([name, description]) => [name, { description, schema: { type: 'string' as const } }]);
  return {
    description: answer.description,
    headers: { ...requestIdHeader, ...Object.fromEntries(headers) },
    ...(answer.schema
      ? { content: { [answer.type ?? 'application/json']: { schema: answer.schema }, ...(answer.also ? { [answer.also]: { schema: TEXT } } : {}) } }
      : {}),
  };
}

/** Each status once, with every code that it can carry. */
function problemsOf(route: Route): ZodOpenApiResponsesObject {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set(codesOf(route))) byStatus.set(statusOf(code), [...(byStatus.get(statusOf(code)) ?? []), code]);
  const taken = new Set(Object.keys(route.answers));
  const rows = [...byStatus].filter(([status]) => !taken.has(String(status)));
  return Object.fromEntries(
    rows.map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `${code}: ${ERROR_CODES[code].text}`).join('\n\n'),
        headers: {
          ...requestIdHeader,
          ...(status === 503 || status === 429 ? { 'Retry-After': { description: 'Seconds.', schema: { type: 'string' as const } } } : {}),
        },
        content: { 'application/problem+json': { schema: problem } },
      },
    ]),
  );
}

function codesOf(route: Route): ErrorCode[] {
  const { params, query, headers, body } = route.request;
  return [
    ...(query || headers || body ? (['REQUEST_INVALID'] as const) : []),
    ...(route.auth === 'key'
      ? (['UNAUTHENTICATED', 'WRONG_KEYS', 'FORBIDDEN', 'CATALOGUE_UNAVAILABLE', 'STORAGE_UNAVAILABLE', 'WORKFLOWS_UNAVAILABLE'] as const)
      : []),
    ...(route.auth === 'key' && !route.unlimited ? (['RATE_LIMITED', 'OVERLOADED'] as const) : []),
    ...(isKeyed(route) ? (['IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_KEY_IN_USE'] as const) : []),
    ...(route.auth === 'secret' ? (['UNAUTHENTICATED', 'WORKFLOWS_UNAVAILABLE'] as const) : []),
    ...(params ? (['NOT_FOUND'] as const) : []),
    ...(body ? (['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const) : []),
    ...(route.problems ?? []),
    'INTERNAL',
  ];
}
