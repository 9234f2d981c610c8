import { StackFault } from '../../stack/fault.js';
import { parsed, whole } from '../option-values.js';
import { ALL_KILLS } from './points.js';

export interface UploadsOptions {
  readonly seed: number;
  /** Pairs of point and victim; all of them, or some that the seed chooses. */
  readonly points: number;
  /** Of the storm; 0: no storm. */
  readonly files: number;
  readonly sizeBytes: number;
  readonly disconnects: number;
  readonly expired: number;
  readonly others: number;
  readonly apiRestarts: number;
  readonly restarts: number;
  readonly clientKills: number;
  /** Life of part URLs where some are to expire, seconds. */
  readonly urlLifeS: number;
  /** Wall-clock limit of the storm, and of the points. */
  readonly minutes: number;
  readonly keep: boolean;
}

export const UPLOADS_HELP = `
  npm run faults -- uploads --seed S

  uploads      a storm on every line between client, API, control worker and S3 while files are uploaded and API,
               control worker and Temporal are killed (-9); then kill -9 of each of the three at each of the points
               between "last part sent" and "processing"; bytes are compared, those sent again counted
  --points N      pairs of point and victim (default: all ${ALL_KILLS}; 0: none)
  --files F       files of the storm (default 4; 0: no storm)
  --size BYTES    of each, 64MB or 10GB too (default 48MB)
  --disconnects D closed and reset connections between client and S3 (default 8)
  --expired E     part URLs that have expired when they are used (default 1)
  --others N      5xx, lost answers, silences, slow lines, flipped bits, errors in a 200, on all lines (default 16)
  --api-restarts N  --restarts N  --client-kills N
                  kill -9 of the API (default 2), of control worker and Temporal in turn (default 2), of the client
                  (default 1 where it resumes)
  --url-life S    life of part URLs where some are to expire (default 10)`;

/** @throws StackFault in words */
export function parseUploadsArguments(argv: readonly string[], client: { readonly resumes: boolean }): UploadsOptions {
  const values = parse(argv);
  const most = 1_000;
  const count = (flag: keyof typeof values & string, usual: number, limit = most): number => {
    const text = values[flag];
    return typeof text === 'string' ? whole(`--${flag}`, text, 0, limit) : usual;
  };
  const clientKills = count('client-kills', client.resumes ? 1 : 0);
  if (clientKills > 0 && !client.resumes)
    throw new StackFault('--client-kills: the uploader does not resume yet, so a killed one would begin again.');
  const points = count('points', ALL_KILLS, ALL_KILLS);
  const files = count('files', 4, 100);
  if (points === 0 && files === 0) throw new StackFault('--points 0 and --files 0: nothing would happen.');
  return {
    seed: count('seed', 1, 2 ** 32 - 1),
    points,
    files,
    sizeBytes: values.size === undefined ? 48_000_000 : bytes('--size', values.size),
    disconnects: count('disconnects', 8),
    expired: count('expired', 1),
    others: count('others', 16),
    apiRestarts: count('api-restarts', 2),
    restarts: count('restarts', 2),
    clientKills,
    urlLifeS: Math.max(1, count('url-life', 10, 3_600)),
    minutes: Math.max(1, count('minutes', 30, 24 * 60)),
    keep: values.keep ?? false,
  };
}

function parse(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = {
    ...{ seed: text, points: text, files: text, size: text, disconnects: text, expired: text, others: text },
    ...{ 'api-restarts': text, restarts: text, 'client-kills': text, 'url-life': text, minutes: text, keep: { type: 'boolean' } as const },
  };
  return parsed({ args: [...argv], options, strict: true }).values;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9, KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30 };
/** The largest that the product takes. */
const MOST_BYTES = 10 * 2 ** 30;

function bytes(flag: string, text: string): number {
  const [, digits = '', unit = ''] = /^(\d+)([A-Za-z]*)$/.exec(text) ?? [];
  const value = Number(digits) * (UNITS[unit.toUpperCase()] ?? Number.NaN);
  if (digits === '' || !(value >= 1 && value <= MOST_BYTES)) throw new StackFault(`${flag} takes bytes, 64MB or 10GB, at most 10GiB, not "${text}".`);
  return value;
}
