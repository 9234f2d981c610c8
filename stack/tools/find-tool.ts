import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { withLock } from '#stack/lock.mjs';
import { StackFault } from '../fault.js';
import { type BuildWithGo, buildWithGo } from './build-with-go.js';
import { type DownloadRelease, downloadRelease } from './download-release.js';
import { cachedPath, isProgram, onPath } from './places.js';
import type { FoundTool, ToolPlaces, ToolSpec } from './tool.js';

/** The two slow ways; a test puts its own here. */
export interface ToolSources {
  readonly download: DownloadRelease;
  readonly build: BuildWithGo;
}

/** A tool that is there already: on the PATH in a version that will do, else in the cache. Quick, no effects. */
export async function locateTool(spec: ToolSpec, places: ToolPlaces): Promise<FoundTool | null> {
  const there = onPath(places.path, spec.name);
  if (there !== null && spec.accepts((await printedBy(there, spec.versionArgs)) ?? ''))
    return { name: spec.name, path: there, version: spec.version, from: 'PATH' };
  const cached = cachedPath(places, spec);
  return isProgram(cached) ? { name: spec.name, path: cached, version: spec.version, from: 'cache' } : null;
}

/**
 * PATH → cache → release download → build with Go. The last two end in the cache, by one rename and under a lock: two
 * stacks that start together get it once, and a killed start leaves nothing that looks like a tool.
 * @throws StackFault with what to do where none of them works
 */
export async function obtainTool(
  spec: ToolSpec,
  places: ToolPlaces,
  say: (line: string) => void,
  sources: ToolSources = { download: downloadRelease, build: buildWithGo },
): Promise<FoundTool> {
  const there = await locateTool(spec, places);
  if (there) return there;
  const waits = (pid: number): void => say(`Another start (process ${pid}) is fetching ${spec.name}; waiting for it …`);
  return await withLock(join(places.cache, `.lock-${spec.name}-${spec.version}`), waits, async () => {
    const meanwhile = await locateTool(spec, places);
    if (meanwhile) return meanwhile;
    mkdirSync(places.cache, { recursive: true });
    // Left by a start that was killed; the lock says that nobody works in one now.
    for (const name of readdirSync(places.cache)) if (name.startsWith(`.new-${spec.name}-`)) rmSync(join(places.cache, name), { recursive: true });
    const out = mkdtempSync(join(places.cache, `.new-${spec.name}-`));
    try {
      const from = await make(spec, places, { out, say, sources });
      const made = join(out, spec.name);
      if ((await printedBy(made, spec.versionArgs)) === null)
        throw new StackFault(`${spec.name} from ${from} does not run on this machine. ${fixFor(spec)}`);
      const path = cachedPath(places, spec);
      mkdirSync(dirname(path), { recursive: true });
      renameSync(made, path);
      return { name: spec.name, path, version: spec.version, from };
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });
}

/** What somebody can do who has neither. */
export function fixFor(spec: ToolSpec): string {
  return `To get ${spec.name} ${spec.version} (${spec.purpose}): connect to the internet, or install Go 1.26 or newer (it is then built in ${spec.buildTakes}), or put a "${spec.name}" program on the PATH.`;
}

async function make(
  spec: ToolSpec,
  places: ToolPlaces,
  { out, say, sources }: { readonly out: string; readonly say: (line: string) => void; readonly sources: ToolSources },
): Promise<'download' | 'build'> {
  const refused = await sources.download(spec, out, say);
  if (refused === null) return 'download';
  say(`${spec.name} ${spec.version} (${spec.purpose}) is not here and cannot be downloaded: ${refused}.`);
  const go = onPath(places.path, 'go');
  if (go === null) throw new StackFault(`${spec.name} cannot be built either: there is no go on the PATH. ${fixFor(spec)}`);
  await sources.build(spec, { go, root: places.root, out, say });
  return 'build';
}

/** What a program prints, stdout and stderr together; null where it does not run or fails. */
export async function printedBy(program: string, args: readonly string[]): Promise<string | null> {
  return await promisify(execFile)(program, args, { timeout: 15_000 }).then(
    ({ stdout, stderr }) => `${stdout}${stderr}`,
    () => null,
  );
}
