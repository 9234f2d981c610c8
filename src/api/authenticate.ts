import type { ApiKey, Catalogue } from '../catalogue/catalogue.js';
import { PipelineError } from '../domain/errors.js';
import type { UploadState } from '../domain/upload.js';
import type { Logger } from '../runtime/logger.js';
import { hashSecret, parseApiKey, secretMatches } from './api-key.js';
import { ARRIVALS_PATH } from './arrivals.js';
import type { ApiContext, Caller, Next } from './context.js';
import { patienceFor, patiently } from './patient.js';
import type { UploadTokens } from './upload-token.js';

/** A revoked key works at most this long. Long enough that a client's burst asks the database once. */
const CACHE_MS = 30_000;
const CACHE_KEYS = 1_000;

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
  catalogue: Pick<Catalogue, 'findApiKey' | 'getUpload' | 'noteKeyUse'>,
  tokens: UploadTokens,
  { clock, logger }: { readonly clock: () => Date; readonly logger: Logger },
) {
  const known = new Map<string, { key: ApiKey; untilMs: number; noted: boolean }>();

  const find = async (id: string): Promise<ApiKey | null> => {
    const cached = known.get(id);
    if (cached && cached.untilMs > clock().getTime()) return cached.key;
    known.delete(id);
    const key = await catalogue.findApiKey(id);
    // Only hits are kept: a key that was just made works at once, and made-up ids cannot push real ones out.
    if (key) {
      if (known.size >= CACHE_KEYS) known.delete(known.keys().next().value ?? id);
      known.set(id, { key, untilMs: clock().getTime() + CACHE_MS, noted: false });
    }
    return key;
  };

  /** The catalogue leaves expired keys out; one that was kept here may have ended since. */
  const hasEnded = ({ expiresAt }: ApiKey): boolean => expiresAt !== null && Date.parse(expiresAt) <= clock().getTime();

  /** Once for each look-up; nobody waits for it, and a use that is not noted is no fault of the request. */
  const noteUse = ({ id }: ApiKey): void => {
    const cached = known.get(id);
    if (cached === undefined || cached.noted) return;
    cached.noted = true;
    catalogue.noteKeyUse(id).catch((err: unknown) => logger.debug({ err, key_id: id }, 'the use of a key could not be noted'));
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
    const key = await find(presented.id);
    if (!secretMatches(presented.secret, key?.secretHash ?? NOBODY) || !key || hasEnded(key)) throw new PipelineError('UNAUTHENTICATED');
    noteUse(key);
    ctx.state.caller = { tenantId: key.tenantId, keyId: key.id, scopes: key.scopes };
    await next();
  };
}
