import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What ffmpeg and ffprobe did that they may not. */
export interface AuditFindings {
  /** Programs that were watched: none of them means that nothing was seen. */
  readonly programs: number;
  readonly opened: readonly string[];
  readonly connected: readonly string[];
}

const STRACE = '/usr/bin/strace';
export const canAudit = (): boolean => existsSync(STRACE);

/** The words in front of a command that write down each file that it or its children open, and each connection: a file a thread. */
export const auditWords = (prefix: string): string[] => [
  ...[
    STRACE,
    '-ff',
    '-qq',
    '-s',
    '300',
    '--seccomp-bpf',
    '-e',
    'trace=execve,open,openat,openat2,creat,connect,sendto,sendmsg,bind,mkdir,unlink,rename',
  ],
  ...['-e', 'signal=none', '-o', prefix],
];

/** What everybody may open: the system's libraries, and the folder of the run. */
const FREE = /^\/(usr|lib|lib64|bin|sbin)\/|^\/etc\/(ld\.so\.cache|alternatives\/)|^\/dev\/(null|urandom)$/;
/** The product's own runs: those that build the files do not limit their protocols. */
const WATCHED = /^execve\("[^"]*(ffmpeg|ffprobe)", .*"-protocol_whitelist"/;
const SOURCE_DOOR = 'sin_port=htons(8080), sin_addr=inet_addr("127.0.0.1")';

/**
 * Reads what was written down of programs that have ended, and throws it away.
 * @param folder where the audit's files lie
 * @param scratch folder below which runs may write
 */
export function readAudit(folder: string, scratch: string): AuditFindings {
  const findings = { programs: 0, opened: [] as string[], connected: [] as string[] };
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const pid = name.split('.').at(-1) ?? '';
    // Threads of the worker go on writing.
    if (existsSync(`/proc/${pid}`)) continue;
    const lines = readFileSync(path, 'utf8').split('\n');
    rmSync(path);
    const begins = lines.findIndex((line) => WATCHED.test(line) && line.endsWith(' = 0'));
    if (begins < 0) continue;
    findings.programs += 1;
    for (const line of lines.slice(begins + 1)) take(line, scratch, findings);
  }
  return findings;
}

function take(line: string, scratch: string, findings: { opened: string[]; connected: string[] }): void {
  const failed = / = -1 E/.test(line);
  if (/^(connect|sendto|sendmsg|bind)\(/.test(line)) {
    // Words on a connection that stands name no address. One that was refused is an attempt: it counts.
    if (!/sa_family=/.test(line) || line.includes(SOURCE_DOOR) || /sa_family=AF_NETLINK/.test(line)) return;
    findings.connected.push(line.slice(0, 200));
    return;
  }
  const path = /^(?:open|openat|openat2|creat|mkdir|unlink|rename)\((?:AT_FDCWD, )?"([^"]*)"/.exec(line)?.[1];
  if (path === undefined || failed || FREE.test(path) || path.startsWith(scratch)) return;
  if (!findings.opened.includes(path)) findings.opened.push(path);
}
