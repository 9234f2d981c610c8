import { type Command, InvalidArgumentError } from 'commander';

/** What every command takes. */
export interface CommonOptions {
  readonly url?: string;
  readonly key?: string;
  /** Data folder of a stack on this machine. */
  readonly data?: string;
  readonly json: boolean;
  /** How long the API or the store may be away, ms. */
  readonly patienceMs: number;
}

export interface Flags {
  readonly url?: string;
  readonly key?: string;
  readonly data?: string;
  readonly json: boolean;
  readonly patience: number;
}

export function common(command: Command): Command {
  return command
    .option('--url <url>', 'the API', anUrl)
    .option('--key <key>', 'API key; better in REELMILL_API_KEY, which other users do not see')
    .option('--data <dir>', 'data folder of a stack on this machine, where it has another than .reelmill')
    .option('--patience <minutes>', 'how long the API or the store may be away', minutes, 10)
    .option('--json', 'one JSON object a line', false);
}

export function commonOf({ url, key, data, json, patience }: Flags): CommonOptions {
  return {
    ...(url === undefined ? {} : { url }),
    ...(key === undefined ? {} : { key }),
    ...(data === undefined ? {} : { data }),
    json,
    patienceMs: patience * 60_000,
  };
}

export function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) throw new InvalidArgumentError(`A whole number from ${least} to ${most}.`);
    return value;
  };
}

function minutes(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) throw new InvalidArgumentError('Minutes, such as 10 or 0.5.');
  return value;
}

function anUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new InvalidArgumentError('An address such as https://api.example.com.');
  return text;
}
