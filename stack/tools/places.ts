import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { ToolPlaces, ToolSpec } from './tool.js';

export function toolPlaces(root: string, env: Readonly<Record<string, string | undefined>>): ToolPlaces {
  const caches = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache');
  return { root, path: (env.PATH ?? '').split(delimiter).filter((folder) => folder !== ''), cache: join(caches, 'reelmill', 'tools') };
}

export const cachedPath = (places: ToolPlaces, tool: Pick<ToolSpec, 'name' | 'version'>): string =>
  join(places.cache, `${tool.name}-${tool.version}`, tool.name);

/** The first program of that name on the path, as a shell would find it; null where there is none. */
export function onPath(path: readonly string[], name: string): string | null {
  return path.map((folder) => join(folder, name)).find(isProgram) ?? null;
}

export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    // Absent or not ours to run: not a program for us.
    return false;
  }
}
