import type { AuditEntry, AuditStamp } from '../domain/audit.js';
import type { Scope } from '../domain/scopes.js';
import type { Spent, Tier } from '../domain/tier.js';
import type { TruncatedPolicy } from '../domain/truncation.js';

/**
 * The part of the port that is about who may do what, how often, and who did it.
 *
 * A write that was asked for through the API takes a `Trace`: its audit row, and the mark of the request's Idempotency-Key,
 * are written in the very transaction that changes something, and not at all where nothing changes.
 */
export interface Tenancy {
  /** Made before with the same facts: as it stands. Rejects with CONFLICT where the id is taken otherwise, or there is no such tier. */
  createTenant(tenant: NewTenant, trace: Trace): Promise<Tenant>;
  findTenant(tenantId: string): Promise<Tenant | null>;
  /** By id; `after` is the last id of the page before. */
  listTenants(after: string | null, limit: number): Promise<Tenant[]>;
  /** null where there is no such tenant; CONFLICT where there is no such tier. */
  changeTenant(tenantId: string, change: TenantChange, trace: Trace): Promise<Tenant | null>;

  /**
   * A key beside those that the tenant has; the same id again gives what is stored. `answer` seals what the caller will be told,
   * and is kept with the row: the secret is nowhere else.
   * Rejects with NOT_FOUND where there is no such tenant, and with CONFLICT where two keys of that name are live.
   */
  createApiKey(key: KeyDraft, trace: Trace, answer?: (key: KeyRecord) => string | null): Promise<KeyRecord>;
  /** All of a tenant's keys, newest first, those that have ended included. */
  listApiKeys(tenantId: string): Promise<KeyRecord[]>;
  /** From now on it opens nothing. Revoked before: as it stands. null where there is no such key. */
  revokeApiKey(keyId: string, trace: Trace): Promise<KeyRecord | null>;
  /** Notes that a key was used, to the minute. */
  noteKeyUse(keyId: string): Promise<void>;

  listTiers(): Promise<Tier[]>;
  /** Makes or replaces it. Holds from the next look of each process on, which is seconds away. */
  saveTier(tier: Tier, trace: Trace): Promise<void>;
  /** The tenant's tier, and what it has used today, by the catalogue's own clock. null where there is no such tenant. */
  findAllowance(tenantId: string): Promise<Allowance | null>;

  /** For a write that is no row of the catalogue: before it is asked for. */
  writeAudit(stamp: AuditStamp, targetId: string | null): Promise<void>;
  /** Newest first; `before` is the last position of the page before. */
  listAudit(query: { readonly tenantId?: string; readonly before: number | null; readonly limit: number }): Promise<AuditEntry[]>;
  /** Deletes at most `limit` rows of the audit that are older. @returns how many */
  forgetAudit(olderThanMs: number, limit: number): Promise<number>;

  /**
   * Begins a request that carries an Idempotency-Key. `mine`: nobody has, or whoever had has not answered within its lease. What
   * has expired counts as never seen.
   */
  claimRequest(claim: RequestClaim): Promise<Claimed>;
  /** Keeps the answer for those who ask again; the first one stays. */
  finishRequest(mark: RequestMark, answer: string, lifeMs: number): Promise<void>;
  /** Nothing came of it: the key may be used again at once. Only the owner's own claim, and only without an answer. */
  releaseRequest(mark: RequestMark): Promise<void>;
  /** Deletes at most `limit` that have expired. @returns how many */
  forgetRequests(limit: number): Promise<number>;
}

export interface Trace {
  readonly audit: AuditStamp;
  /** Absent where the request carries no Idempotency-Key. */
  readonly request?: RequestMark | undefined;
}

/** Which request a write belongs to. */
export interface RequestMark {
  readonly tenantId: string;
  /** SHA-256 of the Idempotency-Key, hex: the key itself seals the answer and is not kept. */
  readonly keyHash: string;
  /** Of this run of the request. */
  readonly owner: string;
}

export interface RequestClaim extends RequestMark {
  /** SHA-256 of what is asked for, hex. */
  readonly requestHash: string;
  /** How long nobody else begins it, ms. */
  readonly leaseMs: number;
  /** How long the key is remembered, ms. */
  readonly lifeMs: number;
}

export type Claimed =
  | { readonly state: 'mine' }
  /** Somebody else is at it. */
  | { readonly state: 'running' }
  /** The key was used for another request. */
  | { readonly state: 'other' }
  | { readonly state: 'answered'; readonly answer: string };

export interface NewTenant {
  readonly id: string;
  readonly name: string;
  readonly tier: string;
  readonly quotaBytes: number | null;
}

export interface Tenant extends NewTenant {
  /** What becomes of its sources that are cut or damaged; `refuse` until it wishes otherwise. */
  readonly truncatedSources: TruncatedPolicy;
  readonly createdAt: string;
}

export type TenantChange = Partial<Omit<Tenant, 'id' | 'createdAt'>>;

export const KEY_MODES = ['live', 'test'] as const;
export type KeyMode = (typeof KEY_MODES)[number];

export interface KeyDraft {
  readonly id: string;
  readonly tenantId: string;
  /** SHA-256 of the secret, lower-case hex. */
  readonly secretHash: string;
  readonly name: string;
  readonly mode: KeyMode;
  readonly scopes: readonly Scope[];
  readonly expiresAt: string | null;
}

/** A key as it may be shown: without what opens anything. */
export interface KeyRecord extends Omit<KeyDraft, 'secretHash'> {
  readonly createdAt: string;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
}

/** Two at a time: the old one and the one that takes its place. */
export const MAX_LIVE_KEYS = 2;

export interface Allowance {
  readonly tier: Tier;
  readonly today: Spent;
}
