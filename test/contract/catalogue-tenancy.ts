import { randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import type { KeyDraft, RequestClaim, Trace } from '../../src/catalogue/tenancy.js';
import { NO_LIMITS, USUAL_LIMITS } from '../../src/domain/tier.js';
import { draftFor, planFor } from './catalogue.js';
import { type CatalogueUnderTest, useCatalogue } from './catalogue-harness.js';

const hex = (bytes = 32): string => randomBytes(bytes).toString('hex');
const source = { sizeBytes: 20_000_000, etag: 'etag-1' };

/** What every catalogue is held to where it is about tenants, keys, limits, the audit and repeated requests. */
export function describeCatalogueTenancy(name: string, make: () => Promise<CatalogueUnderTest>): void {
  jest.setTimeout(60_000);

  describe(`catalogue, tenants: ${name}`, () => {
    let catalogue: Catalogue;
    useCatalogue(make, [], (made) => {
      catalogue = made;
    });

    const traceOf = (request?: Trace['request']): Trace => ({
      audit: { tenantId: 'ops', keyId: 'k1', route: 'someRoute', requestId: hex(4) },
      request,
    });
    const newTenant = async (more: Partial<{ tier: string; quotaBytes: number | null }> = {}): Promise<string> => {
      const id = `tnt-${hex(4)}`;
      await catalogue.createTenant({ id, name: 'A', tier: 'unlimited', quotaBytes: null, ...more }, traceOf());
      return id;
    };
    const keyFor = (tenantId: string, more: Partial<KeyDraft> = {}): KeyDraft => ({
      ...{ id: hex(8), tenantId, secretHash: hex(), name: 'app', mode: 'live', scopes: ['videos:read'], expiresAt: null },
      ...more,
    });
    const claimFor = (more: Partial<RequestClaim> = {}): RequestClaim => ({
      ...{ tenantId: 'tnt_r', keyHash: hex(), owner: hex(4), requestHash: 'r1', leaseMs: 60_000, lifeMs: 60_000 },
      ...more,
    });
    /** Rows of the audit about one thing, as [route, key, target]. */
    const audited = async (targetId: string): Promise<string[][]> =>
      (await catalogue.listAudit({ before: null, limit: 1000 }))
        .filter((row) => row.targetId === targetId)
        .map(({ route, keyId, requestId }) => [route, keyId, requestId]);

    it('makes a tenant once, and takes the same facts again as a repeat, and others for a mistake', async () => {
      const wish = { id: `tnt-${hex(4)}`, name: 'Acme', tier: 'standard', quotaBytes: 5 };
      const trace = traceOf();
      const made = await catalogue.createTenant(wish, trace);
      expect(made).toEqual({ ...wish, truncatedSources: 'refuse', createdAt: expect.any(String) });
      expect(await catalogue.createTenant(wish, traceOf())).toEqual(made);
      expect(await catalogue.findTenant(wish.id)).toEqual(made);
      expect(await catalogue.findTenant('tnt_of_nobody')).toBeNull();
      for (const other of [{ name: 'Other' }, { tier: 'unlimited' }, { quotaBytes: null }]) {
        await expect(catalogue.createTenant({ ...wish, ...other }, traceOf())).rejects.toMatchObject({ code: 'CONFLICT' });
      }
      await expect(catalogue.createTenant({ ...wish, id: 'tnt-x', tier: 'golden' }, traceOf())).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(await audited(wish.id)).toEqual([['someRoute', 'k1', trace.audit.requestId]]);
    });

    it('changes what is named of a tenant, and nothing else', async () => {
      const id = await newTenant();
      expect(await catalogue.changeTenant(id, { tier: 'standard' }, traceOf())).toMatchObject({ name: 'A', tier: 'standard', quotaBytes: null });
      expect(await catalogue.changeTenant(id, { quotaBytes: 7, name: 'B' }, traceOf())).toMatchObject({ name: 'B', tier: 'standard', quotaBytes: 7 });
      expect(await catalogue.findUsage(id)).toMatchObject({ quotaBytes: 7 });
      expect(await catalogue.changeTenant(id, { truncatedSources: 'publish' }, traceOf())).toMatchObject({ name: 'B', truncatedSources: 'publish' });
      expect(await catalogue.truncatedPolicy(id)).toBe('publish');
      expect(await catalogue.changeTenant(id, {}, traceOf())).toMatchObject({ name: 'B', truncatedSources: 'publish' });
      await expect(catalogue.changeTenant(id, { tier: 'golden' }, traceOf())).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(await catalogue.changeTenant('tnt_of_nobody', { name: 'x' }, traceOf())).toBeNull();
      expect(await audited(id)).toHaveLength(4);
    });

    it('lists tenants by id, page by page', async () => {
      for (let n = 0; n < 3; n += 1) await newTenant();
      const all = (await catalogue.listTenants(null, 1000)).map(({ id }) => id);
      expect(all).toEqual([...all].sort());
      const second = await catalogue.listTenants(all[0] ?? '', 2);
      expect(second.map(({ id }) => id)).toEqual(all.slice(1, 3));
    });

    it('keeps a key’s hash to itself, knows who used it, and forgets it when it is revoked', async () => {
      const tenantId = await newTenant();
      const draft = keyFor(tenantId, { mode: 'test', expiresAt: '2100-01-01T00:00:00.000Z' });
      const trace = traceOf();
      const made = await catalogue.createApiKey(draft, trace);
      const { secretHash, ...shown } = draft;
      expect(made).toEqual({ ...shown, createdAt: expect.any(String), revokedAt: null, lastUsedAt: null });
      expect(await catalogue.createApiKey(draft, traceOf())).toEqual(made);
      expect(await catalogue.findApiKey(draft.id)).toMatchObject({ secretHash, scopes: ['videos:read'], expiresAt: draft.expiresAt });
      await catalogue.noteKeyUse(draft.id);
      expect((await catalogue.listApiKeys(tenantId)).map(({ lastUsedAt }) => lastUsedAt)).toEqual([expect.any(String)]);
      const revoked = await catalogue.revokeApiKey(draft.id, traceOf());
      expect(revoked).toMatchObject({ revokedAt: expect.any(String) });
      expect(await catalogue.revokeApiKey(draft.id, traceOf())).toEqual(revoked);
      expect([await catalogue.findApiKey(draft.id), await catalogue.findApiKeys([draft.id])]).toEqual([null, []]);
      expect(await catalogue.revokeApiKey('nobodys', traceOf())).toBeNull();
      expect(JSON.stringify(await catalogue.listApiKeys(tenantId))).not.toContain(secretHash);
      expect(await audited(draft.id)).toHaveLength(2);
    });

    it('lets two keys of one name live, of 20 that are wanted at once, and a third when one has ended', async () => {
      const tenantId = await newTenant();
      const tries = await Promise.allSettled(Array.from({ length: 20 }, () => catalogue.createApiKey(keyFor(tenantId), traceOf())));
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
      for (const each of tries) if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'CONFLICT' });
      await catalogue.createApiKey(keyFor(tenantId, { name: 'other' }), traceOf());
      await catalogue.createApiKey(keyFor(tenantId, { name: 'ended', expiresAt: '2020-01-01T00:00:00.000Z' }), traceOf());
      const [first] = (await catalogue.listApiKeys(tenantId)).filter((key) => key.name === 'app');
      await catalogue.revokeApiKey(first?.id ?? '', traceOf());
      await catalogue.createApiKey(keyFor(tenantId), traceOf());
      expect(await catalogue.listApiKeys(tenantId)).toHaveLength(5);
      await expect(catalogue.createApiKey(keyFor('tnt_of_nobody'), traceOf())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('finds no key that has expired', async () => {
      const draft = keyFor(await newTenant(), { expiresAt: '2020-01-01T00:00:00.000Z' });
      await catalogue.createApiKey(draft, traceOf());
      expect(await catalogue.findApiKey(draft.id)).toBeNull();
    });

    it('has two tiers from the start, and takes changed ones', async () => {
      const tiers = await catalogue.listTiers();
      expect(tiers).toEqual(
        expect.arrayContaining([
          { name: 'standard', limits: USUAL_LIMITS },
          { name: 'unlimited', limits: NO_LIMITS },
        ]),
      );
      const limits = { requests: { perS: 0.5, burst: 3 }, openUploads: 2, bytesPerDay: null, encodeMinutesPerDay: 4 };
      const tier = `t${hex(4)}`;
      await catalogue.saveTier({ name: tier, limits: NO_LIMITS }, traceOf());
      await catalogue.saveTier({ name: tier, limits }, traceOf());
      const tenantId = await newTenant({ tier });
      expect(await catalogue.findAllowance(tenantId)).toEqual({ tier: { name: tier, limits }, today: { bytes: 0, encodeMs: 0 } });
      expect(await catalogue.findAllowance('tnt_of_nobody')).toBeNull();
      expect(await audited(tier)).toHaveLength(2);
    });

    it('opens exactly as many uploads as the tier allows, of 60 that ask at once, and one more when one has ended', async () => {
      const tier = `t${hex(4)}`;
      await catalogue.saveTier({ name: tier, limits: { ...NO_LIMITS, openUploads: 30 } }, traceOf());
      const tenantId = await newTenant({ tier });
      const drafts = Array.from({ length: 60 }, () => draftFor(tenantId));
      const tries = await Promise.allSettled(drafts.map((draft) => catalogue.createUpload(draft)));
      const made = drafts.filter((_, n) => tries[n]?.status === 'fulfilled');
      expect(made).toHaveLength(30);
      for (const each of tries) if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'UPLOADS_LIMIT' });
      expect(await catalogue.findUsage(tenantId)).toMatchObject({ openUploads: 30, reservedBytes: 30 * 20_000_000 });
      const [one, two] = made;
      for (let n = 0; n < 2; n += 1) await catalogue.closeUpload(one?.id ?? '', 'cancelled', null);
      await catalogue.createUpload(draftFor(tenantId));
      await expect(catalogue.createUpload(draftFor(tenantId))).rejects.toMatchObject({ code: 'UPLOADS_LIMIT' });
      for (let n = 0; n < 2; n += 1) await catalogue.completeUpload(two?.id ?? '', source);
      await catalogue.createUpload(draftFor(tenantId));
      // Full, and yet a repeat is no second upload.
      await catalogue.createUpload(made[3] ?? draftFor(tenantId));
      expect(await catalogue.findUsage(tenantId)).toMatchObject({ openUploads: 30 });
    });

    it('counts the bytes of a day exactly once: announced, found, given back', async () => {
      const tier = `t${hex(4)}`;
      await catalogue.saveTier({ name: tier, limits: { ...NO_LIMITS, bytesPerDay: 100_000_000 } }, traceOf());
      const tenantId = await newTenant({ tier });
      const bytes = async () => (await catalogue.findAllowance(tenantId))?.today.bytes;
      const drafts = Array.from({ length: 20 }, () => draftFor(tenantId));
      const tries = await Promise.allSettled(drafts.map((draft) => catalogue.createUpload(draft)));
      const made = drafts.filter((_, n) => tries[n]?.status === 'fulfilled');
      expect([made.length, await bytes()]).toEqual([5, 100_000_000]);
      for (const each of tries) if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'DAILY_LIMIT' });
      const [one, two] = made;
      for (let n = 0; n < 2; n += 1)
        await catalogue.closeUpload(one?.id ?? '', 'expired', null).then(() => catalogue.closeUpload(one?.id ?? '', 'cancelled', null));
      expect(await bytes()).toBe(80_000_000);
      for (let n = 0; n < 2; n += 1) await catalogue.completeUpload(two?.id ?? '', source);
      // What has been sent was sent: deleting the video gives no bytes of the day back.
      await catalogue.deleteVideo(tenantId, two?.videoId ?? '');
      expect(await bytes()).toBe(80_000_000);
      // One whose size nobody knew counts when it is complete.
      const unknown = { ...draftFor(tenantId), sizeBytes: null, partSizeBytes: null };
      await catalogue.createUpload(unknown);
      expect(await bytes()).toBe(80_000_000);
      await catalogue.completeUpload(unknown.id, { sizeBytes: 123, etag: 'e' });
      expect(await bytes()).toBe(80_000_123);
    });

    it('counts the minutes of a generation once, and shuts the door to new uploads when they are used up', async () => {
      const tier = `t${hex(4)}`;
      await catalogue.saveTier({ name: tier, limits: { ...NO_LIMITS, encodeMinutesPerDay: 1 } }, traceOf());
      const tenantId = await newTenant({ tier });
      const drafts = [draftFor(tenantId), draftFor(tenantId)];
      for (const draft of drafts) {
        await catalogue.createUpload(draft);
        await catalogue.completeUpload(draft.id, source);
      }
      for (const draft of drafts) for (let n = 0; n < 2; n += 1) await catalogue.savePlan(planFor(draft));
      expect((await catalogue.findAllowance(tenantId))?.today.encodeMs).toBe(60_000);
      await expect(catalogue.createUpload(draftFor(tenantId))).rejects.toMatchObject({ code: 'DAILY_LIMIT' });
      await catalogue.cancel(drafts[0]?.videoId ?? '', 1);
      expect((await catalogue.findAllowance(tenantId))?.today.encodeMs).toBe(60_000);
    });

    it('leaves a trace beside a change, and none where nothing changes', async () => {
      const tenantId = await newTenant();
      const draft = draftFor(tenantId);
      for (let n = 0; n < 2; n += 1) {
        await catalogue.createUpload(draft, traceOf());
        await catalogue.attachMultipart(draft.id, 'mp', traceOf());
        await catalogue.openDoor(draft.id, { door: 'whole', multipartId: null, instead: null }, traceOf());
        expect(await audited(draft.id)).toHaveLength(2);
      }
      for (let n = 0; n < 2; n += 1) await catalogue.deleteVideo(tenantId, draft.videoId, traceOf());
      expect(await audited(draft.videoId)).toHaveLength(1);
      await expect(catalogue.createUpload(draftFor('tnt_of_nobody'), traceOf())).rejects.toThrow();
    });

    it('lists the audit newest first, page by page, of one tenant or of all', async () => {
      const tenantId = `tnt-${hex(4)}`;
      const stamp = { tenantId, keyId: 'k', route: 'r', requestId: 'q' };
      for (const target of ['a', 'b', null]) await catalogue.writeAudit(stamp, target);
      const all = await catalogue.listAudit({ tenantId, before: null, limit: 10 });
      expect(all.map(({ targetId }) => targetId)).toEqual([null, 'b', 'a']);
      expect(all[0]).toEqual({ ...stamp, targetId: null, position: expect.any(Number), at: expect.any(String) });
      expect(await catalogue.listAudit({ tenantId, before: all[0]?.position ?? null, limit: 1 })).toEqual([all[1]]);
      expect((await catalogue.listAudit({ before: null, limit: 1 })).map(({ position }) => position)).toEqual([all[0]?.position]);
    });

    it('gives a request to one of 20 that ask at once, and the answer to all who ask later', async () => {
      const claim = claimFor();
      const owners = Array.from({ length: 20 }, (_, n) => ({ ...claim, owner: `o${n}` }));
      const states = await Promise.all(owners.map((each) => catalogue.claimRequest(each)));
      expect(states.map(({ state }) => state).sort()).toEqual(['mine', ...Array(19).fill('running')]);
      const winner = owners[states.findIndex(({ state }) => state === 'mine')] ?? claim;
      await catalogue.finishRequest({ ...winner, owner: 'nobody' }, 'forged', 60_000);
      await catalogue.finishRequest(winner, 'first', 60_000);
      await catalogue.finishRequest(winner, 'second', 60_000);
      await catalogue.releaseRequest(winner);
      expect(await catalogue.claimRequest(claimFor({ keyHash: claim.keyHash }))).toEqual({ state: 'answered', answer: 'first' });
      expect(await catalogue.claimRequest(claimFor({ keyHash: claim.keyHash, requestHash: 'r2' }))).toEqual({ state: 'other' });
      // The same key of another tenant is another key.
      expect(await catalogue.claimRequest(claimFor({ keyHash: claim.keyHash, tenantId: 'tnt_s', requestHash: 'r2' }))).toEqual({ state: 'mine' });
    });

    it('gives a request on when it was released, when its lease is over, and when it has expired', async () => {
      const released = claimFor();
      await catalogue.claimRequest(released);
      await catalogue.releaseRequest({ ...released, owner: 'nobody' });
      expect(await catalogue.claimRequest({ ...released, owner: 'o2' })).toEqual({ state: 'running' });
      await catalogue.releaseRequest(released);
      expect(await catalogue.claimRequest({ ...released, owner: 'o2' })).toEqual({ state: 'mine' });

      const left = claimFor({ leaseMs: -1000 });
      await catalogue.claimRequest(left);
      expect(await catalogue.claimRequest({ ...left, owner: 'o2', requestHash: 'r2' })).toEqual({ state: 'other' });
      expect(await catalogue.claimRequest({ ...left, owner: 'o3', leaseMs: 60_000 })).toEqual({ state: 'mine' });
      // Whoever was paused has lost it: neither its answer nor its writes count.
      await catalogue.finishRequest(left, 'late', 60_000);
      expect(await catalogue.claimRequest({ ...left, owner: 'o4' })).toEqual({ state: 'running' });
      const draft = draftFor(await newTenant());
      await expect(catalogue.createUpload(draft, traceOf(left))).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_IN_USE' });
      expect(await catalogue.getUpload(draft.id)).toBeNull();
      expect(await audited(draft.id)).toEqual([]);

      const expired = claimFor();
      await catalogue.claimRequest(expired);
      await catalogue.finishRequest(expired, 'old', -1000);
      expect(await catalogue.claimRequest({ ...expired, owner: 'o2', requestHash: 'r2' })).toEqual({ state: 'mine' });
    });

    it('keeps the answer of a new key in the transaction that makes it', async () => {
      const claim = claimFor();
      await catalogue.claimRequest(claim);
      const draft = keyFor(await newTenant());
      await catalogue.createApiKey(draft, traceOf(claim), (key) => `sealed ${key.id}`);
      expect(await catalogue.claimRequest({ ...claim, owner: 'o2' })).toEqual({ state: 'answered', answer: `sealed ${draft.id}` });
    });

    it('forgets what has expired, and nothing else', async () => {
      while ((await catalogue.forgetRequests(100)) > 0);
      const old = Array.from({ length: 3 }, () => claimFor({ lifeMs: -1000 }));
      const young = claimFor();
      for (const claim of [...old, young]) await catalogue.claimRequest(claim);
      expect([await catalogue.forgetRequests(2), await catalogue.forgetRequests(2), await catalogue.forgetRequests(2)]).toEqual([2, 1, 0]);
      expect(await catalogue.claimRequest({ ...young, owner: 'o2' })).toEqual({ state: 'running' });
    });
  });
}
