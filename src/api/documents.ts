import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from '../domain/errors.js';
import { openApiDocument } from './openapi.js';
import { statusOf, titleOf } from './problem.js';
import { type Route, route } from './route.js';

/** The API's own description, and the page that a problem's `type` points to. Made once, from the other routes. */
export function documentRoutes(others: readonly Route[], version: string): Route[] {
  const common = { tag: 'service', auth: 'none' } as const;
  let document: unknown;
  const routes: Route[] = [
    route({
      ...common,
      method: 'get',
      path: '/openapi.json',
      operationId: 'getOpenApi',
      summary: 'This description',
      answers: { 200: { description: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.string() }) } },
      handle: async () => ({ status: 200, headers: { 'Cache-Control': 'public, max-age=300' }, body: document }),
    }),
    route({
      ...common,
      method: 'get',
      path: '/docs/errors',
      operationId: 'getErrorCodes',
      summary: 'Every error code, its status and what to do',
      answers: { 200: { description: 'A page for people.', schema: z.string(), type: 'text/html' } },
      handle: async () => ({ status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: errorPage() }),
    }),
  ];
  document = openApiDocument([...others, ...routes], version);
  return routes;
}

function errorPage(): string {
  const rows = (Object.keys(ERROR_CODES) as ErrorCode[]).map(
    (code) => `<dt id="${code}"><code>${code}</code> · ${statusOf(code)} · ${titleOf(code)}</dt><dd>${escaped(ERROR_CODES[code].text)}</dd>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Reelmill error codes</title><h1>Error codes</h1><dl>${rows.join('\n')}</dl></html>`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
