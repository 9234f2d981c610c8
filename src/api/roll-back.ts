import { json } from 'node:stream/consumers';
import type { Trace } from '../catalogue/tenancy.js';
import type { GenerationReport } from '../domain/artefact.js';
import { PipelineError } from '../domain/errors.js';
import { type Generation, isKept, isRepeat } from '../domain/generation.js';
import { reportKey } from '../domain/keys.js';
import type { Video } from '../domain/video.js';
import type { ApiDeps } from './deps.js';
import { requestName } from './request-name.js';

/**
 * Gives players an earlier generation again: one conditional change of the live pointer, once the store has shown its report
 * and its playlists. What is looked at cannot go away in between: a generation is removed only once the catalogue has retired
 * it, behind the lock behind which the pointer moves.
 * @param wish.generation null: the newest one below the live one
 */
export async function rollBack(deps: ApiDeps, wish: { tenantId: string; videoId: string; generation: number | null; trace: Trace }): Promise<Video> {
  const { tenantId, videoId, trace } = wish;
  const { catalogue, store } = deps;
  const stands = async (): Promise<Video> => (await catalogue.findVideo(tenantId, videoId)) ?? gone();
  const generations = (await catalogue.listGenerations(tenantId, videoId)) ?? gone();
  const live = generations.find((each) => each.live);
  if (live === undefined) throw new PipelineError('CONFLICT', { note: 'No generation of it is published.' });
  const by = requestName(trace);
  // A request that is repeated because its answer was lost must not go back once more.
  const [since = null] = generations
    .flatMap(({ supersededAt }) => supersededAt ?? [])
    .sort()
    .reverse();
  const nowMs = (deps.clock?.() ?? new Date()).getTime();
  if (isRepeat(live.liveBy, by, since, nowMs) || wish.generation === live.generation) return await stands();
  const target = targetOf(generations, live, wish.generation);
  const report = await readReport(store, target);
  const video = await catalogue.rollBack(tenantId, videoId, { from: live.generation, report, by }, trace);
  return video === null ? gone() : await stands();
}

function targetOf(generations: readonly Generation[], live: Generation, wanted: number | null): Generation {
  const target = generations.find((each) => (wanted === null ? each.generation < live.generation && isKept(each) : each.generation === wanted));
  if (target !== undefined && isKept(target)) return target;
  const kept = generations.filter((each) => isKept(each) && !each.live).map(({ generation }) => generation);
  const note = kept.length > 0 ? `Kept beside the live one: ${kept.join(', ')}.` : 'Beside the live one none is kept.';
  throw new PipelineError('GENERATION_GONE', { note, details: { videoId: live.videoId, generation: wanted } });
}

async function readReport(store: ApiDeps['store'], target: Generation): Promise<GenerationReport> {
  const stored = await store.get(reportKey(target));
  const report = stored === null ? null : ((await json(stored.body)) as GenerationReport);
  const needed = report === null ? [] : [...report.playlists, report.images.poster].map(({ key }) => key);
  const found = await Promise.all(needed.map((key) => store.head(key)));
  const missing = report === null ? reportKey(target) : needed[found.indexOf(null)];
  if (report !== null && missing === undefined) return report;
  throw new PipelineError('GENERATION_GONE', { note: 'Media of it are missing in the store.', details: { key: missing ?? '' } });
}

function gone(): never {
  throw new PipelineError('NOT_FOUND');
}
