import { createMemoryCatalogue } from '../../src/catalogue/memory-catalogue.js';
import { describeCatalogue } from '../contract/catalogue.js';

describeCatalogue('memory', async () => {
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
});
