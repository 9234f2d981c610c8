import type { Catalogue } from '../catalogue/catalogue.js';
import type { KeepPolicy } from '../domain/generation.js';
import type { Clock } from '../domain/reconcile.js';
import type { ObjectStore } from '../storage/object-store.js';
import type { WorkflowControl } from './workflow-control.js';

export interface ReconcileSettings {
  /** What is younger is left alone: somebody may be at work on it. */
  readonly graceMs: number;
  /** The same for what takes moments: a row and the start of its workflow. */
  readonly startGraceMs: number;
  /** An object under intake/ is taken once it has stood unchanged this long. */
  readonly intakeSettleMs: number;
  /** Life of a session that takes in an object. */
  readonly uploadTtlMs: number;
  /** Published generations that players do not get any more. */
  readonly keep: KeepPolicy;
}

/** What the activities of reconciling and of the intake prefix stand on. */
export interface ReconcileDeps {
  readonly store: ObjectStore;
  readonly catalogue: Catalogue;
  readonly workflows: WorkflowControl;
  readonly reconcile: ReconcileSettings;
}

export const clockOf = ({ reconcile: { graceMs, startGraceMs } }: ReconcileDeps): Clock => ({ nowMs: Date.now(), graceMs, startGraceMs });
