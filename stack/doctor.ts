import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { wordsOf } from './fault.js';
import { findSandbox, SANDBOX_FIX } from './prove-sandbox.js';
import { findPostgresBinaries } from './services/postgres-binaries.js';
import { findPostgresUser } from './services/postgres-user.js';
import { hasSetpriv } from './spawn-part.js';
import { canInstall, ffmpegFix, locateFfmpeg } from './tools/ffmpeg.js';
import { fixFor, locateTool, printedBy } from './tools/find-tool.js';
import { onPath, toolPlaces } from './tools/places.js';
import { TEMPORAL } from './tools/temporal.js';
import type { ToolSpec } from './tools/tool.js';
import { VERSITYGW } from './tools/versitygw.js';

interface DoctorContext {
  readonly root: string;
  readonly data: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly say: (line: string) => void;
}

/** `ok`: there. `start`: the next start sees to it. `missing`: somebody has to do something first. `note`: good to know. */
interface Finding {
  readonly name: string;
  readonly verdict: 'ok' | 'start' | 'missing' | 'note';
  readonly found: string;
  readonly fix?: string;
}

const LEAST_FREE_GIB = 3;
const WORDS = { ok: 'ok', start: 'at start', missing: 'MISSING', note: 'note' } as const;

/** Looks at every prerequisite and changes nothing. Exit code 0 where a start will work. */
export async function doctor(context: DoctorContext): Promise<number> {
  const findings = await Promise.all([
    node(),
    ffmpeg(context),
    shutIn(context),
    tool(TEMPORAL, 'TEMPORAL_ADDRESS', context),
    tool(VERSITYGW, 'S3_ENDPOINT', context),
    go(context),
    postgres(context),
    orphanGuard(),
    disk(context),
  ]);
  for (const { name, verdict, found, fix } of findings) {
    context.say(`${WORDS[verdict].padEnd(9)} ${name.padEnd(22)} ${found}`);
    if (fix) context.say(`${' '.repeat(33)}${fix}`);
  }
  const missing = findings.filter(({ verdict }) => verdict === 'missing').length;
  context.say(missing === 0 ? '\nReady: npm start' : `\n${missing} missing: see above what to do.`);
  return missing === 0 ? 0 : 1;
}

async function node(): Promise<Finding> {
  return { name: 'Node', verdict: 'ok', found: `${process.version} (20.19 or newer is needed), packages installed, dist built` };
}

async function ffmpeg({ env }: DoctorContext): Promise<Finding> {
  const located = await locateFfmpeg(env);
  const name = 'ffmpeg and ffprobe';
  if (located.found) return { name, verdict: 'ok', found: `${located.found.version} at ${located.found.ffmpeg}` };
  if (canInstall(env)) return { name, verdict: 'start', found: located.why, fix: 'npm start installs it with apt-get (20-90 s)' };
  return { name, verdict: 'missing', found: located.why, fix: ffmpegFix() };
}

async function shutIn({ root, env }: DoctorContext): Promise<Finding> {
  const name = 'sandbox';
  const { sandbox, why } = await findSandbox(root);
  if (sandbox) return { name, verdict: 'ok', found: 'tried: ffmpeg sees one source, one folder and /usr, and reaches no network' };
  const found = `cannot be made: ${why}`;
  if (env.ALLOW_UNSANDBOXED === '1')
    return { name, verdict: 'note', found: `${found}; ALLOW_UNSANDBOXED=1: for your own files only`, fix: SANDBOX_FIX };
  return { name, verdict: 'missing', found, fix: SANDBOX_FIX };
}

async function tool(spec: ToolSpec, variable: string, { root, env }: DoctorContext): Promise<Finding> {
  const name = `${spec.name} ${spec.version}`;
  if (env[variable]) return { name, verdict: 'ok', found: `not needed: ${variable} is set` };
  const places = toolPlaces(root, env);
  const located = await locateTool(spec, places);
  if (located) return { name, verdict: 'ok', found: `${located.path} (${located.from})` };
  const canBuild = onPath(places.path, 'go') !== null;
  const fix = `npm start downloads it, or builds it with Go (${spec.buildTakes})`;
  return canBuild
    ? { name, verdict: 'start', found: 'not found', fix }
    : { name, verdict: 'note', found: 'not found: npm start downloads it', fix: `Without internet: ${fixFor(spec)}` };
}

async function go({ root, env }: DoctorContext): Promise<Finding> {
  const path = onPath(toolPlaces(root, env).path, 'go');
  const printed = path === null ? null : await printedBy(path, ['version']);
  const found = printed === null ? 'not found' : `${printed.trim()} at ${path}`;
  return { name: 'Go', verdict: printed === null ? 'note' : 'ok', found: `${found} (only to build what cannot be downloaded)` };
}

async function postgres({ root, env }: DoctorContext): Promise<Finding> {
  const name = 'PostgreSQL';
  if (env.DATABASE_URL) return { name, verdict: 'ok', found: 'not needed: DATABASE_URL is set' };
  try {
    const [{ version }, user] = [await findPostgresBinaries(root), await findPostgresUser()];
    return { name, verdict: 'ok', found: `${version} (npm package), runs ${user.how}` };
  } catch (error) {
    return { name, verdict: 'missing', found: 'cannot be started', fix: wordsOf(error) };
  }
}

async function orphanGuard(): Promise<Finding> {
  if (hasSetpriv()) return { name: 'setpriv', verdict: 'ok', found: 'found: nothing outlives the launcher' };
  const fix = process.platform === 'linux' ? 'Install util-linux.' : undefined;
  return { name: 'setpriv', verdict: 'note', found: 'not found: after kill -9 of the launcher, the next start ends what is left', fix };
}

async function disk({ data }: DoctorContext): Promise<Finding> {
  let folder = data;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  const freeGib = (bavail * bsize) / 1024 ** 3;
  const found = `${freeGib.toFixed(1)} GiB free at ${folder}`;
  if (freeGib >= LEAST_FREE_GIB) return { name: 'disk', verdict: 'ok', found };
  return { name: 'disk', verdict: 'missing', found, fix: `Free at least ${LEAST_FREE_GIB} GiB, or choose another --data folder.` };
}
