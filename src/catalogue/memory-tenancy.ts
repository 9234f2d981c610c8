import type { AuditEntry } from '../domain/audit.js';
import { PipelineError } from '../domain/errors.js';
import { grownBy, type Holding, hasRoom, NOTHING_HELD, quotaExceeded, type Usage } from '../domain/quota.js';
import { CLIENT_SCOPES } from '../domain/scopes.js';
import type { DaySpent } from '../domain/spending.js';
import { dayOf, NO_LIMITS, NOTHING_SPENT, OPEN_TIER, overLimit, type Spent, type Tier, USUAL_LIMITS, USUAL_TIER } from '../domain/tier.js';
import { tooManyKeys } from './api-keys.js';
import type { ApiKey, Catalogue } from './catalogue.js';
import { createMemoryRequests } from './memory-requests.js';
import { storable } from './storable.js';
import { type KeyRecord, MAX_LIVE_KEYS, type Tenancy, type Tenant, type Trace } from './tenancy.js';
import { noSuchTier, unlessOther } from './tenants.js';

interface StoredKey extends KeyRecord {
  readonly secretHash: string;
}

type Port = Tenancy &
  Pick<
    Catalogue,
    'ensureTenant' | 'hasTenant' | 'setTruncatedPolicy' | 'truncatedPolicy' | 'setQuota' | 'findUsage' | 'addApiKey' | 'findApiKey' | 'findApiKeys'
  >;

/** Tenants and all that counts for them, in memory; `port` is part of the catalogue, the rest is for its other writes. */
export function createMemoryTenancy(now: () => string) {
  const tenants = new Map<string, { readonly row: Tenant; readonly usage: Usage }>();
  const tiers = new Map<string, Tier>([
    [OPEN_TIER, { name: OPEN_TIER, limits: NO_LIMITS }],
    [USUAL_TIER, { name: USUAL_TIER, limits: USUAL_LIMITS }],
  ]);
  const spending = new Map<string, Spent>();
  const keys = new Map<string, StoredKey>();
  const audit: AuditEntry[] = [];
  let written = 0;
  const requests = createMemoryRequests(now);

  const mustKnow = (tenantId: string) => {
    const tenant = tenants.get(tenantId);
    if (tenant === undefined) throw new PipelineError('INTERNAL', { note: 'There is no such tenant.', details: { tenantId } });
    return tenant;
  };
  const mustBeTier = (name: string): Tier => {
    const tier = tiers.get(name);
    if (tier === undefined) throw noSuchTier(name, [...tiers.keys()].sort());
    return tier;
  };
  const spentOn = (tenantId: string, day: string): Spent => spending.get(`${tenantId} ${day}`) ?? NOTHING_SPENT;
  const note = (stamp: Trace['audit'], targetId: string | null): void => {
    written += 1;
    audit.push({ ...stamp, targetId, position: written, at: now() });
  };
  const leaveTrace = (trace: Trace, targetId: string, answer: string | null = null): void => {
    if (trace.request) requests.bind(trace.request, answer);
    note(trace.audit, targetId);
  };
  const moveHolding = (tenantId: string, more: Holding): void => {
    const { row, usage } = mustKnow(tenantId);
    if (grownBy(more) > 0 && !hasRoom(usage, grownBy(more))) throw quotaExceeded(usage, grownBy(more));
    const moved = {
      reservedBytes: usage.reservedBytes + more.reservedBytes,
      storedBytes: usage.storedBytes + more.storedBytes,
      openUploads: usage.openUploads + more.openUploads,
    };
    tenants.set(tenantId, { row, usage: { ...usage, ...moved } });
  };
  const moveSpent = (tenantId: string, more: readonly DaySpent[]): void => {
    for (const { day, bytes, encodeMs } of more) {
      const before = spentOn(tenantId, day);
      spending.set(`${tenantId} ${day}`, { bytes: before.bytes + bytes, encodeMs: before.encodeMs + encodeMs });
    }
  };
  const isLive = ({ revokedAt, expiresAt }: KeyRecord): boolean =>
    revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > Date.parse(now()));
  /** What a key needs to open, in a list: empty where there is no such live key. */
  const opening = (keyId: string): ApiKey[] => {
    const key = keys.get(keyId);
    if (key === undefined || !isLive(key)) return [];
    const { id, tenantId, secretHash, name, scopes, expiresAt } = key;
    return [structuredClone({ id, tenantId, secretHash, name, scopes, expiresAt })];
  };
  const newTenant = (id: string, name: string, tier: string, quotaBytes: number | null): Tenant => {
    const row: Tenant = { id, name, tier, quotaBytes, truncatedSources: 'refuse', createdAt: now() };
    tenants.set(id, { row, usage: { quotaBytes, ...NOTHING_HELD } });
    return row;
  };

  const port: Port = {
    ...requests.port,
    async ensureTenant(tenantId, name) {
      if (!tenants.has(tenantId)) newTenant(tenantId, name, OPEN_TIER, null);
    },
    hasTenant: async (tenantId) => tenants.has(tenantId),
    async setQuota(tenantId, quotaBytes) {
      const { row, usage } = mustKnow(tenantId);
      tenants.set(tenantId, { row: { ...row, quotaBytes }, usage: { ...usage, quotaBytes } });
    },
    async setTruncatedPolicy(tenantId, truncatedSources) {
      const { row, usage } = mustKnow(tenantId);
      tenants.set(tenantId, { row: { ...row, truncatedSources }, usage });
    },
    truncatedPolicy: async (tenantId) => tenants.get(tenantId)?.row.truncatedSources ?? null,
    findUsage: async (tenantId) => structuredClone(tenants.get(tenantId)?.usage ?? null),

    async createTenant(wish, trace) {
      const draft = storable(wish);
      mustBeTier(draft.tier);
      const known = tenants.get(draft.id)?.row;
      if (known !== undefined) return structuredClone(unlessOther(known, draft));
      leaveTrace(trace, draft.id);
      return structuredClone(newTenant(draft.id, draft.name, draft.tier, draft.quotaBytes));
    },
    findTenant: async (tenantId) => structuredClone(tenants.get(tenantId)?.row ?? null),
    async listTenants(after, limit) {
      const rows = [...tenants.values()].map(({ row }) => row).filter((row) => after === null || row.id > after);
      return structuredClone(rows.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit));
    },
    async changeTenant(tenantId, change, trace) {
      if (change.tier !== undefined) mustBeTier(change.tier);
      const found = tenants.get(tenantId);
      if (found === undefined) return null;
      if (Object.keys(change).length === 0) return structuredClone(found.row);
      leaveTrace(trace, tenantId);
      const row = { ...found.row, ...storable(change) };
      tenants.set(tenantId, { row, usage: { ...found.usage, quotaBytes: row.quotaBytes } });
      return structuredClone(row);
    },

    async addApiKey(key) {
      mustKnow(key.tenantId);
      if (keys.has(key.id)) return;
      const ended = { expiresAt: null, revokedAt: null, lastUsedAt: null };
      keys.set(key.id, storable({ ...key, scopes: key.scopes ?? CLIENT_SCOPES, mode: 'live', createdAt: now(), ...ended }));
    },
    findApiKey: async (keyId) => opening(keyId)[0] ?? null,
    findApiKeys: async (keyIds) => keyIds.flatMap(opening),
    async createApiKey(wish, trace, answer = () => null) {
      const draft = storable(wish);
      if (!tenants.has(draft.tenantId)) throw new PipelineError('NOT_FOUND');
      const stored = keys.get(draft.id);
      if (stored !== undefined) return shown(stored);
      const others = [...keys.values()].filter((key) => key.tenantId === draft.tenantId && key.name === draft.name && isLive(key));
      if (others.length >= MAX_LIVE_KEYS)
        throw tooManyKeys(
          draft.name,
          others.map(({ id }) => id),
        );
      const key = { ...draft, createdAt: now(), revokedAt: null, lastUsedAt: null };
      leaveTrace(trace, draft.id, answer(shown(key)));
      keys.set(draft.id, key);
      return shown(key);
    },
    async listApiKeys(tenantId) {
      const own = [...keys.values()].filter((key) => key.tenantId === tenantId).map(shown);
      return own.sort((a, b) => (a.createdAt === b.createdAt ? Number(a.id < b.id) || -1 : a.createdAt < b.createdAt ? 1 : -1));
    },
    async revokeApiKey(keyId, trace) {
      const key = keys.get(keyId);
      if (key === undefined) return null;
      if (key.revokedAt !== null) return shown(key);
      leaveTrace(trace, keyId);
      const revoked = { ...key, revokedAt: now() };
      keys.set(keyId, revoked);
      return shown(revoked);
    },
    async noteKeyUse(keyId) {
      const key = keys.get(keyId);
      if (key) keys.set(keyId, { ...key, lastUsedAt: now() });
    },

    listTiers: async () => structuredClone([...tiers.values()].sort((a, b) => (a.name < b.name ? -1 : 1))),
    async saveTier(tier, trace) {
      leaveTrace(trace, tier.name);
      tiers.set(tier.name, structuredClone(tier));
    },
    async findAllowance(tenantId) {
      const tenant = tenants.get(tenantId);
      return tenant === undefined ? null : structuredClone({ tier: mustBeTier(tenant.row.tier), today: spentOn(tenantId, dayOf(now())) });
    },

    writeAudit: async (stamp, targetId) => note(stamp, targetId),
    async listAudit({ tenantId, before, limit }) {
      const rows = audit.filter((row) => (tenantId === undefined || row.tenantId === tenantId) && (before === null || row.position < before));
      return structuredClone(rows.reverse().slice(0, limit));
    },
    async forgetAudit(olderThanMs, limit) {
      const until = Date.parse(now()) - olderThanMs;
      const old = audit.filter(({ at }) => Date.parse(at) < until).slice(0, limit);
      for (const row of old) audit.splice(audit.indexOf(row), 1);
      return old.length;
    },
  };

  return {
    port,
    leaveTrace,
    moveHolding,
    moveSpent,
    /** Whether a new upload has room; says so by throwing. Moves nothing. */
    mustAdmit(tenantId: string, held: Holding, begun: DaySpent): void {
      const { row, usage } = mustKnow(tenantId);
      if (!hasRoom(usage, held.reservedBytes)) throw quotaExceeded(usage, held.reservedBytes);
      const today = spentOn(tenantId, begun.day);
      const spent = { bytes: today.bytes + begun.bytes, encodeMs: today.encodeMs };
      const refusal = overLimit(mustBeTier(row.tier).limits, { openUploads: usage.openUploads + held.openUploads, spent }, held.reservedBytes);
      if (refusal !== null) throw refusal;
    },
  };
}

/** What is there of a key but its hash. */
function shown({ secretHash: _secretHash, ...record }: StoredKey): KeyRecord {
  return structuredClone(record);
}
