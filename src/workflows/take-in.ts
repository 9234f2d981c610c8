import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, sleep, startChild, WorkflowIdReusePolicy } from '@temporalio/workflow';
import type { TakeInEnd } from '../activities/take-in.js';
import { isOpenState, type Upload } from '../domain/upload.js';
import { control, heavy } from './activity-proxies.js';
import { WORKFLOWS } from './contract.js';
import { uploadInput, uploadStart } from './start-upload.js';

/** Looks at an object that is written again and again; then it is left to a later sweep. */
const MAX_LOOKS = 5;

/** Takes in what lies under one key of intake/: see activities/take-in.ts. */
export async function takeIn(key: string): Promise<TakeInEnd | 'gone' | 'young'> {
  let begun = await control.beginTakeIn(key);
  for (let look = 1; begun.state === 'young' && look < MAX_LOOKS; look += 1) {
    await sleep(begun.waitMs);
    begun = await control.beginTakeIn(key);
  }
  if (begun.state !== 'found') return begun.state;
  const { object } = begun;
  const open = isOpenState(object.upload.state);
  if (!open) return control.endTakeIn(object, 'copied');
  await startSession(object.upload);
  return control.endTakeIn(object, await heavy.copyIntake(object));
}

/** Before the copy, as for every other door: from here on the file has somebody who looks after it. */
async function startSession(upload: Upload): Promise<void> {
  const { workflowId, args, staticSummary, staticDetails } = uploadStart(uploadInput(upload));
  try {
    await startChild(WORKFLOWS.upload, {
      workflowId,
      args,
      staticSummary,
      staticDetails,
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
