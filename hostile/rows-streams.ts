import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kit, Row } from './row.js';

/** Well-formed films that ask for more work, memory or words than they are worth. */
export const STREAM_ROWS: readonly Row[] = [
  { name: 'a plain film', build: ({ film }) => film },
  {
    name: '8K, 10 000 frames that stand still',
    heavy: true,
    build: (kit) => looped(kit, 'color=s=7680x4320:r=25:d=4', 99, 'row-8k'),
  },
  { name: '11 hours of 1080p that stand still', heavy: true, build: (kit) => looped(kit, 'color=s=1920x1080:r=25:d=4', 9_900, 'row-11h') },
  { name: '30 hours', heavy: true, build: (kit) => looped(kit, 'color=s=64x64:r=1:d=60', 1_800, 'row-30h') },
  { name: '7 600 tracks in a transport stream', build: () => manyPids() },
  { name: 'another size at every frame', build: changingSizes },
  {
    name: 'titles for terminals and pages',
    build: ({ make }) =>
      make(
        ...['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=25:d=1', '-c:v', 'libx264', '-threads', '1'],
        ...['-metadata', `title=a\nb\u001b[31m\u202Egnp.exe<script>alert(1)</script>${'x'.repeat(100_000)}`],
        ...['-metadata:s:v:0', 'language=<b>', '-metadata:s:v:0', 'handler_name=\u001b]0;x\u0007', 'row-titles.mp4'],
      ),
  },
  {
    name: 'a title of 100 kB in Matroska',
    build: ({ make }) =>
      make(
        '-f',
        'lavfi',
        '-i',
        'testsrc2=s=160x90:r=25:d=1',
        '-c:v',
        'libx264',
        '-threads',
        '1',
        '-metadata',
        `title=${'\u202E\n'.repeat(30_000)}`,
        'row-title.mkv',
      ),
  },
  { name: 'sound alone', build: ({ make }) => make('-f', 'lavfi', '-i', 'sine=d=1', '-c:a', 'aac', 'row-sound.mp4') },
  {
    name: 'one frame',
    build: ({ make }) => make('-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=25:d=0.04', '-c:v', 'libx264', '-threads', '1', 'row-one.mp4'),
  },
  {
    name: 'two pixels wide',
    build: ({ make }) => make('-f', 'lavfi', '-i', 'testsrc2=s=2x512:r=25:d=0.4', '-c:v', 'libx264', '-threads', '1', 'row-narrow.mkv'),
  },
  {
    name: 'samples of 1 × 65 535',
    build: ({ make }) =>
      make('-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=25:d=0.4,setsar=1/65535', '-c:v', 'libx264', '-threads', '1', 'row-aspect.mkv'),
  },
];

/** A few frames, copied over and over: large work out of a small file. */
async function looped({ make, folder }: Kit, source: string, times: number, name: string): Promise<Buffer> {
  await make('-f', 'lavfi', '-i', source, '-c:v', 'libx264', '-preset', 'ultrafast', '-threads', '2', '-pix_fmt', 'yuv420p', `${name}-once.mp4`);
  return make('-stream_loop', String(times), '-i', join(folder, `${name}-once.mp4`), '-c', 'copy', '-movflags', '+faststart', `${name}.mp4`);
}

/** 38 programmes of 200 tracks: tables only, and one packet of each track. */
function manyPids(): Buffer {
  const packets: Buffer[] = [];
  const section = (pid: number, table: number, body: Buffer): void => {
    const length = body.length + 9;
    const head = Buffer.from([table, 0xb0 | (length >> 8), length & 0xff, 0, 1, 0xc1, 0, 0]);
    const whole = Buffer.concat([head, body]);
    const sealed = Buffer.concat([Buffer.from([0]), whole, crc32(whole)]);
    for (let at = 0, n = 0; at < sealed.length; at += 184, n += 1) {
      const packet = Buffer.alloc(188, 0xff);
      packet.writeUInt8(0x47, 0);
      packet.writeUInt16BE((at === 0 ? 0x4000 : 0) | pid, 1);
      packet.writeUInt8(0x10 | (n & 15), 3);
      sealed.copy(packet, 4, at);
      packets.push(packet);
    }
  };
  const pair = (a: number, b: number): Buffer => Buffer.from([a >> 8, a & 0xff, b >> 8, b & 0xff]);
  const programmes = Array.from({ length: 38 }, (_, n) => n + 1);
  section(0, 0, Buffer.concat(programmes.map((n) => pair(n, 0xe000 | (16 + n)))));
  for (const programme of programmes) {
    const pids = Array.from({ length: 200 }, (_, n) => 0x100 + (programme - 1) * 200 + n);
    const entries = pids.map((pid) => Buffer.from([0x1b, 0xe0 | (pid >> 8), pid & 0xff, 0xf0, 0]));
    section(16 + programme, 2, Buffer.concat([pair(0xe000 | 0x1ff, 0xf000), ...entries]));
    for (const pid of pids) {
      const packet = Buffer.alloc(188, 0);
      packet.writeUInt32BE(0x47400010 | (pid << 8));
      Buffer.from('000001e0000080800521000100010000000167', 'hex').copy(packet, 4);
      packets.push(packet);
    }
  }
  const once = Buffer.concat(packets);
  return Buffer.concat(Array.from({ length: 4 }, () => once));
}

function crc32(bytes: Buffer): Buffer {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1) ^ (crc & 0x80000000 ? 0x04c11db7 : 0);
  }
  const sum = Buffer.alloc(4);
  sum.writeInt32BE(crc | 0);
  return sum;
}

async function changingSizes({ make, folder }: Kit): Promise<Buffer> {
  const one = (size: string, name: string): Promise<Buffer> =>
    make(
      '-f',
      'lavfi',
      '-i',
      `testsrc2=s=${size}:r=25:d=0.04`,
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-threads',
      '1',
      '-pix_fmt',
      'yuv420p',
      name,
    );
  const [small, large] = [await one('64x64', 'row-small.h264'), await one('3840x2160', 'row-large.h264')];
  const mixed = join(folder, 'row-mixed.h264');
  await writeFile(mixed, Buffer.concat(Array.from({ length: 30 }, () => Buffer.concat([small, large]))));
  return make('-f', 'h264', '-framerate', '25', '-i', mixed, '-c', 'copy', 'row-sizes.ts');
}
