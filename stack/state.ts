import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StackFault } from './fault.js';

const schema = z.object({
  version: z.literal(1),
  /** Every process of this stack carries it in its environment. */
  stackId: z.string(),
  /** Last used port by service, so that a restart keeps its addresses. */
  ports: z.record(z.string(), z.number().int()),
  secrets: z.object({ postgresPassword: z.string(), s3AccessKey: z.string(), s3SecretKey: z.string() }),
  /** Processes that run, or ran when the launcher was killed. */
  parts: z.record(z.string(), z.object({ pid: z.number().int(), identity: z.string(), stopSignal: z.enum(['SIGTERM', 'SIGINT']) })),
});
export type StackState = z.output<typeof schema>;
export type PartRecord = StackState['parts'][string];

/** What a data folder remembers between starts. `change` is on disk, whole, when it returns. */
export interface StateFile {
  readonly current: StackState;
  change(edit: (state: StackState) => StackState): void;
}

/**
 * Opens `DATA/state.json` (mode 0600: it holds the passwords of the embedded services), or makes it.
 * @throws StackFault where it cannot be read: the services' passwords would be lost with a new one
 */
export function openState(data: string): StateFile {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  // Private each, because the folder around them may have to let PostgreSQL's account through.
  for (const room of ['logs', 's3', 'scratch']) mkdirSync(join(data, room), { recursive: true, mode: 0o700 });
  const file = join(data, 'state.json');
  let current = existsSync(file) ? readState(file) : newState();
  const write = (): void => writePrivately(file, `${JSON.stringify(current, null, 2)}\n`);
  write();
  return {
    get current() {
      return current;
    },
    change(edit) {
      current = edit(current);
      write();
    },
  };
}

/** Writes a file that only its owner may read, atomically. */
export function writePrivately(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode: 0o600 });
  chmodSync(temporary, 0o600);
  renameSync(temporary, file);
}

function readState(file: string): StackState {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new StackFault(
      `${file} cannot be read as the state of a stack. It holds the passwords of this data folder: restore it, or start with another --data folder.`,
    );
  }
}

function newState(): StackState {
  const secret = (): string => randomBytes(24).toString('base64url').replaceAll(/[-_]/g, 'x');
  return {
    version: 1,
    stackId: randomBytes(12).toString('hex'),
    ports: {},
    secrets: { postgresPassword: secret(), s3AccessKey: `reelmill${randomBytes(6).toString('hex')}`, s3SecretKey: secret() },
    parts: {},
  };
}
