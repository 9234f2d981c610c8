import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readAudit } from '../../../hostile/audit.js';
import type { Outcome } from '../../../hostile/put-through.js';
import { reportOf } from '../../../hostile/report.js';
import type { HostileRun } from '../../../hostile/run.js';

const outcome = (more: Partial<Outcome> = {}): Outcome => ({
  ...{ name: 'x', end: 'SOURCE_CORRUPT', stage: 'inspect', probeMs: 10, wallMs: 20, frames: null, wholeFrames: null, flagged: false },
  ...more,
});
const run = (more: Partial<HostileRun> = {}): HostileRun => ({
  ...{ outcomes: [outcome()], hangs: [], deaths: [], connections: 0, peakKib: 1000, ownRssKib: 1 },
  audit: { programs: 1, opened: [], connected: [] },
  ...more,
});
const wish = { seed: 1, heldTimes: true };

describe('a report', () => {
  it('is well where all promises held', () => {
    const partial = outcome({ end: 'published', frames: 20, wholeFrames: 25, flagged: true });
    expect(reportOf(run({ outcomes: [outcome(), partial, outcome({ end: 'published', frames: 25, wholeFrames: 25 })] }), wish).report).toMatchObject({
      ...{
        ok: true,
        n: 3,
        published: 2,
        hangs: 0,
        connections: 0,
        opensOutside: 0,
        workerDeaths: 0,
        withoutCode: 0,
        blamedOnTheWorld: 0,
        silentPartials: 0,
      },
    });
  });

  it.each<[string, Partial<HostileRun>]>([
    ['a case hangs', { hangs: ['case 1'] }],
    ['a watchdog ended one', { outcomes: [outcome({ end: 'INSPECT_STALLED' })] }],
    ['a worker dies', { deaths: ['case 1'] }],
    ['somebody came to the canary', { connections: 1 }],
    ['somebody tried to connect', { audit: { programs: 1, opened: [], connected: ['connect(…)'] } }],
    ['a file was opened', { audit: { programs: 1, opened: ['/etc/passwd'], connected: [] } }],
    ['nothing was watched', { audit: { programs: 0, opened: [], connected: [] } }],
    ['an end has no code', { outcomes: [outcome({ end: 'none', error: 'TypeError' })] }],
    ['an end is nobody knows what', { outcomes: [outcome({ end: 'INTERNAL' })] }],
    ['the store is blamed, which never fails here', { outcomes: [outcome({ end: 'STORAGE_UNAVAILABLE' })] }],
    ['frames are missing without a word', { outcomes: [outcome({ end: 'published', frames: 20, wholeFrames: 25 })] }],
    ['inspection takes long', { outcomes: [outcome({ probeMs: 2500 })] }],
    ['memory is not bounded', { peakKib: 2 * 1024 ** 2 }],
  ])('is not, where %s', (_name, broken) => {
    const { report, faults } = reportOf(run(broken), wish);
    expect(report.ok).toBe(false);
    expect(faults.length).toBe(1);
  });
});

describe('the audit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reelmill-audit-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const runs = 'execve("/usr/bin/ffprobe", ["ffprobe", "-v", "error", "-protocol_whitelist", "file"], 0x0 /* 1 vars */) = 0';

  it('tells what was opened and connected to behind the beginning of ffmpeg, and forgets the rest', () => {
    const lines = [
      'openat(AT_FDCWD, "/etc/before", O_RDONLY) = 3',
      runs,
      'openat(AT_FDCWD, "/usr/lib/x.so", O_RDONLY|O_CLOEXEC) = 3',
      'openat(AT_FDCWD, "/etc/not-there", O_RDONLY) = -1 ENOENT (No such file or directory)',
      'openat(AT_FDCWD, "/scratch/job/x.mp4", O_RDWR) = 4',
      'openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 4',
      'connect(5, {sa_family=AF_INET, sin_port=htons(8080), sin_addr=inet_addr("127.0.0.1")}, 16) = 0',
      'connect(5, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("169.254.169.254")}, 16) = -1 ENETUNREACH (Network is unreachable)',
      'sendto(5, "GET / HTTP/1.1", 14, MSG_NOSIGNAL, NULL, 0) = 14',
    ];
    writeFileSync(join(folder, 'thread.999999991'), lines.join('\n'));
    writeFileSync(
      join(folder, 'thread.999999992'),
      'execve("/usr/bin/ffmpeg", ["ffmpeg", "-i", "seed"], 0x0) = 0\nopenat(AT_FDCWD, "/proc/x", O_RDONLY) = 3',
    );
    expect(readAudit(folder, '/scratch')).toEqual({ programs: 1, opened: ['/etc/passwd'], connected: [lines[7]] });
    expect(readdirSync(folder)).toEqual([]);
  });
});
