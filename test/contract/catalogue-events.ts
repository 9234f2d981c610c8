import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { Catalogue, UploadDraft } from '../../src/catalogue/catalogue.js';
import { draftFor } from './catalogue.js';
import { type CatalogueUnderTest, useCatalogue } from './catalogue-harness.js';

const TENANT = 'tnt_events';
const OTHER = 'tnt_events_other';
const source = { sizeBytes: 20_000_000, etag: 'etag-1' };

/** What every catalogue is held to where its outbox is read and followed. */
export function describeCatalogueEvents(name: string, make: () => Promise<CatalogueUnderTest>): void {
  jest.setTimeout(60_000);

  describe(`catalogue, events: ${name}`, () => {
    let catalogue: Catalogue;
    useCatalogue(make, [TENANT, OTHER], (made) => {
      catalogue = made;
    });

    const begun = async (tenantId = TENANT): Promise<UploadDraft> => {
      const draft = draftFor(tenantId);
      await catalogue.createUpload(draft);
      return draft;
    };
    const all = { after: 0, limit: 1000 };

    it('knows the last position, and lists what came after it: of the tenant, or of one video', async () => {
      const start = await catalogue.lastEventPosition();
      const [mine, foreign, later] = [await begun(), await begun(OTHER), await begun()];
      const told = await catalogue.listEvents(start, 1000);
      expect(told.map((event) => event.videoId)).toEqual([mine, mine, foreign, foreign, later, later].map((draft) => draft.videoId));
      expect(await catalogue.lastEventPosition()).toBe(told.at(-1)?.position);
      const ofTenant = told.filter((event) => event.tenantId === TENANT);
      expect(await catalogue.listTenantEvents({ tenantId: TENANT, after: start, limit: 1000 })).toEqual(ofTenant);
      expect(await catalogue.listTenantEvents({ tenantId: TENANT, after: start, limit: 3 })).toEqual(ofTenant.slice(0, 3));
      const after = ofTenant[0]?.position ?? 0;
      expect(await catalogue.listTenantEvents({ tenantId: TENANT, videoId: mine.videoId, after, limit: 1000 })).toEqual([ofTenant[1]]);
    });

    it('tells nothing of another tenant: neither by the video, nor by the id of an event', async () => {
      const draft = await begun();
      expect(await catalogue.listTenantEvents({ tenantId: OTHER, videoId: draft.videoId, ...all })).toEqual([]);
      const [first] = await catalogue.listTenantEvents({ tenantId: TENANT, videoId: draft.videoId, ...all });
      expect(await catalogue.findEventPosition(TENANT, first?.id ?? '')).toBe(first?.position);
      expect(await catalogue.findEventPosition(OTHER, first?.id ?? '')).toBeNull();
      expect(await catalogue.findEventPosition(TENANT, 'evt_of_nobody')).toBeNull();
    });

    it('wakes everyone who watches once an event can be read, and nobody who has stopped', async () => {
      const position = await catalogue.lastEventPosition();
      let [seen, gone] = [0, 0];
      const look = async (): Promise<void> => {
        seen = Math.max(seen, await catalogue.lastEventPosition());
      };
      const stopGone = catalogue.watchEvents(() => {
        gone += 1;
      });
      const stop = catalogue.watchEvents(() => void look());
      await sleep(300);
      stopGone();
      gone = 0;
      const draft = await begun();
      for (let tries = 0; seen < position + 2 && tries < 400; tries += 1) await sleep(10);
      expect(seen).toBe(position + 2);
      await catalogue.completeUpload(draft.id, source);
      for (let tries = 0; seen < position + 3 && tries < 400; tries += 1) await sleep(10);
      expect(seen).toBe(position + 3);
      expect(gone).toBe(0);
      stop();
    });
  });
}
