import type { ChildProcess } from 'node:child_process';
import { chownSync, existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs';
import type { Server } from 'node:net';
import type { SourceInput } from './input-args.js';
import { LAUNCHER } from './sandbox-launcher.js';

/**
 * Where every ffmpeg and ffprobe runs that reads what a stranger sent: name spaces of its own (user, mount, pid, net, ipc,
 * uts, cgroup), of the file system /usr, one input and one folder, no network but a loopback whose one port is the source, no
 * environment, no capability, limits. What it can see and reach: docs/decisions/017.
 */
export interface Sandbox {
  /** The launcher and what every sandbox sees; a room's own words follow. */
  readonly words: readonly string[];
  /** Told what each run has used, once it has ended. */
  readonly onEnd?: (use: { readonly cpuMs: number; readonly peakKib: number }) => void;
}

/** What one run gets of the machine. */
export interface Limits {
  /** User and system time, seconds. */
  readonly cpuS: number;
  /** Of its address space. */
  readonly memoryBytes: number;
  /** Of each file that it writes. */
  readonly fileBytes: number;
}

export interface Room {
  readonly input?: SourceInput;
  /** The one folder that can be written to. */
  readonly folder?: string;
  readonly limits?: Partial<Limits>;
}

/** Largest address space; ffmpeg took 1.2 GB at most of all that was tried, 8K pictures. */
const LIMITS: Limits = { cpuS: 24 * 3600, memoryBytes: 4 * 1024 ** 3, fileBytes: 64 * 1024 ** 3 };

/** Where the source is heard inside of a sandbox. Each has a loopback of its own, so they do not meet. */
export const SANDBOX_PORT = 8080;

/** Who runs inside where the worker is root: nobody, so that even outside of all name spaces it would own nothing. */
const NOBODY = 65_534;

const PERL = ['/usr/bin/perl', '/bin/perl'];
const SYSTEM_FOLDERS = ['/bin', '/sbin', '/lib', '/lib64'];
/** Debian chooses between libraries (BLAS) by links in the first; the second is where the loader looks them up. */
const SYSTEM_FILES = ['/etc/alternatives', '/etc/ld.so.cache'];

/** Looks at the machine; null where it cannot have a sandbox. That it holds is another question: `proveSandbox`. */
export function createSandbox(): Sandbox | null {
  const perl = PERL.find((path) => existsSync(path));
  if (perl === undefined || process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) return null;
  const folders = SYSTEM_FOLDERS.filter((path) => existsSync(path)).flatMap((path) =>
    lstatSync(path).isSymbolicLink() ? ['link', readlinkSync(path), path] : ['ro', path, path],
  );
  const files = SYSTEM_FILES.filter((path) => existsSync(path)).flatMap((path) => ['ro', path, path]);
  const ids = ['parent', String(process.pid), 'uid', String(NOBODY), 'gid', String(NOBODY)];
  return {
    words: [
      ...[perl, '-e', LAUNCHER, 'arch', process.arch, ...ids],
      ...['ro', '/usr', '/usr', ...folders, ...files, 'dev', '/dev/null', 'dev', '/dev/urandom'],
    ],
  };
}

/** The command that runs a program in a room: the words in front of the program's own. The folder is handed to whom it runs as. */
export function sandboxed(sandbox: Sandbox, room: Room, program: string): string[] {
  const { cpuS, memoryBytes, fileBytes } = { ...LIMITS, ...room.limits };
  const { input, folder } = room;
  if (folder !== undefined && process.getuid?.() === 0) chownSync(folder, NOBODY, NOBODY);
  const file = input?.protocols === 'file' ? input.url.replace(/^file:/, '') : undefined;
  return [
    ...sandbox.words,
    ...['as', String(memoryBytes), 'cpu', String(Math.ceil(cpuS)), 'fsize', String(Math.ceil(fileBytes))],
    ...['port', String(input?.serve === undefined ? 0 : SANDBOX_PORT)],
    ...(folder === undefined ? [] : ['rw', realpathSync(folder), folder]),
    // What is not there is missed inside, by who asks for it.
    ...(file !== undefined && existsSync(file) ? ['ro', realpathSync(file), file] : []),
    ...programBinds(program),
    ...['--', program],
  ];
}

/** A program that does not lie below /usr is shown by itself: it has to be a script, or built without shared libraries. */
function programBinds(program: string): string[] {
  if (!program.startsWith('/') || !existsSync(program)) return [];
  const real = realpathSync(program);
  const shown = (path: string): string[] => (/^\/(usr|bin|sbin)\//.test(path) ? [] : ['ro', real, path]);
  return [...shown(program), ...(real === program ? [] : shown(real))];
}

export interface SandboxedChild {
  /** Of the program itself, not of what waits for it; absent until it is known. */
  readonly pid?: number;
  /** All was closed before the program began. Else it has not run, and how the child ended says nothing of it. */
  readonly stands: boolean;
}

/** Hears what the launcher says on a child's IPC channel, and gives the sandbox's door to the server of the source. */
export function hearSandbox(child: ChildProcess, input: SourceInput | undefined): SandboxedChild {
  const heard: { pid?: number; stands: boolean } = { stands: false };
  child.on('message', (message: { pid?: number; sandbox?: string; cpuMs?: number; peakKib?: number }, door?: unknown) => {
    if (typeof message.pid === 'number') heard.pid = message.pid;
    if (message.sandbox === 'stands') heard.stands = true;
    const { cpuMs, peakKib } = message;
    if (cpuMs !== undefined && peakKib !== undefined) input?.sandbox?.onEnd?.({ cpuMs, peakKib });
    if (door !== undefined) input?.serve?.(door as Server);
  });
  return heard;
}

/** Signals the program itself where it is known: what waits for it then ends as it does. */
export function signalSandboxed(child: ChildProcess, { pid }: SandboxedChild, signal: NodeJS.Signals): void {
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    child.kill(signal);
    return;
  }
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It has just ended; its end is on its way.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
