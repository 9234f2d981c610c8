import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createCores } from '../../src/activities/cores.js';
import type { EncoderDeps } from '../../src/activities/deps.js';
import { createDrain } from '../../src/activities/drain.js';
import { encodeChunk } from '../../src/activities/encode-chunk.js';
import { inspectSource } from '../../src/activities/inspect-source.js';
import { putJsonOnce } from '../../src/activities/json-objects.js';
import { decidePlan } from '../../src/domain/decide-plan.js';
import { planKey } from '../../src/domain/keys.js';
import { openScratch } from '../../src/media/scratch.js';
import { createMemoryObjectStore } from '../../src/storage/memory-object-store.js';
import { SANDBOX } from '../media/lavfi.js';
import { act } from './generation.js';

const run = promisify(execFile);
const SECONDS = 300;
const MIB = 1024 * 1024;
/** Head, index, the way to the key frame before, and what ffmpeg's socket had taken in when it left: the same for a share of any size. */
const FIXED_BYTES = 8 * MIB;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmill-share-'));
  // Grain, so that the file is as large as a film's: 2 Mb/s and some.
  const picture = ['-f', 'lavfi', '-i', `testsrc2=s=320x180:r=25:d=${SECONDS},noise=alls=12:allf=t`];
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-threads', '1', '-g', '50', '-bf', '2', '-b:v', '2500k', '-c:a', 'aac'];
  await run('ffmpeg', ['-v', 'error', ...picture, '-f', 'lavfi', '-i', `sine=d=${SECONDS}`, ...codec, join(folder, 'back.mp4')]);
  const copy = (...to: string[]) => run('ffmpeg', ['-v', 'error', '-i', join(folder, 'back.mp4'), '-c', 'copy', ...to]);
  await copy('-movflags', 'faststart', join(folder, 'front.mp4'));
  await copy(join(folder, 'film.mkv'));
}, 180_000);
afterAll(() => rm(folder, { recursive: true }));

describe('an encoder reads its share of the source, not the source', () => {
  test.each(['back.mp4', 'front.mp4', 'film.mkv'])(
    '%s',
    async (file) => {
      const bytes = await readFile(join(folder, file));
      const store = createMemoryObjectStore();
      const key = 'sources/dev/vid_t/upl_t';
      await store.put(key, bytes, { contentType: 'video/mp4', sha256: createHash('sha256').update(bytes).digest('hex') });
      const scratch = await openScratch(join(folder, `scratch-${file}`));
      const deps: EncoderDeps = {
        store,
        scratch,
        drain: createDrain(),
        cores: createCores(1),
        ffmpegPath: 'ffmpeg',
        ffprobePath: 'ffprobe',
        sandbox: SANDBOX,
      };
      const source = { key, sizeBytes: bytes.byteLength, etag: (await store.head(key))?.etag ?? '' };
      const probe = await act(inspectSource(deps), source);
      const at = { videoId: 'vid_t', tenantId: 'dev', generation: 1 };
      const chunkGrid = { firstChunkS: 60, chunkMinS: 60, chunkMaxS: 60 };
      const plan = decidePlan({ ...at, probe, encoderSlots: 1, preset: 'veryfast', chunkGrid });
      expect(plan.grid).toMatchObject({ chunkCount: 5, chunkFrames: 1500 });
      await putJsonOnce(store, planKey(at), plan);
      const { sourceBytesRead } = await act(encodeChunk(deps), { ...at, index: 2, sizeClass: plan.sizeClass });
      const shareBytes = bytes.byteLength / 5;
      const mib = (n: number): string => (n / MIB).toFixed(1);
      const ratio = (sourceBytesRead / shareBytes).toFixed(2);
      console.info(`${file}: ${mib(bytes.byteLength)} MiB, share ${mib(shareBytes)} MiB, read ${mib(sourceBytesRead)} MiB = ${ratio} of it`);
      expect(sourceBytesRead).toBeLessThanOrEqual(1.3 * shareBytes + FIXED_BYTES);
      // Less than the share itself is no reading of it: then the figure is wrong.
      expect(sourceBytesRead).toBeGreaterThan(0.8 * shareBytes);
    },
    120_000,
  );
});
