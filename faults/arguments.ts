import { StackFault } from '../stack/fault.js';
import { ABANDONED_HELP } from './abandoned-arguments.js';
import { parsed, whole } from './option-values.js';
import { TRUNCATIONS_HELP } from './truncation-arguments.js';

export interface KillsOptions {
  /** Different sources; they are uploaded again until all faults were given. */
  readonly videos: number;
  readonly kills: number;
  readonly seed: number;
  /** Wall-clock limit of the run under faults. */
  readonly minutes: number;
  /** Keep the folder of the run, whatever its end. */
  readonly keep: boolean;
}

export const HELP = `Faults at seeded times against whole stacks of their own, and what came of it.

  npm run faults -- kills --videos V --kills K --seed S
  npm run faults -- deletes --n N --seed S

  kills        SIGKILL, SIGTERM and SIGSTOP/SIGCONT of workers and ffmpeg while videos are processed; the results are
               compared, frame by frame, with those of a run without faults
  --videos V   different sources (default 2)
  --kills K    faults of all kinds (default 6)
  --seed S     decides what happens when to whom (default 1)
  --minutes M  wall-clock limit of the run under faults (default: by K)
  deletes      videos are deleted at N moments of their lives (default 8), some while the API or the control worker is killed;
               then nothing of them may be left anywhere, and nothing may bring one back
  --keep       keep the folder with sources, logs and both stacks' data

${ABANDONED_HELP}

${TRUNCATIONS_HELP}

Exit code 0: every promise held. The last line is one JSON object.`;

/** null where help is asked for. @throws StackFault in words */
export function parseFaultArguments(argv: readonly string[]): KillsOptions | null {
  const { values, positionals } = parse(argv);
  if (values.help) return null;
  if (positionals.length !== 1 || positionals[0] !== 'kills')
    throw new StackFault('What faults? There are: kills, uploads, deletes, abandoned, truncations. --help tells more.');
  const kills = whole('--kills', values.kills ?? '6', 1, 10_000);
  return {
    videos: whole('--videos', values.videos ?? '2', 1, 500),
    kills,
    seed: whole('--seed', values.seed ?? '1', 0, 2 ** 32 - 1),
    minutes: values.minutes === undefined ? Math.ceil(6 + kills * 0.3) : whole('--minutes', values.minutes, 1, 24 * 60),
    keep: values.keep ?? false,
  };
}

function parse(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { videos: text, kills: text, seed: text, minutes: text, keep: flag, help: flag };
  return parsed({ args: [...argv], options, allowPositionals: true, strict: true });
}
