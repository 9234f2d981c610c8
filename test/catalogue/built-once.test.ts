import { type CompiledQuery, DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely';
import { builtOnce } from '../../src/catalogue/built-once.js';
import type { Tables } from '../../src/catalogue/tables.js';

/** A database that executes nothing and notes what it was given. */
function notedDatabase(): { db: Kysely<Tables>; noted: CompiledQuery[] } {
  const noted: CompiledQuery[] = [];
  const driver = new DummyDriver();
  driver.acquireConnection = async () => ({
    async executeQuery<R>(query: CompiledQuery) {
      noted.push(query);
      return { rows: [] as R[] };
    },
    async *streamQuery() {
      // Nothing here is streamed.
    },
  });
  const dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driver,
    createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
  return { db: new Kysely<Tables>({ dialect: dialect as never }), noted };
}

interface Wish {
  readonly ids: readonly string[];
  readonly row: Record<string, unknown>;
  readonly rows: readonly { readonly a: number }[];
  readonly at: Date | null;
}

test('is built once and filled each time: lists whole, rows by their columns in any order', async () => {
  const { db, noted } = notedDatabase();
  let times = 0;
  const statement = builtOnce((each, { ids, row, rows, at }: Wish) => {
    times += 1;
    return each.selectNoFrom(sql`${ids}, ${row.x}, ${row.y}, ${rows[0]?.a}, ${rows[1]?.a}, ${at}, ${'fixed'}`.as('all'));
  });
  const at = new Date(0);
  await statement(db, { ids: ['a', 'b'], row: { x: 1, y: null }, rows: [{ a: 1 }, { a: 2 }], at: null });
  await statement(db, { ids: [], row: { y: 'second', x: 3 }, rows: [{ a: 7 }, { a: 8 }], at });
  expect(times).toBe(1);
  expect(noted.map(({ parameters }) => parameters)).toEqual([
    [['a', 'b'], 1, null, 1, 2, null, 'fixed'],
    [[], 3, 'second', 7, 8, at, 'fixed'],
  ]);
  expect(noted[1]?.sql).toBe(noted[0]?.sql);
});

test('refuses values that the statement has no place for, and places without a value', async () => {
  const { db, noted } = notedDatabase();
  const insert = builtOnce((each, { row }: { readonly row: Record<string, unknown> }) => each.insertInto('audit').values(row as never));
  await insert(db, { row: { a: 1, b: 2 } });
  for (const row of [{ a: 1, b: 2, c: 3 }, { a: 1 }, { a: 1, c: 2 }, { a: 1, b: undefined }])
    await expect(insert(db, { row })).rejects.toMatchObject({ code: 'INTERNAL' });
  expect(noted).toHaveLength(1);
});
