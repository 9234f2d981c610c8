import { Webhook } from 'standardwebhooks';
import type { VideoEvent } from './api-types.js';
import { clientFault, wordsOf } from './client-fault.js';

/** What is sent to a webhook: an event as `events()` and the API's lists have it, or, on request, a test. */
export interface WebhookPayload {
  readonly type: string;
  readonly timestamp: string;
  readonly data: VideoEvent | { readonly webhook_id: string };
}

/** Of a request: Node's own, or those of fetch. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

const NAMES = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

/**
 * What a webhook's request says, once it is certain who sent it: the signature fits the secret (`whsec_…`), and it is at most
 * five minutes old. The same event may come more than once; its id (`webhook-id`) is the same each time.
 * @param payload the body as it came: parsed and written again it has another signature
 * @throws ClientFault WEBHOOK_UNVERIFIED: answer 400, and believe nothing of it
 */
export function verifyWebhook(payload: string | Uint8Array, headers: WebhookHeaders, secret: string): WebhookPayload {
  const given = NAMES.map((name) => [name, String((headers instanceof Headers ? headers.get(name) : headers[name]) ?? '')]);
  try {
    return new Webhook(secret).verify(typeof payload === 'string' ? payload : Buffer.from(payload), Object.fromEntries(given)) as WebhookPayload;
  } catch (error) {
    throw clientFault('WEBHOOK_UNVERIFIED', `This request is not to be believed: ${wordsOf(error)}.`);
  }
}
