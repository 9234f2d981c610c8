import type { WorkflowControl } from '../../src/activities/workflow-control.js';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { PipelineError } from '../../src/domain/errors.js';
import type { Standing } from '../../src/domain/reconcile.js';
import type { ObjectStore } from '../../src/storage/object-store.js';
import { completeProven } from './complete-proven.js';

export interface FakeWorkflows extends WorkflowControl {
  /** By upload id, or video id; unknown where absent. */
  readonly standings: Map<string, Standing>;
  /** What was asked for, in order. */
  readonly calls: string[];
  setDown(down: boolean): void;
}

/** Temporal without Temporal: a session that is started runs, and completes itself as the real one's activity does. */
export function createFakeWorkflows(deps: { readonly catalogue: Catalogue; readonly store: ObjectStore }): FakeWorkflows {
  const standings = new Map<string, Standing>();
  const calls: string[] = [];
  let isDown = false;
  const up = (): void => {
    if (isDown) throw new PipelineError('WORKFLOWS_UNAVAILABLE');
  };
  const start = (name: string, id: string, how: 'first' | 'again'): void => {
    up();
    calls.push(`${name} ${id} ${how}`);
    if (how === 'again' || !standings.has(id)) standings.set(id, 'running');
  };
  return {
    standings,
    calls,
    setDown(down) {
      isDown = down;
    },
    async uploadStandings(ids) {
      up();
      return ids.map((id) => standings.get(id) ?? 'unknown');
    },
    async videoStandings(generations) {
      up();
      return generations.map(({ videoId }) => standings.get(videoId) ?? 'unknown');
    },
    async deletionStandings(ids) {
      up();
      return ids.map((id) => standings.get(id) ?? 'unknown');
    },
    startUpload: async ({ id }, how) => start('startUpload', id, how),
    startVideo: async ({ videoId }, how) => start('startVideo', videoId, how),
    startDeletion: async ({ videoId }, how) => start('startDeletion', videoId, how),
    async completeUpload(uploadId) {
      up();
      calls.push(`complete ${uploadId}`);
      if (standings.get(uploadId) !== 'running') return null;
      const outcome = await completeProven(deps, uploadId);
      if (outcome.state !== 'incomplete') standings.set(uploadId, 'completed');
      return outcome;
    },
    async abortUpload(uploadId) {
      up();
      calls.push(`abort ${uploadId}`);
      if (standings.get(uploadId) !== 'running') return null;
      await deps.catalogue.closeUpload(uploadId, 'cancelled', null);
      standings.set(uploadId, 'completed');
      return { state: 'cancelled' };
    },
    async refuseUpload(uploadId, failure) {
      up();
      calls.push(`refuse ${uploadId} ${failure.code}`);
      if (standings.get(uploadId) !== 'running') return null;
      await deps.catalogue.closeUpload(uploadId, 'errored', failure);
      standings.set(uploadId, 'completed');
      return { state: 'errored' };
    },
    async takeIn(key) {
      up();
      calls.push(`takeIn ${key}`);
    },
  };
}
