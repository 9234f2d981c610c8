import { log } from '@temporalio/activity';
import { PipelineError } from '../domain/errors.js';
import type { Upload } from '../domain/upload.js';
import type { WorkflowControl } from './workflow-control.js';

/**
 * Asks the session of an open upload, whose file stands in the store, to complete it; starts the session where there is none.
 * `later`: Temporal or a worker is slow, and the next run asks again. `refused`: the session does not take the file.
 */
export async function finishUpload(
  deps: { readonly workflows: WorkflowControl },
  upload: Upload,
): Promise<'completed' | 'closed' | 'later' | 'refused'> {
  const ask = () => deps.workflows.completeUpload(upload.id);
  try {
    let outcome = await ask();
    if (outcome === null) {
      await deps.workflows.startUpload(upload, 'first');
      outcome = await ask();
    }
    // Its workflow has ended badly: that is the business of the step that looks at open uploads.
    if (outcome === null) return 'later';
    if (outcome.state === 'completed') return 'completed';
    return outcome.state === 'incomplete' ? 'refused' : 'closed';
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    log.warn('an upload whose file is there could not be completed yet', { upload_id: upload.id, code: error.code, reason: error.message });
    return error.kind === 'transient' ? 'later' : 'refused';
  }
}
