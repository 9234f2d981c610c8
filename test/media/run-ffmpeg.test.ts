import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { PipelineError } from '../../src/domain/errors.js';
import { runFfmpeg } from '../../src/media/run-ffmpeg.js';
import { whyKilled } from '../../src/media/why-killed.js';
import { FFMPEG, ffprobeJson, tempFolder } from './lavfi.js';

jest.setTimeout(60_000);
const folder = tempFolder();
afterAll(() => folder.remove());

const onLinux = process.platform === 'linux' ? it : it.skip;
/** A core that this process may use, as taskset wants it. */
const firstCore = (): string => /^Cpus_allowed_list:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '0';
/** In real time, so that it runs for as long as it says. */
const slow = (path: string, seconds = 60): string[] => [
  '-re',
  '-f',
  'lavfi',
  '-i',
  `testsrc2=s=64x64:r=25:d=${seconds}`,
  '-c:v',
  'libx264',
  '-f',
  'mp4',
  path,
];

describe('a run that succeeds', () => {
  it('reports time, processor time and progress, and passes every word on as it is', async () => {
    const seen: number[] = [];
    const argv = [
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=320x180:r=25:d=10',
      '-metadata',
      'title=two words',
      '-c:v',
      'libx264',
      '-f',
      'mp4',
      folder.file('a b.mp4'),
    ];
    const result = await runFfmpeg(argv, { ffmpegPath: FFMPEG, cpuNice: 1, onProgress: (outTimeUs) => seen.push(outTimeUs) });
    expect(result.wallMs).toBeGreaterThan(0);
    if (process.platform === 'linux') expect(result.cpuMs).toBeGreaterThan(0);
    expect(seen[seen.length - 1]).toBeGreaterThan(9_500_000);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
    const { format } = ffprobeJson<{ format: { duration: string; tags: { title: string } } }>('-show_format', folder.file('a b.mp4'));
    expect(format).toMatchObject({ duration: '10.000000', tags: { title: 'two words' } });
  });

  onLinux('is ffmpeg itself, with the words in their order and none of our environment', async () => {
    const stop = new AbortController();
    const before = children();
    const run = runFfmpeg(slow(folder.file('slow.mp4')), { ffmpegPath: FFMPEG, signal: stop.signal });
    const pid = await newChild(before);
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    expect(words.slice(1)).toEqual([
      ...['-nostdin', '-hide_banner', '-loglevel', 'warning', '-re', '-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=25:d=60', '-y'],
      ...['-nostats', '-progress', 'pipe:2', '-c:v', 'libx264', '-f', 'mp4', folder.file('slow.mp4')],
    ]);
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toMatch(/^PATH=[^\0]*\0$/);
    stop.abort(new Error('enough'));
    await expect(run).rejects.toThrow('enough');
  });
});

describe('a run that fails', () => {
  const failing = (argv: readonly string[], ffmpegPath = FFMPEG): Promise<unknown> =>
    runFfmpeg(argv, { ffmpegPath }).then(
      () => null,
      (error: unknown) => error,
    );

  it('says how, with a command to paste and the end of what ffmpeg said', async () => {
    const error = await failing(['-i', 'file:/nowhere/it is', '-f', 'mp4', '/tmp/x.mp4']);
    expect(error).toMatchObject({
      code: 'ENCODE_FAILED',
      details: { exitCode: 1, signal: null, command: "ffmpeg -i 'file:/nowhere/it is' -f mp4 /tmp/x.mp4" },
    });
    expect((error as PipelineError).details.stderrTail).toContain('No such file or directory');
    expect((error as PipelineError).details.stderrTail).not.toContain('out_time');
  });

  it('says nothing of the address that it read from', async () => {
    const error = await failing(['-i', 'http://127.0.0.1:1/some-token?X-Amz-Signature=abc', '-f', 'mp4', '/tmp/x.mp4']);
    expect(error).toMatchObject({ code: 'ENCODE_FAILED' });
    expect(JSON.stringify((error as PipelineError).details)).not.toMatch(/some-token|abc|127\.0\.0\.1/);
    expect((error as PipelineError).details.command).toContain('-i http://SOURCE -f');
  });

  it('keeps the tail short however much ffmpeg said', async () => {
    const path = script('noisy', 'for i in $(seq 1 3000); do echo "line $i of much noise" >&2; done; exit 3');
    const error = (await failing(['-i', 'x', 'y'], path)) as PipelineError;
    expect(error).toMatchObject({ code: 'ENCODE_FAILED', details: { exitCode: 3 } });
    expect(String(error.details.stderrTail).length).toBeLessThanOrEqual(2000);
    expect(error.details.stderrTail).toMatch(/line 3000 of much noise$/);
  });

  onLinux('for want of disk is the disk’s fault, not the file’s', async () => {
    const full = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25:d=2', '-c:v', 'libx264', '-movflags', 'frag_keyframe', '-f', 'mp4', '/dev/full'];
    expect(await failing(full)).toMatchObject({ code: 'DISK_FULL', kind: 'transient' });
  });

  it('does not take a file’s words for a full disk', async () => {
    const path = script('liar', 'echo "title : No space left on device, they said" >&2; exit 1');
    expect(await failing(['-i', 'x', 'y'], path)).toMatchObject({ code: 'ENCODE_FAILED' });
  });

  it('because there is no ffmpeg says so', async () => {
    const error = (await failing(['-i', 'x', 'y'], '/nowhere/ffmpeg')) as PipelineError;
    expect(error).toMatchObject({ code: 'ENCODE_FAILED', details: { exitCode: 127 } });
    expect(error.details.stderrTail).toContain('/nowhere/ffmpeg');
  });

  onLinux('because it was killed from outside is the world’s fault, and says by what', async () => {
    const before = children();
    const run = failing(slow(folder.file('killed.mp4')));
    process.kill(await newChild(before), 'SIGKILL');
    expect(await run).toMatchObject({ code: 'ENCODE_KILLED', kind: 'transient', details: { exitCode: null, signal: 'SIGKILL' } });
  });

  it('because of a limit, or while the kernel killed for want of memory, may lie in the content', () => {
    const judge = (...counts: (number | null)[]) => whyKilled(() => counts.shift() ?? null);
    const killed = { signalCode: 'SIGKILL', exitCode: null } as const;
    expect(judge(7, 7)(killed)).toBe('ENCODE_KILLED');
    expect(judge(7, 7)({ signalCode: null, exitCode: 137 })).toBe('ENCODE_KILLED');
    expect(judge(7, 8)(killed)).toBe('RESOURCE_LIMIT');
    expect(judge(null, null)(killed)).toBe('RESOURCE_LIMIT');
    expect(judge(7, 7)({ signalCode: 'SIGXCPU', exitCode: null })).toBe('RESOURCE_LIMIT');
    expect(judge(7, 7)({ signalCode: 'SIGSEGV', exitCode: null })).toBeNull();
    expect(judge(7, 7)({ signalCode: null, exitCode: 1 })).toBeNull();
    expect(judge(7, 7)(undefined)).toBeNull();
  });

  it('refuses an argv without input or output', async () => {
    await expect(runFfmpeg(['-version'], { ffmpegPath: FFMPEG })).rejects.toThrow(RangeError);
    await expect(runFfmpeg(['-i', 'x'], { ffmpegPath: FFMPEG })).rejects.toThrow(RangeError);
  });
});

describe('a run that is stopped', () => {
  it('rejects with the reason of the signal, and ffmpeg is gone', async () => {
    const stop = new AbortController();
    const before = children();
    const run = runFfmpeg(slow(folder.file('stopped.mp4')), { ffmpegPath: FFMPEG, signal: stop.signal });
    const pid = process.platform === 'linux' ? await newChild(before) : null;
    await sleep(300);
    const reason = new PipelineError('WORKER_DRAINING');
    stop.abort(reason);
    await expect(run).rejects.toBe(reason);
    if (pid !== null) expect(existsSync(`/proc/${pid}`)).toBe(false);
  });

  it('does not start at all where the signal was aborted before', async () => {
    const before = children();
    await expect(runFfmpeg(slow(folder.file('never.mp4')), { ffmpegPath: FFMPEG, signal: AbortSignal.abort('early') })).rejects.toBe('early');
    expect(children()).toEqual(before);
  });

  it('is killed where it does not hear SIGTERM', async () => {
    const deaf = script('deaf', 'trap "" TERM; while :; do sleep 0.2; done');
    const stop = new AbortController();
    const run = runFfmpeg(['-i', 'x', 'y'], { ffmpegPath: deaf, signal: stop.signal });
    setTimeout(() => stop.abort('enough'), 200);
    await expect(run).rejects.toBe('enough');
  });

  it('counts as stopped even where ffmpeg ends well in answer to SIGTERM', async () => {
    const polite = script('polite', 'trap "exit 0" TERM; while :; do sleep 0.05; done');
    const stop = new AbortController();
    const run = runFfmpeg(['-i', 'x', 'y'], { ffmpegPath: polite, signal: stop.signal });
    setTimeout(() => stop.abort('enough'), 200);
    await expect(run).rejects.toBe('enough');
  });
});

describe('a run without progress', () => {
  let silent: Server;
  beforeAll(async () => {
    // Takes the request and never answers.
    silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  afterAll(() => {
    silent.closeAllConnections();
    silent.close();
  });

  it('has stalled', async () => {
    const address = silent.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const argv = ['-i', `http://127.0.0.1:${port}/`, '-f', 'mp4', folder.file('stalled.mp4')];
    await expect(runFfmpeg(argv, { ffmpegPath: FFMPEG, stallMs: 400 })).rejects.toMatchObject({ code: 'ENCODE_STALLED' });
  });

  onLinux('has not stalled while it waits for a core', async () => {
    const starved = script('starved', `exec /usr/bin/chrt -i 0 /usr/bin/taskset -c ${firstCore()} "${FFMPEG}" "$@"`);
    const hogs = [1, 2].map(() => spawn('/usr/bin/taskset', ['-c', firstCore(), '/bin/sh', '-c', 'while :; do :; done']));
    const endOfHogs = setTimeout(() => hogs.map((hog) => hog.kill('SIGKILL')), 4_000);
    const endedWhile = { starved: false };
    const path = folder.file('starved.mp4');
    try {
      const run = runFfmpeg(['-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=25:d=1', '-c:v', 'libx264', '-f', 'mp4', path], {
        ffmpegPath: starved,
        stallMs: 1_000,
      });
      endedWhile.starved = await Promise.race([run.then(() => true), sleep(2_500).then(() => false)]);
      await run;
    } finally {
      clearTimeout(endOfHogs);
      for (const hog of hogs) hog.kill('SIGKILL');
    }
    // Otherwise it was never starved, and the test says nothing.
    expect(endedWhile).toEqual({ starved: false });
    const { streams } = ffprobeJson<{ streams: { nb_read_packets: string }[] }>('-count_packets', '-show_streams', path);
    expect(streams[0]?.nb_read_packets).toBe('25');
  });

  it('has stalled even where it reports that it is alive', async () => {
    const idle = script('idle', 'while :; do printf "frame=7\\nout_time_us=280000\\ntotal_size=48\\nprogress=continue\\n" >&2; sleep 0.05; done');
    const seen: number[] = [];
    const run = runFfmpeg(['-i', 'x', 'y'], { ffmpegPath: idle, stallMs: 400, onProgress: (outTimeUs) => seen.push(outTimeUs) });
    await expect(run).rejects.toMatchObject({ code: 'ENCODE_STALLED', details: { stderrTail: '' } });
    expect(seen).toEqual([280_000]);
  });

  it('goes on for as long as frames come', async () => {
    await runFfmpeg(slow(folder.file('steady.mp4'), 3), { ffmpegPath: FFMPEG, stallMs: 2000 });
  });
});

function script(name: string, body: string): string {
  const path = folder.file(name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Processes that a process has started and that still are there. */
function children(pid = process.pid): number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  return existsSync(path) ? readFileSync(path, 'utf8').split(' ').filter(Boolean).map(Number) : [];
}

/** The one that is new and has become ffmpeg: the wrappers before it are it, by exec. */
async function newChild(before: readonly number[], parent = process.pid): Promise<number> {
  let found: number | undefined;
  await until(() => {
    found = children(parent).find((pid) => !before.includes(pid) && readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('ffmpeg'));
    return found !== undefined;
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
