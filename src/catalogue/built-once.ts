import type { Compilable, CompiledQuery, Kysely } from 'kysely';
import { PipelineError } from '../domain/errors.js';
import type { Tables } from './tables.js';

/** Values of a statement: single ones, lists, rows and lists of rows. */
type Values = Readonly<Record<string, unknown>>;

/** Stands where a value will stand; that is all that a builder may do with it. */
class Place {
  constructor(readonly path: readonly string[]) {}
}

/**
 * A statement that is built once, from its first values, and then only filled: building it anew costs more than the way to the
 * database and back.
 * @param build the statement over places that look like the values. It may pass them on, and look at none.
 * @returns executes it with these values. INTERNAL where they are others than the first ones had: what is more would be lost.
 */
export function builtOnce<V extends object, R>(
  build: (db: Kysely<Tables>, places: V) => Compilable<R>,
): (db: Kysely<Tables>, values: V) => Promise<readonly R[]> {
  let built: CompiledQuery<R> | undefined;
  let count = 0;
  return async (db, values) => {
    if (built === undefined) {
      count = countOf(values);
      built = build(db, placesFor(values, []) as V).compile();
    }
    if (countOf(values) !== count) throw new PipelineError('INTERNAL', { note: 'A statement is given other values than it was built for.' });
    const parameters = built.parameters.map((each) => (each instanceof Place ? valueAt(values, each.path) : each));
    return (await db.executeQuery<R>({ ...built, parameters })).rows;
  };
}

/** What has values inside: a row, or a list of rows. Lists of single values go to the database whole. */
function inside(value: unknown): readonly (readonly [string, unknown])[] | null {
  if (Array.isArray(value)) return isRow(value[0]) ? Object.entries(value) : null;
  return isRow(value) ? Object.entries(value) : null;
}

const isRow = (value: unknown): value is Values => typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function placesFor(value: unknown, path: readonly string[]): unknown {
  const entries = inside(value);
  if (entries === null) return new Place(path);
  const places = entries.map(([name, each]) => [name, placesFor(each, [...path, name])] as const);
  return Array.isArray(value) ? places.map(([, place]) => place) : Object.fromEntries(places);
}

const countOf = (value: unknown): number => inside(value)?.reduce((sum, [, each]) => sum + countOf(each), 0) ?? 1;

function valueAt(values: object, path: readonly string[]): unknown {
  const value = path.reduce<unknown>((at, name) => (at as Values | undefined)?.[name], values);
  if (value === undefined) throw new PipelineError('INTERNAL', { note: `There is no ${path.join('.')} to fill a statement with.` });
  return value;
}
