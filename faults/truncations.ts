import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { TRUNCATED_POLICIES, type TruncatedPolicy } from '../src/domain/truncation.js';
import { createRandom } from './random.js';
import type { TruncationsOptions } from './truncation-arguments.js';
import { encodePlanned, lookAt, type Outcome } from './truncation-look.js';
import { makeWholeSources, type WholeSource } from './truncation-sources.js';

export interface TruncationsResult {
  readonly cuts: number;
  readonly seed: number;
  /** By policy: how many ended how. */
  readonly outcomes: Readonly<Record<string, Record<Outcome, number>>>;
  /** Refusals that say how many seconds are there. */
  readonly refusedWithSeconds: number;
  /** Flagged ones that were encoded, frame for frame as planned. */
  readonly encoded: number;
  /** What must not be, with the file and the byte at which it was cut. */
  readonly faults: readonly string[];
}

/** One cut in so many is encoded too, where it is an MP4 that is published in part; the others would first be remuxed. */
const ENCODE_EVERY = 5;

/** Cuts sources at random and looks what becomes of them. */
export async function cutAtRandom({ cuts, seed }: TruncationsOptions, say: (line: string) => void): Promise<TruncationsResult> {
  const folder = await mkdtemp(join(tmpdir(), 'reelmill-truncations-'));
  try {
    const random = createRandom(seed);
    const sources = await makeWholeSources(folder);
    const wishes = Array.from({ length: cuts }, (_, n): Cut => {
      const from = random.pick(sources);
      return { n, from, length: Math.floor(random.between(1, from.bytes.length)), policy: random.pick(TRUNCATED_POLICIES) };
    });
    const none = (): Record<Outcome, number> => ({ whole: 0, refused: 0, flagged: 0, 'open-end': 0, silent: 0, undocumented: 0 });
    const outcomes = { refuse: none(), publish: none() };
    const faults: string[] = [];
    let [done, refusedWithSeconds, encoded] = [0, 0, 0];
    const limit = pLimit(availableParallelism());
    const look = async (cut: Cut): Promise<void> => {
      const own = join(folder, String(cut.n));
      await mkdir(own);
      const found = await lookAtCut(cut, own);
      outcomes[cut.policy][found.outcome] += 1;
      if (found.saysHowMuch) refusedWithSeconds += 1;
      if (found.encoded) encoded += 1;
      if (found.fault !== null) faults.push(`${cut.from.name} cut at byte ${cut.length} of ${cut.from.bytes.length}, ${cut.policy}: ${found.fault}`);
      await rm(own, { recursive: true });
      done += 1;
      if (done % 100 === 0) say(`${done} of ${cuts} cuts, ${faults.length} faults`);
    };
    await Promise.all(wishes.map((cut) => limit(() => look(cut))));
    return { cuts, seed, outcomes, refusedWithSeconds, encoded, faults };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Cut {
  readonly n: number;
  readonly from: WholeSource;
  readonly length: number;
  readonly policy: TruncatedPolicy;
}

interface CutFound {
  readonly outcome: Outcome;
  readonly saysHowMuch: boolean;
  readonly encoded: boolean;
  readonly fault: string | null;
}

async function lookAtCut({ n, from, length, policy }: Cut, folder: string): Promise<CutFound> {
  const bytes = from.bytes.subarray(0, length);
  const path = join(folder, 'cut');
  await writeFile(path, bytes);
  const { outcome, code, saysHowMuch, plan } = await lookAt(path, bytes, from, policy);
  const found = { outcome, saysHowMuch, encoded: false };
  if (outcome === 'silent' || outcome === 'undocumented') return { ...found, fault: `${outcome} ${code ?? ''}` };
  if (outcome === 'flagged' && policy === 'refuse') return { ...found, fault: "published against the tenant's wish" };
  if (outcome !== 'flagged' || plan?.format.includes('mp4') !== true || n % ENCODE_EVERY !== 0) return { ...found, fault: null };
  const fault = await encodePlanned(plan, path, folder);
  return { ...found, encoded: fault === null, fault: fault && `planned but not encoded: ${fault}` };
}

/** Exit code 0: nothing that is cut was published without a word. */
export async function truncations(wish: TruncationsOptions, say: (line: string) => void): Promise<number> {
  const result = await cutAtRandom(wish, say);
  for (const fault of result.faults) say(fault);
  for (const [policy, counts] of Object.entries(result.outcomes)) {
    say(
      `${policy}: ${Object.entries(counts)
        .map(([outcome, count]) => `${count} ${outcome}`)
        .join(', ')}`,
    );
  }
  const silentPartialPublishes = Object.values(result.outcomes).reduce((sum, { silent }) => sum + silent, 0);
  say(JSON.stringify({ ...result, silentPartialPublishes, ok: result.faults.length === 0 }));
  return result.faults.length === 0 ? 0 : 1;
}
