import { PipelineError } from './errors.js';
import type { Plan } from './plan.js';
import type { Probe } from './probe.js';

/**
 * Work is counted in pixels that are decoded or encoded: veryfast takes about 13 ns of a core for each. A clip of 10 minutes
 * in 1080p30 with all its qualities is 1e11.
 */
const FREE_PIXELS = 1e11;
/**
 * Then work may grow with the file: a still slide with sound in 1080p30 has about 8 000 pixels for each of its bytes, a film 300. A few
 * frames of 8K that repeat for hours have 20 000 and more.
 */
const PIXELS_A_BYTE = 10_000;
/** A day and a half of 1080p30. */
const MOST_PIXELS = 2e13;

/** Pixels that a plan decodes and encodes. */
export function costOf(plan: Plan, probe: Probe): number {
  const { width, height, packetCount } = probe.video;
  const encoded = plan.rungs.reduce((sum, rung) => sum + rung.width * rung.height, 0);
  return Math.max(packetCount, 1) * width * height + plan.grid.frameCount * encoded;
}

/**
 * Before the first chunk: what a small file may make a fleet do has an end.
 * @throws PipelineError SOURCE_COST
 */
export function assertWithinBudget(plan: Plan, probe: Probe): void {
  const cost = costOf(plan, probe);
  const budget = Math.min(MOST_PIXELS, FREE_PIXELS + PIXELS_A_BYTE * plan.source.sizeBytes);
  if (cost <= budget) return;
  const note = `It asks for ${(cost / 1e9).toFixed(0)} billion pixels; ${(budget / 1e9).toFixed(0)} are allowed for its size.`;
  throw new PipelineError('SOURCE_COST', { note, details: { cost, budget, frames: plan.grid.frameCount } });
}
