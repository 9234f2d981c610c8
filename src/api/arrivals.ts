import { INTAKE, intakeOf } from '../domain/keys.js';

/** Where a store tells of new objects. */
export const ARRIVALS_PATH = '/v1/ops/events';

/** Keys that one call can have looked at. */
const MAX_KEYS = 100;

/**
 * The keys under intake/ that a store's event speaks of, each once. Only hints: the object itself decides, so what cannot be
 * read is no fault, and a key that some stores encode and others do not is given in both readings.
 *
 * Shapes: AWS, MinIO and versitygw {Records: [{s3: {object: {key}}}]}; EventBridge {detail: {object: {key}}}; SNS, which has
 * one of these as text in {Message}.
 */
export function arrivedKeys(body: unknown): string[] {
  const told = [...records(body).map((record) => at(record, 's3', 'object', 'key')), at(body, 'detail', 'object', 'key')];
  const keys = told.flatMap((key) => (typeof key === 'string' ? readings(key) : []));
  return [...new Set(keys)].filter((key) => key.startsWith(INTAKE) && intakeOf(key) !== null).slice(0, MAX_KEYS);
}

function records(body: unknown): unknown[] {
  const message = at(body, 'Message');
  const inside = typeof message === 'string' ? jsonOf(message) : body;
  const list = at(inside, 'Records');
  return Array.isArray(list) ? list : [];
}

/** AWS encodes keys as forms do: "my+clip%2B.mp4". versitygw does not. */
function readings(key: string): string[] {
  try {
    return [key, decodeURIComponent(key.replaceAll('+', ' '))];
  } catch {
    return [key]; // a per cent sign that encodes nothing: it was not encoded
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // some other notification's text
  }
}

function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const name of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[name];
  }
  return here;
}
