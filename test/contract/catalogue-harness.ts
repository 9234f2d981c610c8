import type { Catalogue } from '../../src/catalogue/catalogue.js';

export interface CatalogueUnderTest {
  readonly catalogue: Catalogue;
  /** Runs `create` so that all videos made in it have one createdAt. */
  atOneMoment(create: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Makes the catalogue before the tests of a `describe`, with these tenants in it, hands it over, and closes it behind them. */
export function useCatalogue(
  make: () => Promise<CatalogueUnderTest>,
  tenants: readonly string[],
  take: (catalogue: Catalogue, under: CatalogueUnderTest) => void,
): void {
  let made: CatalogueUnderTest | undefined;
  beforeAll(async () => {
    made = await make();
    await made.catalogue.migrate();
    for (const tenant of tenants) await made.catalogue.ensureTenant(tenant, tenant);
    take(made.catalogue, made);
  });
  afterAll(() => made?.close());
}
