import { type Command, InvalidArgumentError } from 'commander';
import { type CommonOptions, common, commonOf, type Flags, wholeNumber } from './common-options.js';

/** What is asked for about the generations of one video. */
export type GenerationWish = { readonly id: string } & CommonOptions &
  (
    | { readonly command: 'reprocess'; readonly reason: string | null; readonly wait: boolean }
    | { readonly command: 'rollback'; readonly to: number | null }
    | { readonly command: 'generations' }
  );

const MAX_GENERATION = 1_000_000;
const VIDEO_ID = /^vid_[0-9a-f]{32}$/;

/** `reelmill reprocess`, `rollback` and `generations`. */
export function addGenerationCommands(program: Command, take: (wish: GenerationWish) => void): void {
  common(program.command('reprocess').argument('<id>', 'a video (vid_…)', aVideoId))
    .description('Make a video once more from its uploaded file; what is published plays on until the new one is.')
    .option('--reason <text>', 'why, for the record')
    .option('--wait', 'follow it until it is published or refused', false)
    .action((id: string, options: Flags & { reason?: string; wait: boolean }) => {
      take({ command: 'reprocess', id, reason: options.reason ?? null, wait: options.wait, ...commonOf(options) });
    });
  common(program.command('rollback').argument('<id>', 'a video (vid_…)', aVideoId))
    .description('Give players an earlier generation again, at once.')
    .option('--to <n>', 'which one (default: the one before the live one)', wholeNumber(1, MAX_GENERATION))
    .action((id: string, options: Flags & { to?: number }) => take({ command: 'rollback', id, to: options.to ?? null, ...commonOf(options) }));
  common(program.command('generations').argument('<id>', 'a video (vid_…)', aVideoId))
    .description('Every generation of a video: how it stands, which one is live, which are kept.')
    .action((id: string, options: Flags) => take({ command: 'generations', id, ...commonOf(options) }));
}

export function aVideoId(text: string): string {
  if (!VIDEO_ID.test(text)) throw new InvalidArgumentError('The id of a video is vid_ and 32 hex digits.');
  return text;
}
