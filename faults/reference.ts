import { basename, join } from 'node:path';
import { StackFault } from '../stack/fault.js';
import { type Fingerprint, fingerprintOf } from './fingerprint.js';
import { startLauncher } from './launcher.js';

/** What each source becomes when nothing happens: a whole run on a data folder of its own. By file name of the source. */
export async function makeReferences(options: {
  readonly root: string;
  readonly data: string;
  readonly encoders: number;
  readonly sources: readonly string[];
  readonly ffmpegPath: string;
}): Promise<ReadonlyMap<string, Fingerprint>> {
  const out = join(options.data, 'out');
  const args = ['--once', '--encoders', String(options.encoders), '--export', out, ...options.sources];
  const stack = startLauncher({ root: options.root, data: options.data, args });
  try {
    const code = await stack.exit;
    if (code !== 0) throw new StackFault(`The run without faults failed (exit code ${code}):\n${stack.lastWords()}`);
  } finally {
    await stack.stop();
  }
  const references = new Map<string, Fingerprint>();
  for (const source of options.sources) {
    const name = basename(source);
    references.set(name, await fingerprintOf(join(out, name.replace(/\.[^.]+$/, '')), options.ffmpegPath));
  }
  return references;
}
