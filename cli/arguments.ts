import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm } from '../src/domain/upload.js';
import { VIDEO_STATES, type VideoState } from '../src/domain/video.js';
import { type CommonOptions, common, commonOf, type Flags, wholeNumber } from './common-options.js';
import { addGenerationCommands, aVideoId, type GenerationWish } from './generation-arguments.js';
import { addOpsCommands, type OpsWish } from './ops-arguments.js';

export interface UploadWish extends CommonOptions {
  readonly command: 'upload';
  readonly files: readonly string[];
  readonly wait: boolean;
  /** Parts at a time. */
  readonly concurrency: number;
  /** undefined: what is quickest here; null: none. */
  readonly checksum?: ChecksumAlgorithm | null;
}

export type CliWish =
  | UploadWish
  | ({ readonly command: 'status'; readonly id: string | null } & CommonOptions)
  | ({ readonly command: 'list'; readonly status: readonly VideoState[]; readonly limit: number } & CommonOptions)
  | ({ readonly command: 'cancel'; readonly id: string } & CommonOptions)
  | ({ readonly command: 'download'; readonly id: string; readonly to: string } & CommonOptions)
  | ({ readonly command: 'doctor' } & CommonOptions)
  | GenerationWish
  | OpsWish
  /** Nothing to do but to say it. */
  | { readonly command: 'say'; readonly text: string; readonly exitCode: 0 | 2 };

const MAX_CONCURRENCY = 64;
const MAX_LIST = 10_000;
const UPLOAD_ID = /^upl_[0-9a-f]{32}$/;
const VIDEO_ID = /^vid_[0-9a-f]{32}$/;
/** Exit code of a command line that asks for nothing that there is. */
export const USAGE = 2;

/** What the command line asks for; help, the version and faults come as text. */
export function parseCli(argv: readonly string[], version: string): CliWish {
  let wish: CliWish | null = null;
  let text = '';
  const take = (made: CliWish): void => {
    wish = made;
  };
  const program = programOf(take, version);
  for (const command of [program, ...program.commands.flatMap((each) => [each, ...each.commands])]) {
    const collect = (piece: string): void => {
      text += piece;
    };
    command.exitOverride().configureOutput({ writeOut: collect, writeErr: collect });
  }
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { command: 'say', text: text.trimEnd(), exitCode: error.exitCode === 0 ? 0 : USAGE };
  }
  return wish ?? { command: 'say', text: program.helpInformation().trimEnd(), exitCode: USAGE };
}

function programOf(take: (wish: CliWish) => void, version: string): Command {
  const program = new Command('reelmill')
    .description('Uploads video that survives anything, and fetches what came of it.')
    .version(version)
    .showHelpAfterError('(--help lists what there is.)')
    .addHelpText(
      'after',
      `
Where the API is: --url and --key, else REELMILL_URL and REELMILL_API_KEY, else the stack that runs on this machine.
Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 130 Ctrl-C.`,
    );

  common(program.command('upload').argument('<file...>', 'video files'))
    .description('Upload files. After a break of any kind the same command goes on where it was.')
    .option('--wait', 'follow each video until it is published', false)
    .option('--concurrency <n>', 'parts at a time', wholeNumber(1, MAX_CONCURRENCY), 4)
    .addOption(
      new Option('--checksum <kind>', 'what the store checks each part by (default: the quickest)').choices([...CHECKSUM_ALGORITHMS, 'none']),
    )
    .action((files: string[], options: Flags & { wait: boolean; concurrency: number; checksum?: ChecksumAlgorithm | 'none' }) => {
      const { wait, concurrency, checksum } = options;
      const kind = checksum === undefined ? {} : { checksum: checksum === 'none' ? null : checksum };
      take({ command: 'upload', files, wait, concurrency, ...kind, ...commonOf(options) });
    });

  common(program.command('status').argument('[id]', 'an upload (upl_…) or a video (vid_…)', anId))
    .description('How an upload or a video stands; without an id, all that is on its way.')
    .action((id: string | undefined, options: Flags) => take({ command: 'status', id: id ?? null, ...commonOf(options) }));

  common(program.command('list'))
    .description('Videos, newest first.')
    .option('--status <states>', `only these, separated by commas: ${VIDEO_STATES.join(', ')}`, states, [])
    .option('--limit <n>', 'at most this many', wholeNumber(1, MAX_LIST), 25)
    .action((options: Flags & { status: VideoState[]; limit: number }) => {
      take({ command: 'list', status: options.status, limit: options.limit, ...commonOf(options) });
    });

  common(program.command('cancel').argument('<id>', 'an upload (upl_…), or the video of one that was begun here', anId))
    .description('Give an upload up; what was sent is deleted.')
    .action((id: string, options: Flags) => take({ command: 'cancel', id, ...commonOf(options) }));

  common(program.command('download').argument('<id>', 'a video (vid_…)', aVideoId))
    .description('Copy what was published: playlists, segments, poster, storyboard. Sizes and hashes are checked.')
    .option('--to <dir>', 'folder; a folder with the id is made in it', '.')
    .action((id: string, options: Flags & { to: string }) => take({ command: 'download', id, to: options.to, ...commonOf(options) }));

  common(program.command('doctor'))
    .description('Whether the API can be reached, and what a stack on this machine needs.')
    .action((options: Flags) => take({ command: 'doctor', ...commonOf(options) }));
  addGenerationCommands(program, take);
  addOpsCommands(program, take);
  return program;
}

function states(text: string): VideoState[] {
  return text.split(',').map((word) => {
    const known = VIDEO_STATES.find((state) => state === word.trim());
    if (known === undefined) throw new InvalidArgumentError(`There is no state "${word.trim()}".`);
    return known;
  });
}

function anId(text: string): string {
  if (!UPLOAD_ID.test(text) && !VIDEO_ID.test(text)) throw new InvalidArgumentError('An id is upl_ or vid_ and 32 hex digits.');
  return text;
}
