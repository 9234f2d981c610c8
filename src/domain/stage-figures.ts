import { TIMED_STAGES, type TimedStage, type Trail } from './trail.js';

export interface StageFigure {
  readonly stage: TimedStage;
  readonly quantile: number;
  readonly ms: number;
}

export const QUANTILES = [0.5, 0.9, 0.99] as const;

/** How long stages took: of those that had it, the nearest rank. */
export function stageFigures(trails: readonly Trail[]): StageFigure[] {
  return TIMED_STAGES.flatMap((stage) => {
    const sorted = trails.flatMap(({ stages }) => stages[stage]?.ms ?? []).sort((a, b) => a - b);
    return QUANTILES.flatMap((quantile) => {
      const ms = sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)];
      return ms === undefined ? [] : [{ stage, quantile, ms }];
    });
  });
}
