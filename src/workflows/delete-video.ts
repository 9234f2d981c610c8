import { continueAsNew, setCurrentDetails, sleep, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { purge } from './activity-proxies.js';
import { type DeleteVideoInput, type DeleteVideoResult, workflowId } from './contract.js';

/**
 * Clears away a video that the catalogue calls deleted: ends whatever works on it, removes what it has in the store, and
 * looks again until nothing can come any more. The row was first; that it is started late, or twice, does no harm.
 */
export async function deleteVideo(input: DeleteVideoInput): Promise<DeleteVideoResult> {
  upsertSearchAttributes({ ReelmillTenantId: [input.tenantId], ReelmillVideoId: [input.videoId] });
  const { uploads, generation } = await purge.loadTombstone(input.videoId);
  const generations = Array.from({ length: generation }, (_, index) => index + 1);
  // In the order in which one starts the other.
  const workflows = [
    uploads.map(({ id }) => workflowId.upload(id)),
    generations.map((each) => workflowId.processVideo(input.videoId, each)),
    generations.map((each) => workflowId.encodeChunks(input.videoId, each)),
  ];
  let removed = { objects: 0, multiparts: 0 };
  for (let looks = 1; ; looks += 1) {
    // At every look: one that was being started when the video was deleted may have come since.
    await purge.stopWorkflows(workflows);
    const { objects, multiparts, lookAgainMs } = await purge.purgeVideo(input.videoId);
    removed = { objects: removed.objects + objects, multiparts: removed.multiparts + multiparts };
    const found = `${removed.objects} objects and ${removed.multiparts} multiparts were removed in ${looks} looks.`;
    setCurrentDetails(lookAgainMs === null ? `${found} Nothing is left.` : `${found} The next look is in ${Math.ceil(lookAgainMs / 1000)} s.`);
    if (lookAgainMs === null) return { looks, ...removed };
    await sleep(lookAgainMs);
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof deleteVideo>(input);
  }
}
