import { createMemoryCatalogue } from '../../src/catalogue/memory-catalogue.js';
import { describeCatalogue } from '../contract/catalogue.js';
import { describeCatalogueDelete } from '../contract/catalogue-delete.js';
import { describeCatalogueEvents } from '../contract/catalogue-events.js';
import { describeCatalogueGenerations } from '../contract/catalogue-generations.js';
import type { CatalogueUnderTest } from '../contract/catalogue-harness.js';
import { describeCatalogueTenancy } from '../contract/catalogue-tenancy.js';
import { describeCatalogueVideos } from '../contract/catalogue-videos.js';
import { describeCatalogueWebhooks } from '../contract/catalogue-webhooks.js';

const make = async (): Promise<CatalogueUnderTest> => {
  let [time, step] = [Date.parse('2026-01-01T00:00:00Z'), 1];
  const now = (): Date => {
    time += step;
    return new Date(time);
  };
  return {
    catalogue: createMemoryCatalogue({ now }),
    async atOneMoment(create) {
      [time, step] = [time + 1, 0];
      await create();
      step = 1;
    },
    close: async () => undefined,
  };
};

describeCatalogue('memory', make);
describeCatalogueEvents('memory', make);
describeCatalogueWebhooks('memory', make);
describeCatalogueDelete('memory', make, 200);
describeCatalogueTenancy('memory', make);
describeCatalogueVideos('memory', make);
describeCatalogueGenerations('memory', make);
