import { parseArgs } from 'node:util';

export const PART_NAMES = [
  'encode',
  'quality',
  'overhead',
  'first-playable',
  'scale',
  'history',
  'upload',
  'api',
  'limiter',
  'run-in',
  'sse',
  'overload',
] as const;
export type PartName = (typeof PART_NAMES)[number];

/** What `npm run bench` runs without a name: every row of the goals. `run-in` is a tool for tuning, `sse` and `overload` need no media: on request only. */
export const DEFAULT_PARTS: readonly PartName[] = ['encode', 'quality', 'overhead', 'first-playable', 'scale', 'history', 'upload', 'api', 'limiter'];

export interface BenchOptions {
  readonly parts: readonly PartName[];
  /** Rounds; in each, all variants run once, in alternating order. Figures are medians over rounds. */
  readonly runs: number;
  /** Media seconds of the benchmark sources. */
  readonly seconds: number;
  /** MiB that the upload part sends at a time. */
  readonly sizeMib: number;
  /** Decides how the clips are varied, so the same seed is the same source. */
  readonly seed: number;
}

export const HELP = `npm run bench [-- PART… [--runs N] [--seconds N] [--size-mib N] [--seed N]]

  encode          complete source in S3 to published, against one ffmpeg command and against three
  quality         PSNR and size against that one command, and the frames around each join
  overhead        a 2 s clip on a warm stack, and where its time goes
  first-playable  complete to playable, against the encode time of chunk 0
  scale           one encoder worker against two; packing over 4, 16 and 64 slots, simulated
  history         events and bytes in Temporal for 10 min and 3 h
  upload          reelmill upload against bare PUTs of the same parts, and its memory
  api             requests a second of one API process: read, sign, create against bare workflow starts
  limiter         decisions a second of the rate limiter, from one process's memory
  overload        (only by name) ten times what the API sustains, for --seconds: who is served, who is turned away, what is lost
  sse             (only by name) 5 000 open event streams: memory, and how late they are told
  run-in          (only by name) what run-in and run-out buy and cost: the table behind the plan's constants

  --runs N        rounds, 3 at least where a median is wanted (default 3)
  --seconds N     length of the sources, or of the overload and of the calm before it, in each round (default 120)
  --size-mib N    what the upload part sends (default 1024)
  --seed N        how the clips are varied (default 1)

The last line is JSON. Exit code 0: measured, all goals met; 1: a goal is missed, or something could not be measured.`;

export class ArgumentFault extends Error {}

/**
 * @returns null where the help text is asked for
 * @throws ArgumentFault in words
 */
export function parseBenchArguments(argv: readonly string[]): BenchOptions | null {
  const options = {
    runs: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '120' },
    'size-mib': { type: 'string', default: '1024' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  const { values, positionals } = parsed(() => parseArgs({ args: [...argv], options, allowPositionals: true, strict: true }));
  if (values.help) return null;
  const parts = positionals.map((name) => {
    const known = PART_NAMES.find((part) => part === name);
    if (known === undefined) throw new ArgumentFault(`There is no part "${name}". They are: ${PART_NAMES.join(', ')}.`);
    return known;
  });
  return {
    parts: parts.length > 0 ? parts : DEFAULT_PARTS,
    runs: wholeNumber('--runs', values.runs, 1),
    seconds: wholeNumber('--seconds', values.seconds, 4),
    sizeMib: wholeNumber('--size-mib', values['size-mib'], 1),
    seed: wholeNumber('--seed', values.seed, 0),
  };
}

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new ArgumentFault(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least) throw new ArgumentFault(`${flag} takes a whole number from ${least}, not "${text}".`);
  return value;
}
