import { randomFillSync } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { watchVideo } from '../client/watch-video.js';
import { sourceKey } from '../src/domain/keys.js';
import { partSizeFor } from '../src/domain/upload.js';
import { alternate } from './alternate.js';
import { type CliUpload, cliUpload } from './cli-upload.js';
import { type BenchContext, withFolder } from './context.js';
import { median, type Row, ratioRow, ratios } from './figures.js';
import { rawPuts } from './raw-puts.js';
import { type BenchStack, withStack } from './stack.js';

const MIB = 1024 * 1024;
/** The command's own default. */
const PARALLEL = 4;
const END_LIMIT_MS = 10 * 60_000;

/** `reelmill upload`, with each checksum, against the same number of parallel bare PUTs of the same parts to the same store. */
export async function benchUpload({ root, options, say }: BenchContext): Promise<Row[]> {
  const sizeBytes = options.sizeMib * MIB;
  return await withFolder(async (folder) => {
    const file = join(folder, 'noise.bin');
    await pipeline(Readable.from(noise(options.sizeMib)), createWriteStream(file));
    return await withStack({ root, say, encoders: 1 }, async (stack) => {
      const state = join(folder, 'state');
      await mkdir(state);
      const raw = (): Promise<number> =>
        rawPuts({ store: stack.store(), key: 'sources/bench/raw', file, sizeBytes, partSizeBytes: partSizeFor(sizeBytes), parallel: PARALLEL });
      const cli = async (checksum: string): Promise<CliUpload> => {
        const run = await cliUpload({ root, data: stack.data, state, file, args: ['--concurrency', String(PARALLEL), '--checksum', checksum] });
        await clearAway(stack, run);
        return run;
      };
      // The first of anything also warms the file, the store and the connections.
      await raw();
      const rounds = await alternate(options.runs, { raw, crc32c: () => cli('crc32c'), sha256: () => cli('sha256') }, (round, index) => {
        const rate = (ms: number): string => `${Math.round(sizeBytes / 1000 / ms)} MB/s`;
        const { transferMs, rssMib } = round.crc32c;
        say(
          `  round ${index + 1}: bare ${rate(round.raw)}, crc32c ${rate(transferMs)} (${Math.round(rssMib)} MiB), sha256 ${rate(round.sha256.transferMs)}`,
        );
      });
      const bare = rounds.map((round) => round.raw);
      const part = 'upload';
      const note = `${options.sizeMib} MiB, parts of ${partSizeFor(sizeBytes) / MIB} MiB, ${PARALLEL} at a time`;
      const of = (pick: (run: CliUpload) => number, kind: 'crc32c' | 'sha256' = 'crc32c'): number[] =>
        ratios(
          bare,
          rounds.map((round) => pick(round[kind])),
        );
      return [
        ratioRow({ part, name: 'goodput / bare PUTs, CRC-32C (default)', values: of((run) => run.transferMs), goal: { atLeast: 0.95 }, note }),
        ratioRow({ part, name: 'goodput / bare PUTs, SHA-256', values: of((run) => run.transferMs, 'sha256'), goal: null }),
        ratioRow({ part, name: 'the whole command, joining included', values: of((run) => run.commandMs), goal: null }),
        figure('bare PUTs', sizeBytes / 1000 / median(bare), 'MB/s', null),
        figure('peak memory of the command', Math.max(...rounds.flatMap((round) => [round.crc32c.rssMib, round.sha256.rssMib])), 'MiB', {
          atMost: 200,
        }),
      ];
    });
  });
}

const figure = (name: string, value: number, unit: string, goal: Row['goal']): Row => ({
  part: 'upload',
  name,
  value,
  unit,
  digits: 0,
  goal,
  note: '',
});

/** Bytes that nothing can compress or share. */
function* noise(sizeMib: number): Generator<Buffer> {
  for (let done = 0; done < sizeMib; done += 1) yield randomFillSync(Buffer.allocUnsafe(MIB));
}

/** Waits until the stack has refused the noise, so that it does not weigh on the next run, and gives the disk back. */
async function clearAway(stack: BenchStack, { uploadId, videoId }: CliUpload): Promise<void> {
  await watchVideo(stack.api(), videoId, () => undefined, AbortSignal.timeout(END_LIMIT_MS));
  await stack.store().delete([sourceKey('dev', videoId, uploadId)]);
}
