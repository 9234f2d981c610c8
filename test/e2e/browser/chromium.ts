import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installPackage } from '../../stack/debian-package.js';

const NAMES = ['chromium', 'chromium-headless-shell', 'google-chrome-stable', 'google-chrome'];
const PACKAGE = 'chromium';

/** CHROMIUM_PATH, else the PATH, else Debian's package where apt-get may install it; else why there is none. */
export async function obtainChromium(): Promise<{ readonly path: string } | { readonly path: null; readonly why: string }> {
  const there = process.env.CHROMIUM_PATH || onPath();
  if (there) return { path: there };
  if (process.getuid?.() !== 0)
    return { path: null, why: 'chromium is not on the PATH, and only root can install it. Install it, or set CHROMIUM_PATH.' };
  process.stderr.write('chromium is not on the PATH; installing it with apt-get (a minute or two, once) …\n');
  try {
    await installPackage(PACKAGE);
  } catch (error) {
    return { path: null, why: `apt-get could not install chromium: ${String(error).slice(-400)}` };
  }
  const path = onPath();
  return path === null ? { path: null, why: 'chromium was installed, but is not on the PATH.' } : { path };
}

function onPath(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
