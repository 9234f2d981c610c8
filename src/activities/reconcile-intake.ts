import { INTAKE, intakeOf } from '../domain/keys.js';
import type { StepResult } from '../domain/reconcile-record.js';
import type { ReconcileDeps } from './reconcile-deps.js';
import { takeNotes } from './walk-step.js';

/** Of one run, a thousand objects each; the next one goes on from there. */
const MAX_PAGES = 2;

/** Objects under intake/: each is taken in by a workflow of its own. Needs no event: the sweep alone is enough. */
export const reconcileIntake =
  (deps: ReconcileDeps) =>
  async (after: string | null): Promise<StepResult> => {
    const notes = takeNotes('intake');
    const tenants = new Map<string, boolean>();
    const isTenant = async (tenantId: string): Promise<boolean> => {
      const known = tenants.get(tenantId) ?? (await deps.catalogue.hasTenant(tenantId));
      tenants.set(tenantId, known);
      return known;
    };
    let cursor = after;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const { objects, next } = await deps.store.list(INTAKE, cursor);
      notes.examined(objects.length);
      for (const { key, modifiedAt } of objects) {
        // Consoles and sync tools make empty objects that stand for folders.
        if (key.endsWith('/') || Date.now() - Date.parse(modifiedAt) < deps.reconcile.intakeSettleMs) continue;
        const place = intakeOf(key);
        if (place !== null && (await isTenant(place.tenantId))) await deps.workflows.takeIn(key);
        else {
          notes.alarm({
            what: 'an object under intake/ that belongs to no tenant',
            subject: key,
            todo: 'Keys are intake/{tenant id}/{any name}. Move it below a tenant that there is, or delete it; it is kept until then.',
          });
        }
      }
      cursor = next;
      if (next === null) break;
    }
    return notes.result(cursor);
  };
