import type { ApiKey, Catalogue } from '../catalogue/catalogue.js';
import { PipelineError } from '../domain/errors.js';
import type { Decision, Rate } from '../domain/token-bucket.js';
import type { UploadState } from '../domain/upload.js';
import type { Logger } from '../runtime/logger.js';
import { hashSecret, type PresentedKey, parseApiKey, secretMatches } from './api-key.js';
import { ARRIVALS_PATH } from './arrivals.js';
import { clientAddress } from './client-address.js';
import type { ApiContext, Caller, Next } from './context.js';
import { createKnownKeys } from './known-keys.js';
import { createMemoryLimiter } from './limiter.js';
import { patienceFor, patiently } from './patient.js';
import type { UploadTokens } from './upload-token.js';

/** Wrong keys that one address may try: so many at once, and then one in so long. A person who mixes keys up does not notice. */
const WRONG_KEYS: Rate = { perS: 0.2, burst: 20 };

/** Compared with where the id is unknown, so that an answer takes the same time whether the id exists or not. */
const NOBODY = hashSecret('');

const NEVER = new AbortController().signal;

/** An address that carries a capability, and what stands behind it. */
const BY_TOKEN = /^\/v1\/uploads\/(upt_[^/]*)(\/.*)?$/;

/** Read by the end of its capability: states in which nothing more can be done or learnt. */
const ENDED: readonly UploadState[] = ['cancelled', 'expired'];

/**
 * Everything under /v1 needs a key, or stands behind an upload's token; the store's events aside. By the path, before any route: what does not exist is 401 too, so that nothing can
 * be learnt without a key. Routes ask for their caller once more (route.ts), so a path that slips past here gets nothing.
 */
export function authenticate(
  catalogue: Pick<Catalogue, 'findApiKey' | 'findApiKeys' | 'getUpload' | 'noteKeyUse'>,
  tokens: UploadTokens,
  { clock, logger, proxies }: { readonly clock: () => Date; readonly logger: Logger; readonly proxies: number },
) {
  const keys = createKnownKeys({ catalogue, clock, logger });
  const wrongKeys = createMemoryLimiter();

  /** The catalogue leaves expired keys out; one that was kept here may have ended since. */
  const hasEnded = ({ expiresAt }: ApiKey): boolean => expiresAt !== null && Date.parse(expiresAt) <= clock().getTime();

  /**
   * The key that opens. An address that has tried too many wrong ones costs the catalogue nothing more: its look-ups are made
   * together. It gets 429 for what is wrong, and is let in with what is right: others may sit behind the same address.
   */
  const opener = async (ctx: ApiContext, { id, secret }: PresentedKey): Promise<ApiKey> => {
    const address = clientAddress(ctx, proxies);
    let paid: Decision | null = null;
    const pay = (): boolean => {
      paid = wrongKeys.take(address, WRONG_KEYS);
      return paid.allowed;
    };
    const key = keys.recall(id) ?? (await keys.lookUp(id, pay));
    if (secretMatches(secret, key?.secretHash ?? NOBODY) && key && !hasEnded(key)) {
      if (isAllowed(paid)) wrongKeys.giveBack(address);
      return key;
    }
    if (isAllowed(paid) || pay()) throw new PipelineError('UNAUTHENTICATED');
    ctx.set('Retry-After', retryAfterS(paid));
    throw new PipelineError('WRONG_KEYS');
  };

  /** Whoever holds the token acts for the upload's tenant. Unknown, forged and ended are one: there is nothing here. */
  const holder = async (token: string): Promise<{ caller: Caller; uploadId: string }> => {
    const uploadId = tokens.read(token);
    const upload = uploadId === null ? null : await patiently(() => catalogue.getUpload(uploadId), patienceFor(NEVER));
    if (upload === null || ENDED.includes(upload.state) || Date.parse(upload.expiresAt) <= clock().getTime()) throw new PipelineError('NOT_FOUND');
    return { caller: { tenantId: upload.tenantId, keyId: 'upload-token', scopes: ['uploads:write'] }, uploadId: upload.id };
  };

  return async (ctx: ApiContext, next: Next): Promise<void> => {
    const [, uploadToken, rest = ''] = BY_TOKEN.exec(ctx.path) ?? [];
    if (uploadToken !== undefined) {
      const { caller, uploadId } = await holder(uploadToken);
      ctx.state.caller = caller;
      // From here on it is an address of this one upload: no route can be reached that is about another thing, and no log sees the token.
      ctx.path = `/v1/uploads/${uploadId}${rest}`;
      await next();
      return;
    }
    if (!/^\/v1(\/|$)/i.test(ctx.path)) {
      await next();
      return;
    }
    // The store's own events carry a secret of their own, which the route asks for.
    if (ctx.path === ARRIVALS_PATH) {
      await next();
      return;
    }
    const [, token] = /^Bearer +(\S+)$/i.exec(ctx.get('Authorization')) ?? [];
    const presented = token === undefined ? null : parseApiKey(token);
    if (!presented) throw new PipelineError('UNAUTHENTICATED');
    const key = await opener(ctx, presented);
    keys.noteUse(key.id);
    ctx.state.caller = { tenantId: key.tenantId, keyId: key.id, scopes: key.scopes };
    await next();
  };
}

// TypeScript does not follow what a callback assigns.
const isAllowed = (decision: Decision | null): boolean => decision?.allowed ?? false;
const retryAfterS = (decision: Decision | null): string => String(Math.max(1, Math.ceil((decision?.retryMs ?? 0) / 1000)));
