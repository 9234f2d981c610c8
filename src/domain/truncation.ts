import type { Decision } from './plan.js';

/** What becomes of a source that ends before it should: each tenant's choice. */
export const TRUNCATED_POLICIES = ['refuse', 'publish'] as const;
export type TruncatedPolicy = (typeof TRUNCATED_POLICIES)[number];

/** How much of a cut source is there, whole. */
export interface Truncation {
  readonly heldUs: number;
  /** null where the file does not say how long it should be. */
  readonly declaredUs: number | null;
}

const seconds = (us: number): string => (us / 1_000_000).toFixed(1);

/** "12.3 of 60.0 s of it are there." */
export function heldText({ heldUs, declaredUs }: Truncation): string {
  return declaredUs === null ? `${seconds(heldUs)} s of it are there.` : `${seconds(heldUs)} of ${seconds(declaredUs)} s of it are there.`;
}

/** What says that a published video is not all of what its source should be. */
export const TRUNCATED_CODE = 'SOURCE_TRUNCATED';

/** Nothing that is cut is published without a word; nor is a file whose kind cannot tell whether it is. */
export function endDecisions(probe: {
  readonly truncation?: Truncation;
  readonly openEnd?: boolean;
  readonly video: { durationUs: number };
}): Decision[] {
  const { truncation } = probe;
  if (truncation) return [{ code: TRUNCATED_CODE, text: `The file ends before it should. ${heldText(truncation)} What is whole is published.` }];
  if (!probe.openEnd) return [];
  return [{ code: 'OPEN_END', text: `The file does not say where it ends: all ${seconds(probe.video.durationUs)} s that it holds are published.` }];
}
