import { z } from 'zod';
import type { Described } from './docs/described.js';
import { errorsPage } from './docs/error-codes.js';
import { pageAnswer } from './docs/page.js';
import { referencePage } from './docs/reference.js';
import { openApiDocument } from './openapi.js';
import { type Answer, type Route, route } from './route.js';

const html = (description: string) => ({ 200: { description, schema: z.string(), type: 'text/html' } });

/** The API's own description, for programs and for people. Made from the other routes, once, when it is first asked for: it takes longer than all else of a start. */
export function documentRoutes(others: readonly Route[], version: string): Route[] {
  const common = { tag: 'service', auth: 'none' } as const;
  let made: unknown;
  const document = (): unknown => {
    made ??= openApiDocument([...others, ...routes], version);
    return made;
  };
  let docs: Answer | undefined;
  const errors = pageAnswer(errorsPage());
  const routes: Route[] = [
    route({
      ...common,
      method: 'get',
      path: '/openapi.json',
      operationId: 'getOpenApi',
      summary: 'This description',
      answers: { 200: { description: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.string() }) } },
      handle: async () => ({ status: 200, headers: { 'Cache-Control': 'public, max-age=300' }, body: document() }),
    }),
    route({
      ...common,
      method: 'get',
      path: '/docs',
      operationId: 'getDocs',
      summary: 'This description as a page, with a guide',
      answers: html('A page for people.'),
      async handle() {
        docs ??= pageAnswer(referencePage(document() as Described));
        return docs;
      },
    }),
    route({
      ...common,
      method: 'get',
      path: '/docs/errors',
      operationId: 'getErrorCodes',
      summary: 'Every error code, its status and what to do',
      answers: html('A page for people.'),
      handle: async () => errors,
    }),
  ];
  return routes;
}
