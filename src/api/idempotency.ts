import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PipelineError } from '../domain/errors.js';
import type { ApiDeps } from './deps.js';
import type { Answer, CheckedRequest, RunOnce } from './route.js';
import { createSeal } from './sealed.js';

/** Longer than nearly every request takes. Whoever takes one over that is still at work does no harm: each write is safe to repeat. */
const LEASE_MS = 15_000;
const LIFE_MS = 86_400_000;
/** How long a repeat waits for the answer of the first before it is sent away with 409. */
const WAIT_MS = 10_000;
const FIRST_LOOK_MS = 25;
const LONGEST_LOOK_MS = 250;
/** An answer that is longer is not kept: its request runs again, and finds what the first one made. */
const MAX_ANSWER_CHARS = 256 * 1024;

/**
 * A POST with an Idempotency-Key is done once, and everybody who sends it within a day gets the same answer. Only success is kept:
 * after anything else the same key may be used again, since nothing came of it, or the state that refused it may have changed.
 *
 * Dies before the answer is kept: the lease ends, the repeat runs, and finds the rows of the first run, because ids follow from
 * the key or from the request, and where they do not (a new API key) the answer is kept by the very transaction that makes the row.
 */
export function createRunOnce(deps: Pick<ApiDeps, 'catalogue' | 'logger' | 'config'> & { readonly clock: () => Date }): RunOnce {
  const seal = createSeal(deps.config.uploadTokenSecrets);

  return async (request, work) => {
    const { idempotencyKey, caller } = request;
    // Who comes with an upload's token reaches one upload, whose calls are all safe to repeat; the keys are the tenant's.
    if (idempotencyKey === undefined || caller.keyId === 'upload-token') return await work(null);
    const words = [caller.tenantId, idempotencyKey];
    const mark = { tenantId: caller.tenantId, keyHash: sha256(words.join('\0')), owner: randomUUID() };
    const close = (answer: Answer): string | null => {
      const text = JSON.stringify({ status: answer.status, headers: answer.headers ?? {}, body: answer.body });
      return text.length > MAX_ANSWER_CHARS ? null : seal.close(text, words);
    };

    const kept = await claim(deps, { ...mark, requestHash: hashOf(request), leaseMs: LEASE_MS, lifeMs: LIFE_MS }, request);
    if (kept !== null) return replayed(seal.open(kept, words));
    const release = (): Promise<void> => unlessAway(deps, () => deps.catalogue.releaseRequest(mark));
    try {
      const answer = await work({ mark, seal: close });
      const goodMs = answer.goodUntil === undefined ? LIFE_MS : Date.parse(answer.goodUntil) - deps.clock().getTime();
      const sealed = answer.status < 300 && goodMs > 0 ? close(answer) : null;
      if (sealed === null) await release();
      // The work is done: whatever becomes of this, its answer goes out.
      else await unlessAway(deps, () => deps.catalogue.finishRequest(mark, sealed, Math.min(LIFE_MS, goodMs)));
      return answer;
    } catch (error) {
      await release();
      throw error;
    }
  };
}

/** @returns the sealed answer of an earlier run; null where this run is the one to do it */
async function claim(
  deps: Pick<ApiDeps, 'catalogue'>,
  wish: Parameters<ApiDeps['catalogue']['claimRequest']>[0],
  { gone, giveUpPlace }: Pick<CheckedRequest, 'gone' | 'giveUpPlace'>,
): Promise<string | null> {
  const endMs = performance.now() + WAIT_MS;
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_LOOK_MS)) {
    const claimed = await deps.catalogue.claimRequest(wish);
    if (claimed.state === 'mine') return null;
    if (claimed.state === 'answered') return claimed.answer;
    if (claimed.state === 'other') throw new PipelineError('IDEMPOTENCY_KEY_REUSED');
    if (performance.now() > endMs || gone.aborted) throw new PipelineError('IDEMPOTENCY_KEY_IN_USE');
    giveUpPlace();
    await sleep(pauseMs * (0.5 + Math.random() / 2));
  }
}

/** Sealed with a secret that has been taken away since: what it was cannot be told, and doing it again would be wrong. */
function replayed(text: string | null): Answer {
  if (text === null)
    throw new PipelineError('CONFLICT', { note: 'This Idempotency-Key was used, and its answer cannot be read any more. Use a new key.' });
  return JSON.parse(text) as Answer;
}

/** What is asked for, whatever the order of its fields. */
function hashOf({ method, path, ids, query, body }: CheckedRequest): string {
  return sha256(JSON.stringify([method, path, ordered(ids), ordered(query), ordered(body)]));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => [name, ordered(field)]);
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function unlessAway(deps: Pick<ApiDeps, 'logger'>, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (err) {
    // The lease ends by itself.
    deps.logger.warn({ err }, 'what became of a request with an Idempotency-Key could not be noted');
  }
}
