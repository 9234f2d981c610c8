import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { PipelineError } from '../domain/errors.js';
import { type GenerationRef, remuxedKey, remuxManifestKey } from '../domain/keys.js';
import { remuxLimits } from '../domain/limits.js';
import type { Probe, Remux, VideoFacts } from '../domain/probe.js';
import type { Rational } from '../domain/rational.js';
import { type CheckedRemux, checkRemux } from '../media/check-remux.js';
import { PacketLog } from '../media/damage-log.js';
import { readFirstFrames } from '../media/first-frames.js';
import { type StreamScan, scanPackets } from '../media/packet-scan.js';
import { remuxArgs, remuxContainer } from '../media/remux-args.js';
import { commitManifest } from './commit-manifest.js';
import type { EncoderDeps } from './deps.js';
import { drainable } from './drainable-ffmpeg.js';
import { getJson } from './json-objects.js';
import { withSource } from './source-input.js';
import { storeFile } from './store-file.js';
import { withHeartbeat } from './with-heartbeat.js';

/** The commit of one attempt: whose file it is, and the probe that stands. */
export interface RemuxManifest {
  readonly attempt: string;
  readonly probe: Probe;
}

/**
 * Puts the pictures of a source that cannot be cut where it is, once and unchanged, into a container that can, and
 * checks that they are the same. Returns the probe that the plan is made from. Where no container holds them rightly
 * the probe says so, and the video is encoded in one piece.
 *
 * The file lies whole on the worker's scratch while it is made and sent: that much room is needed (a full disk is tried
 * again elsewhere), and memory for three parts. Commits like a chunk: its object's key carries the attempt, and one
 * conditional write of the manifest says which stands.
 */
export const remuxSource =
  (deps: EncoderDeps) =>
  (job: GenerationRef & { readonly probe: Probe }): Promise<Probe> =>
    withHeartbeat(async (beat, signal) => {
      const key = remuxManifestKey(job);
      const committed = await getJson<RemuxManifest>(deps.store, key);
      if (committed !== null) return committed.probe;
      const { probe } = job;
      const attempt = randomBytes(4).toString('hex');
      const container = remuxContainer(probe);
      const stored = async (checked: Exclude<CheckedRemux, { refused: string }>, path: string): Promise<Outcome> => {
        const contentType = container === 'mp4' ? 'video/mp4' : 'video/x-matroska';
        const file = await storeFile(deps.store, remuxedKey(job, attempt, container), path, { contentType, signal });
        return { video: checked.video, remux: { outcome: 'done', file, format: checked.format, originUs: checked.originUs } };
      };
      const scratch = await deps.scratch.dir(`remux-${attempt}`);
      try {
        const path = join(scratch.path, `source.${container}`);
        const heard = new PacketLog(probe.video.streamIndex);
        const checked = await remuxed(deps, probe, path, { beat, signal, onMessage: (line) => heard.take(line) });
        const found = 'refused' in checked ? await inOnePiece(deps, probe, checked.refused, signal) : await stored(checked, path);
        const outcome = heard.count === 0 ? found : { ...found, remux: { ...found.remux, brokenPackets: heard.count } };
        const manifest: RemuxManifest = { attempt, probe: { ...probe, ...outcome } };
        const written = outcome.remux.outcome === 'done' ? [outcome.remux.file.key] : [];
        return (await commitManifest(deps.store, job, key, manifest, written, probe.source.key)).probe;
      } finally {
        await scratch.remove();
      }
    });

interface Outcome {
  readonly video: VideoFacts;
  readonly remux: Remux;
}

async function remuxed(
  deps: EncoderDeps,
  probe: Probe,
  path: string,
  run: { beat: (fraction: number) => void; signal: AbortSignal; onMessage: (line: string) => void },
): Promise<CheckedRemux> {
  try {
    await withSource(deps, probe.source, (input) =>
      drainable(deps, remuxArgs({ probe, input, output: path }), {
        ...{ input, folder: dirname(path), limits: remuxLimits(probe.source.sizeBytes) },
        ...{ durationUs: probe.containerStartUs + probe.containerDurationUs, ...run },
      }),
    );
  } catch (error) {
    // Times that no container takes. The pictures may be fine all the same.
    if (error instanceof PipelineError && error.code === 'ENCODE_FAILED') return { refused: 'no container takes it' };
    throw error;
  }
  const { ffprobePath } = deps;
  const { video } = probe;
  const scanSource = (fromUs: number, rates: readonly Rational[]): Promise<StreamScan | null> =>
    withSource(deps, probe.source, async (input) => {
      const timeoutMs = 60_000 + probe.source.sizeBytes / 4_000;
      const scan = await scanPackets({ input, ffprobePath, timeoutMs, signal: run.signal, grids: new Map([[video.streamIndex, rates]]), fromUs });
      return scan.streams.get(video.streamIndex) ?? null;
    });
  return checkRemux({ path, probe, ffprobePath, sandbox: deps.sandbox ?? undefined, signal: run.signal, scanSource });
}

/**
 * The source from its beginning, without a seek. An AVI's frames are counted, and come out evenly; of any other source
 * nothing is claimed any more, so that frames are repeated and dropped as their times want it.
 */
async function inOnePiece(deps: EncoderDeps, probe: Probe, reason: string, signal: AbortSignal): Promise<Outcome> {
  const { video } = probe;
  const { shownUs } = await withSource(deps, probe.source, (input) =>
    readFirstFrames({ input, streamIndex: video.streamIndex, ffprobePath: deps.ffprobePath, signal }),
  );
  const remux: Remux = { outcome: 'refused', reason, originUs: shownUs - probe.containerStartUs };
  if (probe.format === 'avi') return { video, remux };
  return { video: { ...video, startUs: shownUs, durationUs: video.startUs + video.durationUs - shownUs, evenlySpaced: false }, remux };
}
