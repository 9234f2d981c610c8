/**
 * Brings a fresh checkout to where compiled code can run: packages as the lockfile says, then dist/ as the sources say.
 * Node built-ins only. Each step ends with a stamp that is written last, so a run that was killed is done again, and
 * both steps are behind one lock, so that two starts at once do not write over each other.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const PLATFORM = `${process.platform}-${process.arch}`;
const SOURCES = ['src', 'workers', 'stack', 'faults', 'bench', 'honest', 'hostile', 'fuzz', 'client', 'cli'];

/** A fault that is told in words, without a stack trace. */
export class BootstrapFault extends Error {}

/** @param {{build: boolean, say?: (line: string) => void}} options `build: false` stops after the packages */
export async function bootstrap({ build, say = (line) => console.log(line) }) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) throw new BootstrapFault(`Reelmill needs Node 20.19 or newer; this is ${process.version}.`);
  const upToDate = () => packagesMatch() && (!build || distMatches());
  if (upToDate()) return;
  const wait = (pid) => say(`Another start (process ${pid}) is installing or building; waiting for it …`);
  await withLock(join(ROOT, 'dist', '.lock'), wait, async () => {
    if (!packagesMatch()) await installPackages(say);
    if (build && !distMatches()) await buildDist(say);
  });
}

/** Runs an entry point: faults in words, exit code from `main`. */
export async function runEntry(main) {
  try {
    // Everything that main started has been stopped by now; a forgotten handle must not keep the terminal.
    process.exit(await main());
  } catch (error) {
    console.error(error instanceof BootstrapFault ? error.message : error);
    process.exit(1);
  }
}

/** stdio of the child is ours; resolves with its exit code, 1 where a signal ended it. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

async function installPackages(say) {
  say('Installing packages: npm ci (usually 20-90 s, once) …');
  const started = Date.now();
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const { code, output } = await runQuietly(command, [
    ...first,
    'ci',
    '--include=dev',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
  if (code !== 0)
    throw new BootstrapFault(`npm ci failed (exit code ${code}). It said:\n${output}\nIt needs the network, or packages in npm's cache.`);
  writeStamp(packagesStamp(), lockHash());
  say(`Packages installed in ${seconds(started)}.`);
}

async function buildDist(say) {
  say('Building (usually 5-20 s) …');
  const started = Date.now();
  const hash = sourcesHash();
  rmSync(distStamp(), { force: true });
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const compiled = await runQuietly(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--noEmitOnError']);
  if (compiled.code !== 0) throw new BootstrapFault(`The build failed:\n${compiled.output}`);
  removeOrphans(join(ROOT, 'dist'));
  const bundle = join(ROOT, 'dist', 'workers', 'bundle.js');
  if (existsSync(bundle)) {
    const bundled = await runQuietly(process.execPath, [bundle]);
    if (bundled.code !== 0) throw new BootstrapFault(`Bundling the workflows failed:\n${bundled.output}`);
  }
  writeStamp(distStamp(), hash);
  say(`Built in ${seconds(started)}.`);
}

const packagesStamp = () => join(ROOT, 'node_modules', '.reelmill-stamp');
const distStamp = () => join(ROOT, 'dist', '.stamp');

function packagesMatch() {
  if (!existsSync(join(ROOT, 'node_modules', '.package-lock.json'))) return false;
  const stamp = readText(packagesStamp());
  if (stamp === lockHash()) return true;
  // Somebody ran npm by hand: npm's own record says whether that gave the same tree. Never so for another machine's tree.
  if ((stamp !== null && !stamp.startsWith(PLATFORM)) || !sameTree()) return false;
  writeStamp(packagesStamp(), lockHash());
  return true;
}

/** Whether npm's record of what it installed names exactly the packages of the lockfile (optional ones of other platforms aside). */
function sameTree() {
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  const there = JSON.parse(readFileSync(join(ROOT, 'node_modules', '.package-lock.json'), 'utf8')).packages;
  const installed = (key) => key.includes('node_modules/');
  const same = (key) => wanted[key]?.version === there[key]?.version && wanted[key]?.integrity === there[key]?.integrity;
  return (
    Object.keys(there).filter(installed).every(same) &&
    Object.keys(wanted)
      .filter(installed)
      .every((key) => (there[key] ? same(key) : wanted[key].optional || wanted[key].devOptional || wanted[key].peer))
  );
}

function lockHash() {
  const hash = createHash('sha256').update(readFileSync(join(ROOT, 'package-lock.json')));
  return `${PLATFORM} ${hash.digest('hex')}`;
}

function distMatches() {
  return readText(distStamp()) === sourcesHash();
}

function sourcesHash() {
  const hash = createHash('sha256').update(lockHash());
  const files = [
    ...SOURCES.flatMap((room) => filesUnder(join(ROOT, room), /\.(ts|mjs|json|html)$/)),
    join(ROOT, 'tsconfig.json'),
    join(ROOT, 'tsconfig.build.json'),
  ];
  for (const file of files.sort()) hash.update(`\n${relative(ROOT, file)}\n`).update(readFileSync(file));
  return hash.digest('hex');
}

/** Compiled files whose source is gone would still be found by a loader that lists folders (migrations). */
function removeOrphans(dist) {
  for (const file of filesUnder(dist, /\.js(\.map)?$/)) {
    const source = join(ROOT, relative(dist, file).replace(/\.js(\.map)?$/, '.ts'));
    if (SOURCES.some((room) => relative(dist, file).startsWith(join(room, '/'))) && !existsSync(source)) rmSync(file);
  }
}

function filesUnder(folder, pattern) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === 'dist' ? [] : filesUnder(path, pattern);
    return pattern.test(entry.name) ? [path] : [];
  });
}

/** All that it says, held until it has ended: two that talk at once cannot be read. Its code is 127 where it cannot be started. */
export function runHeld(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = [];
    child.stdout.on('data', (chunk) => said.push(chunk));
    child.stderr.on('data', (chunk) => said.push(chunk));
    child.once('error', (error) => resolve({ code: 127, output: String(error.message) }));
    child.once('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(said).toString() }));
  });
}

async function runQuietly(command, args) {
  const { code, output } = await runHeld(command, args);
  return { code, output: gist(output) };
}

/** Faults stand at the beginning (npm, tsc) or at the end (bundlers). */
function gist(output) {
  const lines = output.trim().split('\n');
  return (lines.length <= 40 ? lines : [...lines.slice(0, 25), '…', ...lines.slice(-12)]).join('\n');
}

function readText(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

function writeStamp(file, text) {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${text}\n`);
  renameSync(temporary, file);
}

const seconds = (started) => `${((Date.now() - started) / 1000).toFixed(1)} s`;
