import { assertWithinBudget } from '../domain/cost-budget.js';
import { decidePlan } from '../domain/decide-plan.js';
import { PipelineError } from '../domain/errors.js';
import { type GenerationRef, planKey } from '../domain/keys.js';
import type { Plan } from '../domain/plan.js';
import type { Probe } from '../domain/probe.js';
import type { ControlDeps } from './deps.js';
import { needJson, putJsonOnce } from './json-objects.js';
import { removeGeneration } from './sweep-generation.js';

/**
 * Decides once how a generation is made. The first plan stands: it is written once to S3, where encoders read it, and
 * a second run (or one with other settings) returns what is there.
 */
export const planVideo =
  (deps: ControlDeps) =>
  async (at: GenerationRef, probe: Probe): Promise<Plan> => {
    const source = await deps.catalogue.getSource(at.videoId);
    if (source === null) throw new PipelineError('NOT_FOUND', { details: { videoId: at.videoId } });
    const decided = decidePlan({
      probe,
      videoId: at.videoId,
      tenantId: source.tenantId,
      generation: at.generation,
      encoderSlots: deps.encoderSlots,
      preset: deps.preset,
      damagedSources: (await deps.catalogue.truncatedPolicy(source.tenantId)) ?? 'refuse',
    });
    assertWithinBudget(decided, probe);
    const key = planKey(at);
    const plan = (await putJsonOnce(deps.store, key, decided)) === 'stored' ? decided : await needJson<Plan>(deps.store, key);
    await deps.catalogue.savePlan(plan);
    // Deleted meanwhile, and maybe purged before the plan was there: a plan would call late work wanted.
    if ((await deps.catalogue.getSource(at.videoId)) === null) {
      await removeGeneration(deps.store, at);
      throw new PipelineError('NOT_FOUND', { note: 'The video was deleted.', details: { videoId: at.videoId } });
    }
    return plan;
  };
