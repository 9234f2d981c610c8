import type { Probe, VideoFacts } from '../domain/probe.js';
import { snapRate } from '../domain/rate.js';
import { type Rational, toNumber } from '../domain/rational.js';
import { readFirstFrames } from './first-frames.js';
import type { SourceInput } from './input-args.js';
import { type StreamScan, scanPackets } from './packet-scan.js';
import { streamsArgs } from './probe-args.js';
import { microseconds, parseFfprobe } from './probe-facts.js';
import { runFfprobe } from './run-ffprobe.js';
import type { Sandbox } from './sandbox.js';

export type CheckedRemux =
  | {
      /** The facts of the pictures as they can be shown, times on the source's time line. */
      readonly video: VideoFacts;
      readonly format: string;
      readonly originUs: number;
    }
  | { readonly refused: string };

export interface CheckRemuxWish {
  /** Absolute path of the new file. */
  readonly path: string;
  /** Of the source. */
  readonly probe: Probe;
  readonly ffprobePath: string;
  readonly sandbox?: Sandbox;
  readonly signal?: AbortSignal;
  /** Reads the source's packets once more, those from a moment on. Only asked where the source begins with what cannot be shown. */
  readonly scanSource: (fromUs: number, rates: readonly Rational[]) => Promise<StreamScan | null>;
}

/** Matroska and edit lists round to whole milliseconds, at both ends. */
const ROUNDING_US = 2000;

/**
 * Holds a remuxed file to its source: as many packets from the first frame that can be shown, at the same times, even
 * where the source is even, in an order that a decoder agrees with.
 * @throws what running ffprobe throws
 */
export async function checkRemux(wish: CheckRemuxWish): Promise<CheckedRemux> {
  const { probe, ffprobePath, signal } = wish;
  const input: SourceInput = { url: `file:${wish.path}`, protocols: 'file', sandbox: wish.sandbox };
  const { shownUs, ordered } = await readFirstFrames({ input, streamIndex: 0, ffprobePath, signal });
  if (!ordered) return { refused: 'the order of its frames is not written down' };
  const rates = [snapRate(probe.video.baseRate), snapRate(probe.video.averageRate)];
  const timeoutMs = 600_000;
  const scan = await scanPackets({ input, ffprobePath, signal, timeoutMs, grids: new Map([[0, rates]]), fromUs: shownUs - ROUNDING_US });
  const found = scan.streams.get(0);
  if (scan.exitCode !== 0 || !found) return { refused: 'its copy cannot be read' };

  const expected = await expectedOf(wish, shownUs, rates);
  if (typeof expected === 'string') return { refused: expected };
  const even = found.evenRate;
  const durationUs = even ? Math.round((found.packetCount * even.den * 1_000_000) / even.num) : found.endUs - found.startUs;
  if (found.packetCount !== expected.packetCount) return { refused: `its copy has ${found.packetCount} of ${expected.packetCount} frames` };
  if (expected.evenlySpaced !== (even !== null)) return { refused: 'its copy has other times' };
  // The last frame may have no length of its own.
  const slackUs = ROUNDING_US + 1_000_000 / toNumber(probe.video.averageRate);
  if (Math.abs(durationUs - expected.durationUs) > slackUs) return { refused: 'its copy has another length' };

  const file = await readFormat(wish, input);
  return {
    video: {
      ...probe.video,
      ...{ packetCount: found.packetCount, startUs: expected.startUs, durationUs, evenlySpaced: even !== null },
      ...(even ? { baseRate: even, averageRate: even } : {}),
    },
    format: file.format,
    originUs: shownUs - file.startUs,
  };
}

type Expected = Pick<VideoFacts, 'packetCount' | 'startUs' | 'durationUs'> & { readonly evenlySpaced: boolean };

/** What the source has from the first frame that can be shown: mostly all. A sentence where the two do not begin alike. */
async function expectedOf(wish: CheckRemuxWish, shownUs: number, rates: readonly Rational[]): Promise<Expected | string> {
  const { video, format } = wish.probe;
  const { packetCount, startUs, durationUs, evenlySpaced = false } = video;
  // The first frame of an AVI is at its place by number, whatever decoders delay it by: its sound is laid beside it so.
  if (format === 'avi' || Math.abs(shownUs - startUs) <= ROUNDING_US) return { packetCount, startUs, durationUs, evenlySpaced };
  if (shownUs < startUs) return 'its copy begins earlier';
  const rest = await wish.scanSource(shownUs - ROUNDING_US, rates);
  if (!rest) return 'it holds no frame that can be shown';
  return {
    ...{ packetCount: rest.packetCount, startUs: rest.startUs, evenlySpaced: rest.evenRate !== null },
    durationUs: rest.endUs - rest.startUs,
  };
}

/** What a file of our own making is, and where its time line starts. */
export async function readFormat(
  wish: Pick<CheckRemuxWish, 'ffprobePath' | 'signal'>,
  input: SourceInput,
): Promise<{ format: string; startUs: number }> {
  let json = '';
  await runFfprobe({
    ...{ args: streamsArgs(input), ffprobePath: wish.ffprobePath, signal: wish.signal, timeoutMs: 60_000 },
    input,
    onStdout: (text) => {
      json += text;
    },
  });
  const { format_name: format = '', start_time: start } = parseFfprobe(json)?.format ?? {};
  return { format, startUs: microseconds(start) ?? 0 };
}
