import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { SourceInput } from './input-args.js';
import { serveObject } from './range-server.js';
import { createSandbox, hearSandbox, type Sandbox, sandboxed } from './sandbox.js';

export type SandboxProof = { readonly sandbox: Sandbox } | { readonly sandbox: null; readonly why: string };

const PROOF_MS = 20_000;

/** What the inside tries. Each line that it prints is the name of something that it could do; `done` stands at the end. */
const TRIES = String.raw`
use strict;
my ($input, $folder, $canary, $door, $port, $path) = @ARGV;
my $opens = sub { open(my $file, '<', $_[0]) or return 0; defined(sysread($file, my $byte, 1)) };
my $writes = sub { open(my $file, '>', "$_[0]/written") or return 0; syswrite($file, 'inside') };
my $connects = sub {
  my ($address, $port, $say) = @_;
  socket(my $socket, 2, 1, 0) or return 0;
  local $SIG{ALRM} = sub { die };
  alarm 3;
  my $there = eval { connect($socket, pack('S n C4 x8', 2, $port, split /\./, $address)) };
  if ($there && $say) { syswrite($socket, $say); $there = 0; while (sysread($socket, my $text, 9999)) { $there = 1 if $text =~ /the source/ } }
  alarm 0;
  $there;
};
my %could = (
  'read its input' => $opens->($input),
  'write to its folder' => $writes->($folder),
  'read its source' => $connects->('127.0.0.1', $door, "GET $path HTTP/1.0\r\n\r\n"),
  'read a file outside' => $opens->($canary) || $opens->('/etc/passwd'),
  'write outside' => $writes->('/') || $writes->('/tmp') || $writes->('/usr'),
  'connect to a service of this machine' => $connects->('127.0.0.1', $port),
  'connect to another machine' => $connects->('169.254.169.254', 80) || $connects->('192.0.2.1', 443),
  'read the environment' => scalar(grep { $_ ne 'PATH' } keys %ENV),
  'see other processes' => $opens->('/proc/1/status') || getppid() != 0,
  'become root' => do { ($<, $>) = (0, 0); $< == 0 || $> == 0 },
);
print "$_\n" for grep { $could{$_} } sort keys %could;
print "done\n";
`;
const MUST = ['read its input', 'read its source', 'write to its folder'];

/**
 * Makes a sandbox and tries to break out of it: only what it must be able to do may go well. Takes a few hundred
 * milliseconds, changes nothing.
 */
export async function proveSandbox(): Promise<SandboxProof> {
  const sandbox = createSandbox();
  if (sandbox === null) return { sandbox, why: 'there is no /usr/bin/perl, or this is not Linux on x64 or arm64' };
  const folder = await mkdtemp(join(tmpdir(), 'reelmill-proof-'));
  const canary = createServer((socket) => socket.destroy());
  const source = Buffer.from('the source');
  const server = await serveObject({ sizeBytes: source.length, read: async () => Readable.from([source]) }, 'inside');
  try {
    const out = join(folder, 'out');
    await mkdir(out);
    await writeFile(join(folder, 'input'), 'the input', { mode: 0o644 });
    await writeFile(join(folder, 'canary'), 'a secret', { mode: 0o644 });
    const port = await portOf(canary);
    const input = { url: `file:${join(folder, 'input')}`, protocols: 'file', sandbox, serve: server.serve };
    const { pathname, port: door } = new URL(server.url);
    const words = [join(folder, 'input'), out, join(folder, 'canary'), door, String(port), pathname];
    const tried = await tryOut(input, out, words);
    if (typeof tried === 'string') return { sandbox: null, why: tried };
    const lacking = MUST.filter((name) => !tried.includes(name));
    const wrong = tried.filter((name) => !MUST.includes(name));
    if (lacking.length > 0) return { sandbox: null, why: `the inside could not ${lacking.join(', ')}` };
    if (wrong.length > 0) return { sandbox: null, why: `the inside could ${wrong.join(', ')}` };
    const written = await readFile(join(out, 'written'), 'utf8');
    return written === 'inside' ? { sandbox } : { sandbox: null, why: 'what the inside wrote did not come out' };
  } finally {
    canary.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the inside could do; a sentence where there was no inside. */
async function tryOut(input: SourceInput & { sandbox: Sandbox }, folder: string, words: readonly string[]): Promise<string[] | string> {
  const room = { input, folder, limits: { cpuS: 10, memoryBytes: 1024 ** 3, fileBytes: 1024 ** 2 } };
  const [program = '', ...args] = [...sandboxed(input.sandbox, room, '/usr/bin/perl'), '-e', TRIES, ...words];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], serialization: 'json' });
  const heard = hearSandbox(child, input);
  const timer = setTimeout(() => child.kill('SIGKILL'), PROOF_MS);
  let printed = '';
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-500);
  });
  const failed = await new Promise<Error | null>((resolve) => child.once('error', resolve).once('close', () => resolve(null)));
  clearTimeout(timer);
  const lines = printed.split('\n').filter(Boolean);
  if (!heard.stands || lines.pop() !== 'done') return (failed?.message || said.trim() || 'it came to no end').replace(/^sandbox: /, '');
  return lines;
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the canary has no port');
  return address.port;
}
