import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { artefactsOf, type GenerationReport } from '../src/domain/artefact.js';
import { growingPrefix, reportKey } from '../src/domain/keys.js';
import type { ObjectStore } from '../src/storage/object-store.js';
import { growingFaults } from './growing.js';

export interface StoreLeftovers {
  /** Keys under media/ that no report names; growing playlists of published generations stay on purpose. */
  readonly unnamed: readonly string[];
  /** Growing playlists whose followers would wait for ever, or be sent to something that is not there. */
  readonly stuck: readonly string[];
  /** Keys under work/. */
  readonly work: readonly string[];
  /** Open multiparts. */
  readonly multiparts: readonly string[];
}

/**
 * What the store still holds although nobody will ever want it. Call when all videos are settled.
 * @param kept videos that are not at an end (in review, say): their objects are wanted, the video itself is told as lost
 */
export async function storeLeftovers(store: ObjectStore, kept: readonly string[]): Promise<StoreLeftovers> {
  const isKept = (key: string): boolean => kept.includes(key.split('/')[1] ?? '');
  const media = await keysUnder(store, 'media/');
  const reports: GenerationReport[] = [];
  for (const key of media.filter((each) => each.endsWith('/report.json'))) reports.push(JSON.parse(await readText(store, key)) as GenerationReport);
  const unnamed = unnamedKeys(media, reports);
  const growing = unnamed.filter((key) => reports.some((report) => key.startsWith(growingPrefix(report))));
  const stuck: string[] = [];
  for (const key of growing) stuck.push(...growingFaults(key, await readText(store, key), new Set(media)));
  return {
    unnamed: unnamed.filter((key) => !growing.includes(key) && !isKept(key)),
    stuck,
    work: (await keysUnder(store, 'work/')).filter((key) => !isKept(key)),
    multiparts: (await store.listMultiparts('')).map(({ key, multipartId }) => `${key} (${multipartId})`),
  };
}

export function unnamedKeys(keys: readonly string[], reports: readonly GenerationReport[]): string[] {
  const named = new Set(reports.flatMap((report) => [reportKey(report), ...artefactsOf(report).map(({ key }) => key)]));
  return keys.filter((key) => !named.has(key));
}

/** Files and folders that encoders of this stack have not cleared away. */
export function scratchLeftovers(data: string): string[] {
  const scratch = join(data, 'scratch');
  return readdirSync(scratch).flatMap((encoder) => readdirSync(join(scratch, encoder)).map((name) => join(encoder, name)));
}

export async function keysUnder(store: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<ObjectStore['list']>> = await store.list(prefix, after);
    keys.push(...page.objects.map(({ key }) => key));
    after = page.next;
  } while (after !== null);
  return keys;
}

async function readText(store: ObjectStore, key: string): Promise<string> {
  const object = await store.get(key);
  if (object === null) throw new Error(`${key} was listed and is not there`);
  return await text(object.body);
}
