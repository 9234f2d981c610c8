import { parseArgs } from 'node:util';
import { StackFault } from '../stack/fault.js';

export interface HonestOptions {
  /** Rows whose group or name holds this text, in small letters; null: all. */
  readonly only: string | null;
  /** Puts the rows that ran into the table of the documentation. */
  readonly write: boolean;
  /** Media seconds of the flash-and-beep sources; 0 leaves them out. */
  readonly syncSeconds: number;
}

export const HELP = `npm run honest [-- --only TEXT] [--sync-seconds N] [--write]

Every kind of source that is taken, made by ffmpeg, run through the product's own activities from inspection to the gate
before publishing, and what came of it read back: size, upright, rate, frames, tags, colours, sound, flash and beep.

  --only TEXT        rows whose group or name holds TEXT: "turned", "hlg", "mkv"
  --sync-seconds N   length of the flash-and-beep sources (default 3600; 0: none)
  --write            put the rows that ran into the table of docs/sources.md

The last line is JSON. Exit code 0: every row is as it must be.`;

/** null where help is asked for. @throws StackFault in words */
export function parseHonestArguments(argv: readonly string[]): HonestOptions | null {
  const values = parsed(argv);
  if (values.help) return null;
  const syncSeconds = Number(values['sync-seconds']);
  if (!/^\d+$/.test(values['sync-seconds']) || (syncSeconds > 0 && syncSeconds < 20) || syncSeconds > 36_000) {
    throw new StackFault(`--sync-seconds takes 0, or a whole number from 20 to 36000, not "${values['sync-seconds']}".`);
  }
  return { only: values.only?.toLowerCase() ?? null, write: values.write, syncSeconds };
}

function parsed(argv: readonly string[]) {
  const options = {
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
    'sync-seconds': { type: 'string', default: '3600' },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values;
  } catch (error) {
    throw new StackFault(error instanceof Error ? error.message : String(error));
  }
}
