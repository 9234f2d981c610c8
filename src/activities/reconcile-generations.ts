import { GENERATION_PREFIXES, type GenerationRef, generationOf, mediaPrefix, workPrefix } from '../domain/keys.js';
import { decideGeneration, type GenerationFacts } from '../domain/reconcile.js';
import type { StepResult } from '../domain/reconcile-record.js';
import { collectCosts } from './collect-costs.js';
import { clockOf, type ReconcileDeps } from './reconcile-deps.js';
import { deletePrefix, removeWork, sweepGeneration } from './sweep-generation.js';
import { type StepNotes, takeNotes } from './walk-step.js';

/** Of one run, a thousand objects each; the next one goes on from there. */
const MAX_PAGES = 5;

/**
 * Objects of generations that are at an end: what late writers left after the sweep. Walks media/ and work/ generation by
 * generation. Of a published one only what its report does not name goes, until it has outlived those that are kept.
 */
export const reconcileGenerations =
  (deps: ReconcileDeps) =>
  async (after: string | null): Promise<StepResult> => {
    const notes = takeNotes('generations');
    let cursor = after;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const prefix = GENERATION_PREFIXES.find((each) => cursor === null || cursor < behind(each));
      if (prefix === undefined) return notes.result(null);
      const { objects, next } = await deps.store.list(prefix, cursor !== null && cursor > prefix ? cursor : null);
      notes.examined(objects.length);
      const met = generationsIn(objects.map(({ key }) => key));
      const known = await deps.catalogue.findGenerations(met);
      for (const at of met)
        await clear(deps, notes, at, known.find((facts) => facts.videoId === at.videoId && facts.generation === at.generation) ?? null);
      // The rest of the last generation need not be listed: it was looked at as a whole.
      const last = met.at(-1);
      const place =
        last === undefined ? (objects.at(-1)?.key ?? null) : behind(prefix === GENERATION_PREFIXES[0] ? mediaPrefix(last) : workPrefix(last));
      cursor = next === null ? behind(prefix) : place;
    }
    return notes.result(GENERATION_PREFIXES.some((prefix) => cursor === null || cursor < behind(prefix)) ? cursor : null);
  };

/** The first text behind every key of a prefix, which ends in "/": "0" is the next character. */
const behind = (prefix: string): string => `${prefix.slice(0, -1)}0`;

function generationsIn(keys: readonly string[]): GenerationRef[] {
  const found = new Map<string, GenerationRef>();
  for (const key of keys) {
    const at = generationOf(key);
    if (at !== null) found.set(mediaPrefix(at), at);
  }
  return [...found.values()];
}

async function clear(deps: ReconcileDeps, notes: StepNotes, at: GenerationRef, facts: GenerationFacts | null): Promise<void> {
  const subject = mediaPrefix(at);
  let decided = decideGeneration(facts, clockOf(deps));
  if (decided === 'retire' && facts !== null) {
    // The word of the catalogue first: from then on nobody can go back to it, and the next run goes on where this one dies.
    if (await deps.catalogue.retireGeneration(at, deps.reconcile.keep)) {
      const removed = await wipe(deps, at);
      notes.repaired({ kind: 'generation.retired', subject }, { removed });
    } else decided = decideGeneration({ ...facts, supersededAt: null }, clockOf(deps));
  }
  if (decided === 'sweep') {
    const { removed } = await sweepGeneration(deps)(at);
    if (removed > 0) notes.repaired({ kind: 'generation.swept', subject }, { removed });
  }
  if (decided === 'wipe') {
    const removed = await wipe(deps, at);
    if (removed > 0) notes.repaired({ kind: 'generation.wiped', subject }, { removed });
  }
  if (decided === 'report') {
    notes.alarm({
      what: 'objects of a generation that the catalogue does not know',
      subject,
      todo: 'If rows were lost, restore the catalogue. The objects are kept until somebody removes them.',
    });
  }
  notes.examined(0);
}

async function wipe(deps: ReconcileDeps, at: GenerationRef): Promise<number> {
  await collectCosts(deps, at);
  return (await deletePrefix(deps.store, mediaPrefix(at))) + (await removeWork(deps.store, at));
}
