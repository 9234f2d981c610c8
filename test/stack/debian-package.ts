import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

/** The first of these programs that is there; else Debian's package is installed, which takes root and apt-get. */
export async function obtainProgram(paths: readonly string[], name: string): Promise<string> {
  const find = (): string | undefined => paths.find((path) => existsSync(path));
  const found = find();
  if (found) return found;
  await installPackage(name);
  const installed = find();
  if (!installed) throw new Error(`${name} was installed, but its program is not where Debian puts it.`);
  return installed;
}

/** Debian's package, which takes root, apt-get and a minute or two. */
export async function installPackage(name: string): Promise<void> {
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: 10 * 60_000, maxBuffer: 64 * 1024 * 1024 };
  await promisify(execFile)('apt-get', ['update', '-q'], options);
  await promisify(execFile)('apt-get', ['install', '-y', '-q', '--no-install-recommends', name], options);
}
