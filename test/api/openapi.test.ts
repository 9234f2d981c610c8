import { createHash } from 'node:crypto';
import { ZodType } from 'zod';
import { routerOf } from '../../src/api/app.js';
import { COLOURS, STYLE } from '../../src/api/docs/style.js';
import * as schemas from '../../src/api/schemas.js';
import { ERROR_CODES } from '../../src/domain/errors.js';
import { SCOPES } from '../../src/domain/scopes.js';
import { type Api, startApi } from './harness.js';

interface Operation {
  readonly operationId: string;
  readonly security: readonly { readonly apiKey: readonly string[] }[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly requestBody?: { readonly required: boolean; readonly content: Record<string, { schema: unknown }> };
  readonly responses: Record<string, { content?: Record<string, { schema: unknown }>; headers: Record<string, unknown> }>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, { example?: unknown; description?: string; additionalProperties?: boolean }> };
}

const IDS: Readonly<Record<string, string>> = { tenant_id: 'acme', name: 'standard' };
let api: Api;
let document: Document;
beforeAll(async () => {
  api = await startApi();
  document = (await api.call('GET', '/openapi.json', { as: null })).body;
});
afterAll(() => api.close());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })));

test('lists exactly the routes that the router serves', () => {
  const served = routerOf(api.routes, (_request, work) => work(null)).stack.flatMap((layer) =>
    layer.methods.filter((method) => method !== 'HEAD').map((method) => `${method} ${layer.path}`),
  );
  const listed = operations().map(({ path, method }) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(served.length).toBeGreaterThanOrEqual(13);
  expect(listed.sort()).toEqual(served.map(String).sort());
  expect(new Set(operations().map(({ operationId }) => operationId)).size).toBe(listed.length);
});

test('every address takes exactly the methods that the document lists for it', async () => {
  for (const [path, methods] of Object.entries(document.paths)) {
    const { headers } = await api.call('OPTIONS', path.replaceAll(/\{\w+\}/g, '1'));
    const listed = Object.keys(methods).flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
    expect([path, headers.get('allow')?.split(', ').sort()]).toEqual([path, listed.sort()]);
  }
});

test('a body that may be left out is one of which nothing is needed', async () => {
  const needed = operations().filter(({ requestBody }) => requestBody?.required);
  expect(needed.map(({ operationId }) => operationId)).toEqual(
    expect.arrayContaining(['signParts', 'resolveVideo', 'createWebhook', 'createTenant']),
  );
  for (const { path, method } of needed) {
    const { status } = await api.call(
      method.toUpperCase(),
      path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => IDS[name] ?? '1'),
      { as: 'operator' },
    );
    expect([path, status >= 400]).toEqual([path, true]);
  }
});

test('every operation tells its key, its problems and its request id', () => {
  for (const operation of operations()) {
    const guarded = operation.path.startsWith('/v1') && operation.operationId !== 'receiveArrivals';
    // Each names the scopes of which one is enough.
    expect(operation.security.length > 0).toBe(guarded);
    for (const { apiKey } of operation.security)
      expect([operation.operationId, SCOPES]).toEqual([operation.operationId, expect.arrayContaining(apiKey)]);
    for (const { apiKey } of operation.security) expect(apiKey).toHaveLength(1);
    const statuses = Object.keys(operation.responses);
    expect(statuses).toContain('500');
    if (guarded) expect(statuses).toEqual(expect.arrayContaining(['401', '403', '503']));
    if (operation.path.includes('{')) expect(statuses).toContain('404');
    if (operation.requestBody) expect(statuses).toEqual(expect.arrayContaining(['400', '413', '415']));
    for (const [status, response] of Object.entries(operation.responses)) {
      expect(Object.keys(response.headers)).toContain('X-Request-Id');
      if (Number(status) >= 400 && operation.path !== '/readyz') expect(Object.keys(response.content ?? {})).toEqual(['application/problem+json']);
    }
    const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name);
    expect(inPath).toEqual([...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]));
  }
});

test('what is written is strict, what is read may grow', () => {
  const { schemas: components } = document.components;
  for (const name of ['CreateUpload', 'SignParts', 'ResolveVideo']) expect(components[name]?.additionalProperties).toBe(false);
  for (const name of ['Upload', 'Video', 'VideoList', 'SignedParts', 'Problem']) expect(components[name]?.additionalProperties).not.toBe(false);
});

test('every example is valid under its own schema, and every component has a description and an example', () => {
  const named = (Object.values(schemas) as unknown[]).filter((value): value is ZodType => value instanceof ZodType && value.meta()?.id !== undefined);
  expect(named.map((schema) => schema.meta()?.id).sort()).toEqual(Object.keys(document.components.schemas).sort());
  for (const schema of named) {
    const { id, example, description } = schema.meta() ?? {};
    expect([id, description]).toEqual([id, expect.any(String)]);
    expect([id, schema.safeParse(example).error?.issues ?? []]).toEqual([id, []]);
  }
});

test('examples of single fields are valid too', () => {
  let seen = 0;
  for (const value of Object.values(schemas)) {
    const shape = value instanceof ZodType && 'shape' in value ? (value.shape as Record<string, ZodType>) : {};
    for (const [name, field] of Object.entries(shape)) {
      const example = field.meta()?.example;
      if (example === undefined) continue;
      seen += 1;
      expect([name, field.safeParse(example).error?.issues ?? []]).toEqual([name, []]);
    }
  }
  expect(seen).toBeGreaterThan(8);
});

test('every problem type leads to its paragraph', async () => {
  const page = await api.call('GET', '/docs/errors', { as: null });
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  for (const code of Object.keys(ERROR_CODES)) expect(page.body).toContain(`id="${code}"`);
  const { body } = await api.call('GET', '/nothing');
  expect(body.type).toBe('/docs/errors#NOT_FOUND');
});

describe('the pages for people', () => {
  const pages = ['/docs', '/docs/errors'];

  test.each(pages)('%s has no script and takes nothing from elsewhere: its one style is named by its hash', async (path) => {
    const { body, headers } = await api.call('GET', path, { as: null });
    const hash = createHash('sha256').update(STYLE.text).digest('base64');
    expect(headers.get('content-security-policy')).toContain(`default-src 'none'; style-src 'sha256-${hash}'`);
    expect(body).toContain(`<style>${STYLE.text}</style>`);
    expect(body).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|\sstyle=|href="(?:https?:)?\/\//);
  });

  test('every call, every parameter, every shape and a command for each call stand on the page', async () => {
    const { body } = await api.call('GET', '/docs', { as: null });
    const text = body.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
    for (const { operationId, method, path, parameters = [] } of operations()) {
      const at = text.indexOf(`<article id="${operationId}"`);
      const article = text.slice(at, text.indexOf('</article>', at));
      expect([operationId, at >= 0]).toEqual([operationId, true]);
      expect(article).toContain(`<span class="method">${method.toUpperCase()}</span> <code>${path}</code>`);
      for (const { name } of parameters) expect(article).toContain(`<code>${name}</code>`);
      expect(article).toMatch(/curl (-X [A-Z]+ )?"\$REELMILL_URL\/[^{}"]*"/);
    }
    for (const name of Object.keys(document.components.schemas)) expect(text).toContain(`<article id="schema-${name}"`);
  });

  test.each(pages)('on %s each id stands once, each link inside leads somewhere, and headings leave no level out', async (path) => {
    const { body } = await api.call('GET', path, { as: null });
    const ids = [...body.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    const wanted = [...body.matchAll(/(?:href="#|aria-labelledby=")([^"]+)"/g)].map((match) => match[1]);
    expect(wanted.filter((id) => !ids.includes(id))).toEqual([]);
    const main = body.slice(body.indexOf('<main'));
    const levels = [...main.matchAll(/<h(\d)/g)].map((match) => Number(match[1]));
    expect(levels[0]).toBe(1);
    for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (const landmark of ['<header>', '<main id="main"', 'lang="en"']) expect(body).toContain(landmark);
  });

  test('text stands out from its ground by 4.5 to 1, by day and by night', () => {
    for (const { paper, panel, line: _line, ...inks } of Object.values(COLOURS)) {
      for (const ink of Object.values(inks)) for (const ground of [paper, panel]) expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast('#ffffff', '#000000')).toBeCloseTo(21);
  });
});

/** WCAG 2: of two colours as #rrggbb. */
function contrast(one: string, other: string): number {
  const light = (colour: string): number => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [dark = 0, bright = 0] = [light(one), light(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

test('a filter by metadata is written as clients write objects in addresses, and a patch of a video under its own type too', () => {
  const find = (id: string) => operations().find(({ operationId }) => operationId === id);
  const metadata = find('listVideos')?.parameters?.find(({ name }) => name === 'metadata');
  expect(metadata).toMatchObject({ in: 'query', style: 'deepObject', explode: true, schema: { type: 'object' } });
  const patch = find('changeVideo');
  expect(Object.keys(patch?.requestBody?.content ?? {})).toEqual(['application/json', 'application/merge-patch+json']);
  expect(patch?.parameters?.map(({ name }) => name)).toEqual(expect.arrayContaining(['video_id', 'if-match', 'idempotency-key']));
});
