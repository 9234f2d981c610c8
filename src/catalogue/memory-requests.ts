import { PipelineError } from '../domain/errors.js';
import type { RequestMark, Tenancy } from './tenancy.js';

interface StoredRequest {
  readonly owner: string;
  readonly requestHash: string;
  readonly leasedUntilMs: number;
  readonly expiresAtMs: number;
  readonly answer: string | null;
}

/** What is remembered of requests with an Idempotency-Key, in memory. */
export function createMemoryRequests(now: () => string) {
  const rows = new Map<string, StoredRequest>();
  const nowMs = (): number => Date.parse(now());
  const idOf = ({ tenantId, keyHash }: Pick<RequestMark, 'tenantId' | 'keyHash'>): string => `${tenantId} ${keyHash}`;
  const owned = (mark: RequestMark): StoredRequest | null => {
    const row = rows.get(idOf(mark));
    return row?.owner === mark.owner ? row : null;
  };

  const port: Pick<Tenancy, 'claimRequest' | 'finishRequest' | 'releaseRequest' | 'forgetRequests'> = {
    async claimRequest({ requestHash, owner, leaseMs, lifeMs, ...mark }) {
      const id = idOf(mark);
      const at = nowMs();
      const row = rows.get(id);
      const fresh = row === undefined || row.expiresAtMs < at || row.owner === owner;
      if (!fresh && row.requestHash !== requestHash) return { state: 'other' };
      if (!fresh && row.answer !== null) return { state: 'answered', answer: row.answer };
      if (!fresh && row.leasedUntilMs >= at) return { state: 'running' };
      rows.set(id, { owner, requestHash, leasedUntilMs: at + leaseMs, expiresAtMs: at + lifeMs, answer: null });
      return { state: 'mine' };
    },
    async finishRequest(mark, answer, lifeMs) {
      const row = owned(mark);
      if (row?.answer === null) rows.set(idOf(mark), { ...row, answer, expiresAtMs: nowMs() + lifeMs });
    },
    async releaseRequest(mark) {
      if (owned(mark)?.answer === null) rows.delete(idOf(mark));
    },
    async forgetRequests(limit) {
      const old = [...rows].filter(([, row]) => row.expiresAtMs < nowMs()).slice(0, limit);
      for (const [id] of old) rows.delete(id);
      return old.length;
    },
  };

  return {
    port,
    /** As a write's transaction does it: throws where the claim is lost. */
    bind(mark: RequestMark, answer: string | null): void {
      const row = owned(mark);
      if (row === null) throw new PipelineError('IDEMPOTENCY_KEY_IN_USE');
      if (answer !== null) rows.set(idOf(mark), { ...row, answer });
    },
  };
}
