import { randomBytes } from 'node:crypto';
import { v7 as timeOrdered } from 'uuid';
import { z } from 'zod';
import { PipelineError } from '../domain/errors.js';
import { urlFault, type Webhook } from '../domain/webhook.js';
import { createCursors } from './cursor.js';
import type { ApiDeps } from './deps.js';
import { type Route, route } from './route.js';
import * as schemas from './schemas.js';
import { deliveryJson, webhookJson } from './webhook-json.js';

const params = z.object({ webhook_id: schemas.webhookId });
/** 32 bytes; Standard Webhooks asks for 24 to 64. */
const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
const newId = (kind: 'whk' | 'evt'): string => `${kind}_${timeOrdered().replaceAll('-', '')}`;
/** A webhook is a queue of its own. */
const MAX_WEBHOOKS = 50;

/** Webhooks of a tenant, and what was sent to them. Deliveries are the workflow's: here they are only asked for. */
export function webhookRoutes(deps: ApiDeps): Route[] {
  const { catalogue } = deps;
  const there = <T>(value: T | null): T => {
    if (value === null) throw new PipelineError('NOT_FOUND');
    return value;
  };
  const checkUrl = (url: string | undefined): void => {
    const fault = url === undefined ? null : urlFault(url, deps.config.webhookTargets ?? 'public');
    if (fault !== null) throw new PipelineError('REQUEST_INVALID', { note: `The url: ${fault}` });
  };
  const common = { tag: 'webhooks', auth: 'key', scopes: ['webhooks:write'] } as const;
  const told = { 200: { description: 'The webhook as it stands.', schema: schemas.webhook } } as const;

  return [
    route({
      ...common,
      method: 'post',
      path: '/v1/webhooks',
      operationId: 'createWebhook',
      summary: 'Be told of events',
      description:
        'From the next event on. Events are sent as Standard Webhooks 1.0.0 says: signed, at least once, those of a video one after the other. Any 2xx within 15 s is an answer; everything else is tried again, ten times in three days.',
      body: schemas.createWebhookBody,
      answers: { 201: { description: 'It is made. Its secret stands here and nowhere else.', schema: schemas.webhook } },
      problems: ['CONFLICT'],
      async handle({ body, caller: { tenantId }, trace, seal }) {
        checkUrl(body.url);
        if ((await catalogue.listWebhooks({ tenantId, limit: MAX_WEBHOOKS, after: null })).length >= MAX_WEBHOOKS)
          throw new PipelineError('CONFLICT', { note: `An account has at most ${MAX_WEBHOOKS} webhooks.` });
        const secret = newSecret();
        const { url, description, event_types: eventTypes } = body;
        const answer = (webhook: Webhook) => ({ status: 201, body: { ...webhookJson(webhook), secret } });
        const draft = { id: newId('whk'), tenantId, url, description, eventTypes, secret };
        return answer(await catalogue.createWebhook(draft, trace, (made) => seal(answer(made))));
      },
    }),
    route({
      ...common,
      method: 'get',
      path: '/v1/webhooks',
      operationId: 'listWebhooks',
      summary: 'Webhooks, newest first',
      query: schemas.listWebhooksQuery,
      answers: { 200: { description: 'A page.', schema: schemas.webhookList } },
      async handle({ query: { limit, cursor }, caller: { tenantId } }) {
        const cursors = createCursors(['webhooks'], schemas.webhookId);
        const place = cursors.read(cursor);
        const after = place && { createdAt: place.at, id: place.id };
        const rows = await catalogue.listWebhooks({ tenantId, limit: limit + 1, after });
        const { page, ...more } = cursors.page(rows, limit, ({ createdAt, id }) => ({ at: createdAt, id }));
        return { status: 200, body: { object: 'list', data: page.map(webhookJson), ...more } };
      },
    }),
    route({
      ...common,
      method: 'get',
      path: '/v1/webhooks/{webhook_id}',
      operationId: 'getWebhook',
      summary: 'A webhook',
      params,
      answers: told,
      async handle({ params: { webhook_id }, caller: { tenantId } }) {
        return { status: 200, body: webhookJson(there(await catalogue.findWebhook(tenantId, webhook_id))) };
      },
    }),
    route({
      ...common,
      method: 'patch',
      path: '/v1/webhooks/{webhook_id}',
      operationId: 'changeWebhook',
      summary: 'Change a webhook',
      params,
      body: schemas.changeWebhookBody,
      answers: told,
      async handle({ params: { webhook_id }, body, caller: { tenantId }, trace }) {
        checkUrl(body.url);
        const { event_types: eventTypes, status: state, ...same } = body;
        const change = { ...defined(same), ...defined({ eventTypes, state }) };
        return { status: 200, body: webhookJson(there(await catalogue.changeWebhook(tenantId, webhook_id, change, trace))) };
      },
    }),
    route({
      ...common,
      method: 'delete',
      path: '/v1/webhooks/{webhook_id}',
      operationId: 'deleteWebhook',
      summary: 'Delete a webhook, and its log',
      params,
      answers: { 204: { description: 'It is gone. A call that is under way may still arrive.', schema: null } },
      async handle({ params: { webhook_id }, caller: { tenantId }, trace }) {
        if (!(await catalogue.deleteWebhook(tenantId, webhook_id, trace))) throw new PipelineError('NOT_FOUND');
        return { status: 204 };
      },
    }),
    route({
      ...common,
      method: 'post',
      path: '/v1/webhooks/{webhook_id}/rotate-secret',
      operationId: 'rotateSecret',
      summary: 'Get another secret',
      description: 'For a while both sign: the header carries two signatures, and either secret fits one of them.',
      params,
      body: schemas.rotateSecretBody,
      answers: { 200: { description: 'With the new secret, which stands nowhere else.', schema: schemas.webhook } },
      async handle({ params: { webhook_id }, body, caller: { tenantId }, trace, seal }) {
        const value = newSecret();
        const answer = (webhook: Webhook) => ({ status: 200, body: { ...webhookJson(webhook), secret: value } });
        const formerForMs = (body?.former_valid_s ?? 86_400) * 1000;
        const change = { secret: { value, formerForMs } };
        return answer(there(await catalogue.changeWebhook(tenantId, webhook_id, change, trace, (changed) => seal(answer(changed)))));
      },
    }),
    route({
      ...common,
      method: 'post',
      path: '/v1/webhooks/{webhook_id}/test',
      operationId: 'testWebhook',
      summary: 'Send a test',
      description: 'An event of type webhook.test, signed and tried like any other.',
      params,
      body: schemas.noBody,
      answers: { 202: { description: 'Queued.', schema: schemas.testSent } },
      async handle({ params: { webhook_id }, caller: { tenantId }, trace }) {
        const eventId = newId('evt');
        if (!(await catalogue.testWebhook(tenantId, webhook_id, eventId, trace))) throw new PipelineError('NOT_FOUND');
        return { status: 202, body: { object: 'webhook_test', event_id: eventId } };
      },
    }),
    route({
      ...common,
      method: 'post',
      path: '/v1/webhooks/{webhook_id}/replay',
      operationId: 'replayEvents',
      summary: 'Send events again',
      description: 'One, or all of a time, as far as the webhook wants them; also such as happened before it was made. They keep their ids.',
      params,
      body: schemas.replayBody,
      answers: { 202: { description: 'Queued.', schema: schemas.replayed } },
      async handle({ params: { webhook_id }, body, caller: { tenantId }, trace }) {
        const { event_id, since = '', until = '' } = body;
        const what = event_id === undefined ? { since, until } : { eventId: event_id };
        const queued = there(await catalogue.replayEvents(tenantId, webhook_id, what, trace));
        if (queued === 0 && event_id !== undefined && (await catalogue.findEventPosition(tenantId, event_id)) === null)
          throw new PipelineError('REQUEST_INVALID', { note: `There is no event "${event_id}".` });
        return { status: 202, body: { object: 'replay', queued } };
      },
    }),
    route({
      ...common,
      method: 'get',
      path: '/v1/webhooks/{webhook_id}/deliveries',
      operationId: 'listDeliveries',
      summary: 'What was sent, newest first',
      params,
      query: schemas.listDeliveriesQuery,
      answers: { 200: { description: 'A page.', schema: schemas.deliveryList } },
      async handle({ params: { webhook_id }, query: { limit, cursor, status }, caller: { tenantId } }) {
        const cursors = createCursors(['deliveries', webhook_id, status ?? null], schemas.eventId);
        const place = cursors.read(cursor);
        const after = place && { createdAt: place.at, id: place.id };
        const states = status === undefined ? {} : { states: [status] };
        const rows = there(await catalogue.listDeliveries({ tenantId, webhookId: webhook_id, limit: limit + 1, after, ...states }));
        const { page, ...more } = cursors.page(rows, limit, ({ createdAt, eventId }) => ({ at: createdAt, id: eventId }));
        return { status: 200, body: { object: 'list', data: page.map(deliveryJson), ...more } };
      },
    }),
  ];
}

/** Without what was not said. */
const defined = <T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
