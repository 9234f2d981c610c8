import { parseArgs } from 'node:util';
import { optionFault, StackFault } from './fault.js';

export type StackCommand =
  | { readonly command: 'help' }
  | { readonly command: 'doctor'; readonly data: string | null }
  | ({ readonly command: 'run' } & RunOptions);

export interface RunOptions {
  /** Empty: a sample clip is made. */
  readonly files: readonly string[];
  readonly once: boolean;
  readonly exportTo: string | null;
  readonly reportTo: string | null;
  /** Encoder workers; each runs one ffmpeg at a time. */
  readonly encoders: number;
  /** null: `.reelmill` in the checkout. */
  readonly data: string | null;
}

const OPTIONS = {
  once: { type: 'boolean', default: false },
  export: { type: 'string' },
  report: { type: 'string' },
  encoders: { type: 'string' },
  data: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const MAX_ENCODERS = 64;
const MAX_DEFAULT_ENCODERS = 8;

export const HELP = `Reelmill on this machine: PostgreSQL, S3, Temporal, the API and its workers, with one command.

  npm start                        make a sample clip, upload it, publish it; stay up until Ctrl-C
  npm start -- FILE…               the same with your files
  npm start -- doctor              what is needed, what is there, what to do about the rest

  --once           shut everything down when all files are done; exit code 0 only if all were published
  --export DIR     copy each published video to DIR/<file name without extension>/ (play its master.m3u8)
  --report FILE    write what became of each file, as JSON
  --encoders N     encoder workers, one ffmpeg each (default: one per core, at most ${MAX_DEFAULT_ENCODERS})
  --data DIR       where everything is kept (default: .reelmill); two folders are two stacks, side by side
  --help           this text

  TEMPORAL_ADDRESS, DATABASE_URL and S3_ENDPOINT (with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) each put a service of
  yours in the place of the embedded one.`;

/**
 * What the command line asks for.
 * @throws StackFault naming the fault and a hint
 */
export function parseArguments(argv: readonly string[], cores: number): StackCommand {
  const { values, positionals } = parse(argv);
  if (values.help) return { command: 'help' };
  const data = values.data === undefined ? null : nonEmpty('--data', values.data);
  if (positionals[0] === 'doctor') {
    if (positionals.length > 1) throw new StackFault('doctor takes no files. To process a file that is called doctor, write ./doctor');
    return { command: 'doctor', data };
  }
  return {
    command: 'run',
    files: positionals,
    once: values.once ?? false,
    exportTo: values.export === undefined ? null : nonEmpty('--export', values.export),
    reportTo: values.report === undefined ? null : nonEmpty('--report', values.report),
    encoders: values.encoders === undefined ? defaultEncoders(cores) : encoderCount(values.encoders),
    data,
  };
}

function parse(argv: readonly string[]) {
  const known = Object.keys(OPTIONS).map((name) => `--${name}`);
  for (const word of argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined)) {
    if (!word.startsWith('-') || word === '-' || word === '-h') continue;
    const flag = word.split('=')[0] ?? word;
    if (!known.includes(flag)) throw new StackFault(`There is no option ${flag}.${hint(flag, known)} --help lists them all.`);
  }
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw optionFault(error);
  }
}

function nonEmpty(flag: string, value: string): string {
  if (value.trim() === '') throw new StackFault(`${flag} needs a value.`);
  return value;
}

function encoderCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > MAX_ENCODERS)
    throw new StackFault(`--encoders takes a whole number from 1 to ${MAX_ENCODERS}, not "${text}".`);
  return count;
}

function defaultEncoders(cores: number): number {
  return Math.max(1, Math.min(MAX_DEFAULT_ENCODERS, cores));
}

/** The known flag that differs least, where one is near. */
function hint(flag: string, known: readonly string[]): string {
  const near = known.map((name) => ({ name, distance: editDistance(flag, name) })).sort((a, b) => a.distance - b.distance)[0];
  return near && near.distance <= 3 ? ` Did you mean ${near.name}?` : '';
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
