import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { transformFileSync } from '@swc/core';
import { PipelineError } from '../../src/domain/errors.js';
import type { SourceInput } from '../../src/media/input-args.js';
import { proveSandbox } from '../../src/media/prove-sandbox.js';
import { serveObject } from '../../src/media/range-server.js';
import { runFfmpeg } from '../../src/media/run-ffmpeg.js';
import { runFfprobe } from '../../src/media/run-ffprobe.js';
import { createSandbox, type Limits, type Sandbox, sandboxed } from '../../src/media/sandbox.js';
import { FFMPEG, FFPROBE, ffmpeg, ffprobeJson, tempFolder } from './lavfi.js';

jest.setTimeout(90_000);
const folder = tempFolder();
afterAll(() => folder.remove());
const proof = await proveSandbox();
/** Where a machine forbids name spaces there is nothing to test, and `npm test` says so at its start. A proof that fails elsewhere is our fault. */
const sandboxes = process.env.ALLOW_UNSANDBOXED === '1' ? describe.skip : describe;
const sandbox = createSandbox() as Sandbox;

const clip = folder.file('clip.mp4');
beforeAll(() => {
  ffmpeg(...['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=25:d=2', '-c:v', 'libx264', '-threads', '1', '-movflags', 'faststart', clip]);
});

let runs = 0;
/** A folder to write to, one a run. */
function outFolder(): string {
  runs += 1;
  const path = folder.file(`out-${runs}`);
  mkdirSync(path);
  return path;
}
const fileInput = (path = clip): SourceInput => ({ url: `file:${path}`, protocols: 'file', sandbox });

sandboxes('a sandbox', () => {
  it('holds against all that the proof tries', () => {
    expect(proof).toEqual({ sandbox: createSandbox() });
  });

  it('shows a shell /usr, its input and its folder, and nothing else', () => {
    const out = outFolder();
    writeFileSync(join(out, 'there'), '');
    const { lines } = shell(`find / -xdev -path /usr -prune -o -not -type d -print; cat ${clip} | wc -c; id -u; id -g; env; hostname`, out);
    const [first = ''] = out.split('/').filter(Boolean);
    expect(lines.filter((line) => line.startsWith('/') && !line.startsWith(`/${first}`)).sort()).toEqual(
      expect.arrayContaining(['/bin', '/dev/null', '/dev/urandom', '/lib']),
    );
    const other = lines.filter((line) => line.startsWith('/') && !/^\/(bin|sbin|lib|lib64|dev|etc|tmp)(\/|$)/.test(line));
    expect(other).toEqual([]);
    expect(lines).not.toContain('/etc/passwd');
    expect(lines).toContain(String(readFileSync(clip).length));
    expect(lines).toContain('sandbox');
    expect(lines.filter((line) => line.includes('='))).toEqual([expect.stringMatching(/^PATH=/), 'PWD=/']);
    expect(lines).toContain(process.getuid?.() === 0 ? '65534' : String(process.getuid?.()));
  });

  it('lets a shell write to its folder only, as somebody who owns nothing', () => {
    const out = outFolder();
    // Only the mount stands before it.
    chmodSync(clip, 0o666);
    const tries = [`${out}/x`, '/x', '/usr/x', '/tmp/x', '/dev/x', '/etc/x', clip].map(
      (path) => `(echo x >> ${path}) 2>/dev/null && echo wrote ${path}`,
    );
    const { lines } = shell(
      `${tries.join('; ')}; mount -t tmpfs none /usr 2>/dev/null && echo mounted; unshare -U true 2>/dev/null && echo unshared`,
      out,
    );
    expect(lines.filter((line) => line !== 'unshared')).toEqual([`wrote ${out}/x`]);
  });

  it('puts an end to more memory, time and file size than it gives', () => {
    const limits = { cpuS: 1, memoryBytes: 64 * 1024 ** 2, fileBytes: 1000 };
    const eats = 'my $x = "x" x 200_000_000; print "ate\\n"';
    expect(shell(`/usr/bin/perl -e '${eats}' 2>&1`, outFolder(), limits).lines.join()).toMatch(/Out of memory/);
    const out = outFolder();
    shell(`trap "" XFSZ; head -c 5000 /dev/urandom > ${out}/x`, out, limits);
    expect(readFileSync(join(out, 'x')).length).toBeLessThanOrEqual(1000);
    expect(shell('while :; do :; done', outFolder(), limits)).toMatchObject({ signal: 'SIGXCPU' });
  });
});

sandboxes('ffmpeg in its sandbox', () => {
  const encode = ['-threads', '1', '-c:v', 'libx264', '-threads', '1', '-fflags', '+bitexact', '-f', 'mp4'];

  it('makes the same bytes as outside, from a file and from the range server, and reports as outside', async () => {
    const seen: number[] = [];
    const made: Buffer[] = [];
    const outside = join(outFolder(), 'x.mp4');
    await runFfmpeg(['-i', `file:${clip}`, ...encode, outside], { ffmpegPath: FFMPEG });
    const bytes = readFileSync(clip);
    const read = async (start: number, end: number) => Readable.from([bytes.subarray(start, end + 1)]);
    const server = await serveObject({ sizeBytes: bytes.length, read }, 'inside');
    for (const input of [fileInput(), { url: server.url, protocols: 'http,tcp', sandbox, serve: server.serve }]) {
      const out = outFolder();
      const options = { ffmpegPath: FFMPEG, input, folder: out, onProgress: (us: number) => seen.push(us) };
      const { cpuMs } = await runFfmpeg(['-protocol_whitelist', input.protocols, '-i', input.url, ...encode, join(out, 'x.mp4')], options);
      expect(cpuMs).toBeGreaterThan(0);
      made.push(readFileSync(join(out, 'x.mp4')));
    }
    await server.close();
    expect(made.map((one) => one.equals(readFileSync(outside)))).toEqual([true, true]);
    expect(seen.at(-1)).toBeGreaterThan(1_500_000);
    expect(server.bytesRead()).toBeGreaterThan(0);
  });

  it('cannot read another file, whatever its flags', async () => {
    const secret = folder.file('other.mp4');
    ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=64x64:d=1', secret);
    const list = folder.file('list.txt');
    writeFileSync(list, `file '${secret}'\n`);
    const out = outFolder();
    const argv = ['-f', 'concat', '-safe', '0', '-i', `file:${list}`, '-c', 'copy', join(out, 'x.mp4')];
    await expect(runFfmpeg(argv, { ffmpegPath: FFMPEG, input: fileInput(list), folder: out })).rejects.toMatchObject({ code: 'ENCODE_FAILED' });
    expect(existsSync(join(out, 'x.mp4'))).toBe(false);
    // Outside the same words do it: else the line above says nothing.
    await runFfmpeg(argv, { ffmpegPath: FFMPEG });
    expect(existsSync(join(out, 'x.mp4'))).toBe(true);
  });

  it.each([
    ['crashes', 'crash', 'DECODER_CRASHED', {}],
    ['hangs, deaf to SIGTERM', 'hang', 'ENCODE_STALLED', { stallMs: 600 }],
    ['uses more of a core than a chunk may', 'spin', 'RESOURCE_LIMIT', { limits: { cpuS: 1 } }],
    ['writes more than a chunk may', 'fill', 'RESOURCE_LIMIT', { limits: { fileBytes: 4096 } }],
  ])('that %s is told as such', async (_what, name, code, more) => {
    const out = outFolder();
    const run = runFfmpeg(['-i', `file:${clip}`, join(out, 'x')], { ffmpegPath: fake(name), input: fileInput(), folder: out, ...more });
    await expect(run).rejects.toMatchObject({ code });
    expect(living()).toEqual([]);
  });

  it('that is killed from outside is the world’s fault, and leaves nobody', async () => {
    const out = outFolder();
    const run = runFfmpeg(['-i', `file:${clip}`, join(out, 'x')], { ffmpegPath: fake('hang'), input: fileInput(), folder: out });
    const failed = run.catch((error: unknown) => error);
    process.kill(await innermost(process.pid), 'SIGKILL');
    expect(await failed).toMatchObject({ code: 'ENCODE_KILLED' });
    expect(living()).toEqual([]);
  });

  it('that is stopped is gone, with the reason of the signal', async () => {
    const out = outFolder();
    const stop = new AbortController();
    const options = { ffmpegPath: FFMPEG, input: fileInput(), folder: out, signal: stop.signal };
    const run = runFfmpeg(['-re', '-stream_loop', '-1', '-i', `file:${clip}`, ...encode, join(out, 'x.mp4')], options);
    const failed = run.catch((error: unknown) => error);
    await innermost(process.pid);
    await sleep(500);
    const reason = new PipelineError('WORKER_DRAINING');
    stop.abort(reason);
    expect(await failed).toBe(reason);
    expect(living()).toEqual([]);
  });

  it('does not run where the sandbox cannot be closed, and nobody blames the file', async () => {
    const broken: Sandbox = { words: [...sandbox.words, 'ro', '/nowhere/at/all', '/x/y'] };
    const out = outFolder();
    const options = { ffmpegPath: FFMPEG, input: { ...fileInput(), sandbox: broken }, folder: out };
    await expect(runFfmpeg(['-i', `file:${clip}`, ...encode, join(out, 'x.mp4')], options)).rejects.toMatchObject({
      ...{ code: 'SANDBOX_FAILED', kind: 'transient', details: { stderrTail: expect.stringContaining('mount') } },
    });
    expect(readdirSync(out)).toEqual([]);
  });

  it('dies with node, even by kill -9', async () => {
    const root = folder.file('alone');
    copySources(root, ['run-ffmpeg', 'dies-with-us', 'ffmpeg-log', 'why-killed', 'process-use', 'sandbox', 'sandbox-launcher'], 'media');
    copySources(root, ['errors'], 'domain');
    const out = outFolder();
    const argv = ['-re', '-stream_loop', '-1', '-i', `file:${clip}`, ...encode, join(out, 'x.mp4')];
    const main = `import { runFfmpeg } from './media/run-ffmpeg.js'; import { createSandbox } from './media/sandbox.js';
      const [argv, input, folder] = ${JSON.stringify([argv, { url: `file:${clip}`, protocols: 'file' }, out])};
      const wish = (process.argv[2] === 'inside') ? { input: { ...input, sandbox: createSandbox() }, folder } : {};
      await runFfmpeg(argv, { ffmpegPath: '${FFMPEG}', ...wish });`;
    writeFileSync(join(root, 'main.js'), main);
    for (const where of ['inside', 'outside']) {
      const node: ChildProcess = spawn(process.execPath, [join(root, 'main.js'), where], { stdio: 'ignore' });
      try {
        const pid = await innermost(node.pid as number);
        node.kill('SIGKILL');
        await until(() => !isAlive(pid));
      } finally {
        node.kill('SIGKILL');
      }
    }
  });
});

sandboxes('ffprobe in its sandbox', () => {
  const probe = (ffprobePath: string, more: { stallMs?: number; timeoutMs?: number } = {}) => {
    let printed = '';
    const onStdout = (text: string): void => {
      printed += text;
    };
    const args = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', '-i', `file:${clip}`];
    return runFfprobe({ args, ffprobePath, timeoutMs: 30_000, input: fileInput(), onStdout, ...more }).then(() => printed);
  };

  it('says the same as outside', async () => {
    expect(Number(await probe(FFPROBE))).toBe(Number(ffprobeJson<{ format: { duration: string } }>('-show_format', clip).format.duration));
  });

  it('that crashes, or comes to no end, is told as such and leaves nobody', async () => {
    await expect(probe(fake('crash'))).rejects.toMatchObject({ code: 'DECODER_CRASHED' });
    await expect(probe(fake('hang'), { stallMs: 500 })).rejects.toMatchObject({ code: 'INSPECT_STALLED' });
    await expect(probe(fake('spin'), { timeoutMs: 900 })).rejects.toMatchObject({ code: 'INSPECT_STALLED' });
    expect(living()).toEqual([]);
  });
});

/** Runs a shell where ffmpeg would run. */
function shell(text: string, out: string, limits: Partial<Limits> = {}): { lines: string[]; signal: string | null } {
  const [program = '', ...words] = [...sandboxed(sandbox, { input: fileInput(), folder: out, limits }, '/bin/sh'), '-c', text];
  // The launcher speaks over a channel that node would open; a file will do.
  const args = ['-c', 'exec 9<>"$0"; exec "$@"', join(out, '..', `channel-${runs}`), program, ...words];
  writeFileSync(join(out, '..', `channel-${runs}`), '');
  const parent = args.indexOf('parent');
  args[parent + 1] = String(process.pid);
  const env = { ...process.env, NODE_CHANNEL_FD: '9', SECRET: 'hunter2' };
  try {
    return {
      lines: execFileSync('/bin/sh', args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
        .split('\n')
        .filter(Boolean),
      signal: null,
    };
  } catch (error) {
    const { stdout, signal } = error as { stdout: string; signal: string | null };
    return { lines: String(stdout).split('\n').filter(Boolean), signal };
  }
}

/** Stand-ins for a decoder that something hostile has got hold of. */
const FAKES: Readonly<Record<string, string>> = {
  // A real fault in memory, which nothing can ignore.
  crash: '#!/usr/bin/perl\nunpack("p", pack("Q", 8)); print length unpack("p", pack("Q", 8));',
  hang: '#!/bin/sh\ntrap "" TERM\nwhile :; do sleep 0.2; done',
  spin: '#!/bin/sh\nwhile :; do :; done',
  fill: '#!/bin/sh\ntrap "" XFSZ\nfor last; do :; done\nhead -c 9999 /dev/urandom > "$last" || { echo "av_interleaved_write_frame(): File too large" >&2; exit 1; }',
};

function fake(name: string): string {
  const path = folder.file(name);
  if (!existsSync(path)) writeFileSync(path, `${FAKES[name]}\n`);
  chmodSync(path, 0o755);
  return path;
}

const childrenOf = (pid: number): number[] => {
  const path = `/proc/${pid}/task/${pid}/children`;
  return existsSync(path) ? readFileSync(path, 'utf8').split(' ').filter(Boolean).map(Number) : [];
};

/** An orphan that has ended stays listed, as a zombie, until init collects it, and init may take its time. */
const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ');

/** Sandboxes of ours that still are there. */
const living = (): number[] => childrenOf(process.pid).filter((pid) => /sandbox|perl/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8')));

/** The program that a process has started, once it is itself. */
async function innermost(pid: number): Promise<number> {
  let found: number | undefined;
  await until(() => {
    const [child] = childrenOf(pid).slice(-1);
    const [inner] = child === undefined ? [] : childrenOf(child);
    found = inner ?? child;
    return found !== undefined && /ffmpeg|hang/.test(readFileSync(`/proc/${found}/cmdline`, 'utf8').slice(0, 200));
  });
  return found as number;
}

async function until(condition: () => boolean): Promise<void> {
  const endAt = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > endAt) throw new Error('it never came');
    await sleep(20);
  }
}

/** The real files, without types, in a folder that looks like ours. */
function copySources(root: string, files: readonly string[], room: string): void {
  for (const file of files) {
    const { code } = transformFileSync(join('src', room, `${file}.ts`), {
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'es6' },
    });
    mkdirSync(dirname(join(root, room, file)), { recursive: true });
    writeFileSync(join(root, room, `${file}.js`), code);
  }
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  if (!existsSync(join(root, 'node_modules'))) symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
}
