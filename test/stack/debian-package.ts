import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

/** The first of these programs that is there; else Debian's package is installed, which takes root and apt-get. */
export async function obtainProgram(paths: readonly string[], name: string): Promise<string> {
  const find = (): string | undefined => paths.find((path) => existsSync(path));
  const found = find();
  if (found) return found;
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: 300_000 };
  await promisify(execFile)('apt-get', ['update', '-q'], options);
  await promisify(execFile)('apt-get', ['install', '-y', '-q', '--no-install-recommends', name], options);
  const installed = find();
  if (!installed) throw new Error(`${name} was installed, but its program is not where Debian puts it.`);
  return installed;
}
