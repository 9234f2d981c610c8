import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { createCores } from '../src/activities/cores.js';
import { createDrain } from '../src/activities/drain.js';
import { isErrorCode, PipelineError } from '../src/domain/errors.js';
import { TRUNCATED_POLICIES, type TruncatedPolicy } from '../src/domain/truncation.js';
import { openScratch } from '../src/media/scratch.js';
import { canBeTold, changedFrames, type MadeOf, madeOf } from './damage-look.js';
import { createRandom, type Random } from './random.js';
import type { TruncationsOptions } from './truncation-arguments.js';
import { makeWholeSources, QUIET_FILES, type WholeSource } from './truncation-sources.js';

/**
 * `same`: the pictures are what they were. `flagged`: they are not, and the video says so. `unnoticed`: they are not, and
 * ffmpeg itself reads the file without a word. `silent`: they are not, somebody could tell, and the video does not.
 */
export type DamageOutcome = 'same' | 'flagged' | 'refused' | 'review' | 'unnoticed' | 'silent' | 'undocumented';

export interface DamagesResult {
  readonly damages: number;
  readonly seed: number;
  /** By file: how many ended how. */
  readonly outcomes: Readonly<Record<string, Record<DamageOutcome, number>>>;
  /** What was published, by the recipe of its piece. */
  readonly recipes: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

const KINDS = ['bit', 'bits', 'noise', 'zeros', 'hole'] as const;
type Kind = (typeof KINDS)[number];

/** What the owner may be told that explains another picture. */
const WORDS: readonly string[] = ['SOURCE_DAMAGED', 'SOURCE_TRUNCATED'];

const none = (): Record<DamageOutcome, number> => ({ same: 0, flagged: 0, refused: 0, review: 0, unnoticed: 0, silent: 0, undocumented: 0 });

/** Damages sources at random, makes videos of them, and looks whether those that show something else say so. */
export async function damageAtRandom({ cuts, seed }: TruncationsOptions, say: (line: string) => void): Promise<DamagesResult> {
  const folder = await mkdtemp(join(tmpdir(), 'reelmill-damages-'));
  try {
    const random = createRandom(seed);
    const worker = {
      ...{ ffmpegPath: 'ffmpeg', ffprobePath: 'ffprobe', sandbox: null, drain: createDrain(), cores: createCores(availableParallelism()) },
      scratch: await openScratch(join(folder, 'scratch')),
    };
    const whole = new Map<string, MadeOf>();
    const sources = await makeWholeSources(folder, QUIET_FILES);
    for (const { name, bytes } of sources) whole.set(name, await madeOf(bytes, worker, 'refuse', folder));
    const outcomes = Object.fromEntries(sources.map(({ name }) => [name, none()]));
    const [faults, recipes]: [string[], Record<string, number>] = [[], {}];
    const wishes = Array.from({ length: cuts }, (_, n) => {
      const from = random.pick(sources);
      return { n, from, policy: random.pick(TRUNCATED_POLICIES), ...damaged(from, random) };
    });
    let done = 0;
    const limit = pLimit(availableParallelism());
    const look = async (wish: (typeof wishes)[number]): Promise<void> => {
      const own = join(folder, String(wish.n));
      await mkdir(own);
      const path = join(own, 'damaged');
      await writeFile(path, wish.bytes);
      const { outcome, code, recipe } = await outcomeOf(
        wish,
        path,
        own,
        async (bytes, to) => madeOf(bytes, worker, wish.policy, to),
        whole.get(wish.from.name),
      );
      (outcomes[wish.from.name] as Record<DamageOutcome, number>)[outcome] += 1;
      if (recipe !== null) recipes[recipe] = (recipes[recipe] ?? 0) + 1;
      if (outcome === 'silent' || outcome === 'undocumented') {
        const fault = `${wish.from.name}, ${wish.how}, ${wish.policy}: ${outcome} ${code ?? ''}`;
        faults.push(fault);
        say(fault);
      }
      await rm(own, { recursive: true });
      done += 1;
      if (done % 50 === 0) say(`${done} of ${cuts} damages, ${faults.length} faults`);
    };
    await Promise.all(wishes.map((wish) => limit(() => look(wish))));
    return { damages: cuts, seed, outcomes, recipes, faults };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function outcomeOf(
  wish: { readonly bytes: Buffer; readonly from: WholeSource; readonly policy: TruncatedPolicy },
  path: string,
  folder: string,
  make: (bytes: Buffer, folder: string) => Promise<MadeOf>,
  whole: MadeOf | undefined,
): Promise<{ outcome: DamageOutcome; code: string | null; recipe: string | null }> {
  try {
    const made = await make(wish.bytes, folder);
    const changed = changedFrames(made.frames, whole?.frames ?? []);
    const found = (outcome: DamageOutcome) => ({ outcome, code: `${changed} frames`, recipe: made.recipe });
    if (made.codes.some((code) => WORDS.includes(code))) return found('flagged');
    if (changed === 0) return found('same');
    return found((await canBeTold(path, wish.from.frameCount)) ? 'silent' : 'unnoticed');
  } catch (error) {
    if (!(error instanceof PipelineError) || !isErrorCode(error.code)) return { outcome: 'undocumented', code: String(error), recipe: null };
    return { outcome: error.kind === 'input' ? 'refused' : 'review', code: error.code, recipe: null };
  }
}

/** The file's own length stays: what is cut is another matter. */
function damaged({ bytes }: WholeSource, random: Random): { readonly bytes: Buffer; readonly how: string } {
  const made = Buffer.from(bytes);
  const kind: Kind = random.pick(KINDS);
  const below = (most: number): number => Math.floor(random.between(0, most));
  const at = below(bytes.length);
  const flip = (where: number): void => void made.writeUInt8((made[where] ?? 0) ^ (1 << below(8)), where);
  const fill = (length: number, value: () => number): void => {
    for (let n = at; n < Math.min(made.length, at + length); n += 1) made[n] = value();
  };
  if (kind === 'bit') flip(at);
  if (kind === 'bits') for (let n = 0; n < 32; n += 1) flip(below(bytes.length));
  if (kind === 'noise') fill(64, () => below(256));
  if (kind === 'zeros') fill(512, () => 0);
  if (kind === 'hole') fill(Math.floor(bytes.length / 20), () => below(256));
  return { bytes: made, how: `${kind} at byte ${at} of ${bytes.length}` };
}

/** Exit code 0: whatever somebody could tell of the damage, the video tells. */
export async function damages(wish: TruncationsOptions, say: (line: string) => void): Promise<number> {
  const result = await damageAtRandom(wish, say);
  for (const [name, counts] of Object.entries(result.outcomes)) {
    const told = Object.entries(counts).map(([outcome, count]) => `${count} ${outcome}`);
    say(`${name}: ${told.join(', ')}`);
  }
  const silentPublishes = Object.values(result.outcomes).reduce((sum, { silent }) => sum + silent, 0);
  say(JSON.stringify({ ...result, silentPublishes, ok: result.faults.length === 0 }));
  return result.faults.length === 0 ? 0 : 1;
}
