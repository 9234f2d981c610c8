import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { clientFault } from '../client/client-fault.js';
import { isAlive } from '../stack/processes.js';
import { UsageFault } from './usage-fault.js';

export interface Endpoint {
  /** No slash at its end. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** For people: where this was found. */
  readonly from: string;
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's folder. */
  readonly here: string;
  /** The checkout. */
  readonly root: string;
}

/** What is read of a stack's state file. */
const stackState = z.object({
  ports: z.record(z.string(), z.number()),
  parts: z.record(z.string(), z.object({ pid: z.number(), identity: z.string() })),
});

/**
 * The API and the key for it: from the command line, else from the environment, else of the stack that runs here.
 * @throws UsageFault where only half of it is known; ClientFault where a stack is there and does not run
 */
export function findEndpoint(given: { readonly url?: string; readonly key?: string; readonly data?: string }, around: Surroundings): Endpoint {
  const { env } = around;
  const url = given.data === undefined ? (given.url ?? nonEmpty(env.REELMILL_URL)) : given.url;
  const key = given.key ?? nonEmpty(env.REELMILL_API_KEY);
  if (url === undefined) return ofStack(around, given.data, given.key);
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new UsageFault(`REELMILL_URL is no address: "${url}".`);
  if (key === undefined) throw new UsageFault(`There is no key for ${url}. Set REELMILL_API_KEY, or give --key.`);
  return { baseUrl: url.replace(/\/+$/, ''), apiKey: key, from: given.url === undefined ? 'REELMILL_URL' : '--url' };
}

function ofStack({ here, root }: Surroundings, data: string | undefined, key: string | undefined): Endpoint {
  const folders = data === undefined ? [join(here, '.reelmill'), join(root, '.reelmill')] : [resolve(here, data)];
  const folder = folders.find((each) => existsSync(join(each, 'state.json')) && existsSync(join(each, 'api-key')));
  if (folder === undefined) {
    throw new UsageFault(
      data === undefined
        ? 'No API is known. Start a stack with npm start, or name one: --url and --key, or REELMILL_URL and REELMILL_API_KEY.'
        : `There is no stack in ${resolve(here, data)}.`,
    );
  }
  const state = stackState.safeParse(JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')));
  const port = state.data?.ports.api;
  if (port === undefined || !Object.values(state.data?.parts ?? {}).some(isAlive)) {
    throw clientFault('API_UNAVAILABLE', `The stack in ${folder} does not run. Start it with npm start, or name another API with --url and --key.`);
  }
  return { baseUrl: `http://127.0.0.1:${port}`, apiKey: key ?? readFileSync(join(folder, 'api-key'), 'utf8').trim(), from: `the stack in ${folder}` };
}

const nonEmpty = (text: string | undefined): string | undefined => (text === undefined || text.trim() === '' ? undefined : text);
