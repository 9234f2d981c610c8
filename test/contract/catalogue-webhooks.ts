import { randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import type { Catalogue, UploadDraft } from '../../src/catalogue/catalogue.js';
import type { WebhookDraft } from '../../src/catalogue/webhook-catalogue.js';
import { draftFor } from './catalogue.js';
import { type CatalogueUnderTest, useCatalogue } from './catalogue-harness.js';

const source = { sizeBytes: 20_000_000, etag: 'etag-1' };
const hex = (): string => randomBytes(16).toString('hex');
const took = { status: 204, error: null, ms: 5 };
const failed = { status: 500, error: 'It answered 500.', ms: 5 };

/** What every catalogue is held to where webhooks are kept and events are delivered. */
export function describeCatalogueWebhooks(name: string, make: () => Promise<CatalogueUnderTest>): void {
  jest.setTimeout(60_000);

  describe(`catalogue, webhooks: ${name}`, () => {
    let catalogue: Catalogue;
    let tenantId: string;
    useCatalogue(make, [], (made) => {
      catalogue = made;
    });
    beforeEach(async () => {
      tenantId = `tnt_hooks_${hex()}`;
      await catalogue.ensureTenant(tenantId, 'A');
    });

    const hook = (more: Partial<WebhookDraft> = {}) => {
      const draft = { id: `whk_${hex()}`, tenantId, url: 'https://a.example/hook', description: '', eventTypes: [], secret: 'whsec_b2xk', ...more };
      return catalogue.createWebhook(draft);
    };
    /** A video with its first two events. */
    const begun = async (): Promise<UploadDraft> => {
      const draft = draftFor(tenantId);
      await catalogue.createUpload(draft);
      return draft;
    };
    const due = async (webhookId: string): Promise<string[]> => (await catalogue.listDue(webhookId, 100)).map(({ type }) => type);
    const wakes = async (webhookId: string): Promise<boolean> => (await catalogue.listWebhooksToWake(10_000)).includes(webhookId);
    /** Sends whatever is due, as long as something is. */
    const deliverAll = async (webhookId: string): Promise<string[]> => {
      const sent: string[] = [];
      for (;;) {
        const rows = await catalogue.listDue(webhookId, 100);
        if (rows.length === 0) return sent;
        for (const row of rows) {
          sent.push(row.type);
          await catalogue.recordTry(webhookId, row.eventId, row.sent, took);
        }
      }
    };

    it('makes a webhook once, shows it to its tenant alone, and lists the newest first', async () => {
      const first = await hook({ eventTypes: ['video.ready'] });
      expect(first).toMatchObject({ state: 'enabled', eventTypes: ['video.ready'], formerSecret: null, failingSince: null });
      expect(await catalogue.createWebhook({ ...first, url: 'https://other.example/' })).toEqual(first);
      const second = await hook();
      expect(await catalogue.findWebhook(tenantId, first.id)).toEqual(first);
      expect(await catalogue.findWebhook('tnt_of_nobody', first.id)).toBeNull();
      expect(await catalogue.listWebhooks({ tenantId, limit: 10, after: null })).toEqual([second, first]);
      expect(await catalogue.listWebhooks({ tenantId, limit: 10, after: second })).toEqual([first]);
      expect(await catalogue.changeWebhook('tnt_of_nobody', first.id, { url: 'https://b.example/' })).toBeNull();
      expect(await catalogue.testWebhook('tnt_of_nobody', first.id, `evt_${hex()}`)).toBe(false);
      expect(await catalogue.replayEvents('tnt_of_nobody', first.id, { since: '2000-01-01T00:00:00Z', until: '2100-01-01T00:00:00Z' })).toBeNull();
      expect(await catalogue.listDeliveries({ tenantId: 'tnt_of_nobody', webhookId: first.id, limit: 1, after: null })).toBeNull();
      expect(await catalogue.deleteWebhook('tnt_of_nobody', first.id)).toBe(false);
      expect(await catalogue.deleteWebhook(tenantId, first.id)).toBe(true);
      expect(await catalogue.deleteWebhook(tenantId, first.id)).toBe(false);
    });

    it('takes every event from its making on once, those that it wants, and none of another tenant', async () => {
      await begun();
      const [all, some] = [await hook(), await hook({ eventTypes: ['upload.completed'] })];
      expect(await wakes(all.id)).toBe(false);
      const draft = await begun();
      await catalogue.completeUpload(draft.id, source);
      const other = `tnt_hooks_${hex()}`;
      await catalogue.ensureTenant(other, 'B');
      await catalogue.createUpload(draftFor(other));
      expect(await wakes(all.id)).toBe(true);
      await Promise.all([catalogue.takeEvents(all.id), catalogue.takeEvents(all.id), catalogue.takeEvents(some.id)]);
      expect(await wakes(all.id)).toBe(false);
      const rows = await catalogue.listDeliveries({ tenantId, webhookId: all.id, limit: 10, after: null });
      expect(rows?.map(({ type }) => type).sort()).toEqual(['upload.completed', 'upload.created', 'video.created']);
      expect(await catalogue.listDeliveries({ tenantId, webhookId: some.id, limit: 10, after: null })).toHaveLength(1);
      expect(await due(some.id)).toEqual(['upload.completed']);
    });

    it('gives out of each video the first that is pending, and the next once that is settled', async () => {
      const webhook = await hook();
      const [a, b] = [await begun(), await begun()];
      await catalogue.takeEvents(webhook.id);
      const [first, other] = await catalogue.listDue(webhook.id, 10);
      expect([first?.line, first?.type, other?.line, other?.type]).toEqual([a.videoId, 'video.created', b.videoId, 'video.created']);
      expect(first?.event).toMatchObject({ id: first?.eventId, videoId: a.videoId, sequence: 1, data: { state: 'waiting' } });
      await catalogue.recordTry(webhook.id, first?.eventId ?? '', 0, failed);
      // Its video waits, the other one does not.
      expect((await catalogue.listDue(webhook.id, 10)).map(({ line }) => line)).toEqual([b.videoId]);
      expect(await deliverAll(webhook.id)).toEqual(['video.created', 'upload.created']);
      const waitMs = await catalogue.restWebhook(webhook.id);
      expect(waitMs).toBeGreaterThan(1_000);
      expect(waitMs).toBeLessThanOrEqual(5_500);
      expect(await wakes(webhook.id)).toBe(false);
    });

    it('writes a try down once, however often and late it is told', async () => {
      const webhook = await hook();
      await begun();
      await catalogue.takeEvents(webhook.id);
      const [head] = await catalogue.listDue(webhook.id, 1);
      const id = head?.eventId ?? '';
      for (const tried of [failed, failed, took]) await catalogue.recordTry(webhook.id, id, 0, tried);
      await catalogue.recordTry(webhook.id, 'evt_of_nobody', 0, took);
      await catalogue.recordTry('whk_of_nobody', id, 0, took);
      const find = async () =>
        (await catalogue.listDeliveries({ tenantId, webhookId: webhook.id, limit: 10, after: null }))?.find((row) => row.eventId === id);
      expect(await find()).toMatchObject({ state: 'pending', tries: 1, sent: 1, log: [{ ...failed, at: expect.any(String) }] });
      expect((await catalogue.findWebhook(tenantId, webhook.id))?.failingSince).toEqual(expect.any(String));
      await catalogue.recordTry(webhook.id, id, 1, took);
      expect(await find()).toMatchObject({ state: 'delivered', tries: 2, sent: 2, nextAt: null, settledAt: expect.any(String) });
      expect((await catalogue.findWebhook(tenantId, webhook.id))?.failingSince).toBeNull();
    });

    it('disables on 410, takes nothing then, and goes on where it was when enabled again', async () => {
      const webhook = await hook();
      const draft = await begun();
      await catalogue.takeEvents(webhook.id);
      const [head] = await catalogue.listDue(webhook.id, 1);
      await catalogue.recordTry(webhook.id, head?.eventId ?? '', 0, { status: 410, error: 'gone', ms: 1 });
      expect(await catalogue.findWebhook(tenantId, webhook.id)).toMatchObject({ state: 'disabled', disabledReason: 'gone' });
      await catalogue.completeUpload(draft.id, source);
      expect(await catalogue.takeEvents(webhook.id)).toBeNull();
      expect(await due(webhook.id)).toEqual([]);
      expect(await catalogue.restWebhook(webhook.id)).toBeNull();
      expect(await wakes(webhook.id)).toBe(false);
      expect(await catalogue.changeWebhook(tenantId, webhook.id, { state: 'enabled' })).toMatchObject({ state: 'enabled', disabledReason: null });
      expect(await wakes(webhook.id)).toBe(true);
      await catalogue.takeEvents(webhook.id);
      expect(await deliverAll(webhook.id)).toEqual(['video.created', 'upload.created', 'upload.completed']);
      expect(await catalogue.restWebhook(webhook.id)).toBeNull();
    });

    it('leaves the former secret valid after a rotation, and changes nothing when told again', async () => {
      const webhook = await hook();
      const rotated = await catalogue.changeWebhook(tenantId, webhook.id, { secret: { value: 'whsec_bmV3', formerForMs: 60_000 } });
      expect(rotated).toMatchObject({ secret: 'whsec_bmV3', formerSecret: 'whsec_b2xk', formerSecretUntil: expect.any(String) });
      expect(await catalogue.changeWebhook(tenantId, webhook.id, { secret: { value: 'whsec_bmV3', formerForMs: 60_000 } })).toEqual(rotated);
      const moved = await catalogue.changeWebhook(tenantId, webhook.id, { url: 'https://b.example/', eventTypes: ['video.ready'] });
      expect(moved).toMatchObject({ url: 'https://b.example/', eventTypes: ['video.ready'], secret: 'whsec_bmV3' });
    });

    it('replays one event or a time, under the same ids and through the filter, and leaves alone what is pending', async () => {
      const webhook = await hook({ eventTypes: ['video.created', 'upload.completed'] });
      const draft = await begun();
      await catalogue.completeUpload(draft.id, source);
      await catalogue.takeEvents(webhook.id);
      const events = await catalogue.listTenantEvents({ tenantId, after: 0, limit: 10 });
      const all = { since: events[0]?.createdAt ?? '', until: '2100-01-01T00:00:00.000Z' };
      expect(await catalogue.replayEvents(tenantId, webhook.id, all)).toBe(0);
      await deliverAll(webhook.id);
      await catalogue.restWebhook(webhook.id);
      expect(await catalogue.replayEvents(tenantId, webhook.id, { eventId: events[1]?.id ?? '' })).toBe(0);
      expect(await wakes(webhook.id)).toBe(false);
      expect(await catalogue.replayEvents(tenantId, webhook.id, { eventId: events[2]?.id ?? '' })).toBe(1);
      expect(await wakes(webhook.id)).toBe(true);
      expect(await catalogue.listDue(webhook.id, 10)).toMatchObject([{ eventId: events[2]?.id, sent: 1, tries: 0 }]);
      await deliverAll(webhook.id);
      expect(await catalogue.replayEvents(tenantId, webhook.id, { ...all, until: all.since })).toBe(0);
      expect(await catalogue.replayEvents(tenantId, webhook.id, all)).toBe(2);
      expect(await deliverAll(webhook.id)).toEqual(['video.created', 'upload.completed']);
    });

    it('queues a test once, and lists deliveries by state', async () => {
      const webhook = await hook();
      const eventId = `evt_${hex()}`;
      for (let n = 0; n < 2; n += 1) expect(await catalogue.testWebhook(tenantId, webhook.id, eventId)).toBe(true);
      expect(await wakes(webhook.id)).toBe(true);
      expect(await catalogue.listDue(webhook.id, 10)).toMatchObject([{ eventId, type: 'webhook.test', event: null }]);
      const list = (states: ('pending' | 'delivered')[]) =>
        catalogue.listDeliveries({ tenantId, webhookId: webhook.id, limit: 5, after: null, states });
      expect([await list(['pending']), await list(['delivered'])].map((rows) => rows?.length)).toEqual([1, 0]);
      await deliverAll(webhook.id);
      expect([await list(['pending']), await list(['delivered'])].map((rows) => rows?.length)).toEqual([0, 1]);
    });
  });
}
