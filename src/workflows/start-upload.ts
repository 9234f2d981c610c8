import { defineSearchAttributeKey } from '@temporalio/common';
import { fileSummary, plainName, sizeText } from '../domain/summary.js';
import type { Upload } from '../domain/upload.js';
import { type DeleteVideoInput, type ProcessVideoInput, type SEARCH_ATTRIBUTES, type UploadInput, workflowId } from './contract.js';
import { videoDetails } from './details.js';
import { QUEUES } from './task-queues.js';

/** The same for the same row, so that a repeated start is the same start, whoever makes it. */
export const uploadInput = (upload: Upload): UploadInput => ({
  uploadId: upload.id,
  videoId: upload.videoId,
  tenantId: upload.tenantId,
  fileName: upload.fileName,
  sizeBytes: upload.sizeBytes,
  expiresAtMs: Date.parse(upload.expiresAt),
});

/** How a session's workflow is started by a client: what an operator reads and searches by stands in here. */
export const uploadStart = (input: UploadInput) => ({
  workflowId: workflowId.upload(input.uploadId),
  taskQueue: QUEUES.control,
  args: [input] as [UploadInput],
  // Running: that one is meant. Ended: its row in the catalogue tells how; it never runs twice.
  workflowIdConflictPolicy: 'USE_EXISTING' as const,
  workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
  staticSummary: fileSummary(input),
  staticDetails: uploadDetails(input),
  memo: { fileName: input.fileName, sizeBytes: input.sizeBytes },
  typedSearchAttributes: attributesOf(input),
});

/** How the making of a generation is started by a client: of one that an upload's session does not start itself. */
export const videoStart = (input: ProcessVideoInput) => ({
  workflowId: workflowId.processVideo(input.videoId, input.generation),
  taskQueue: QUEUES.control,
  args: [input] as [ProcessVideoInput],
  workflowIdConflictPolicy: 'USE_EXISTING' as const,
  // The row of a generation stands once, and its workflow runs once.
  workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
  staticSummary: fileSummary(input),
  staticDetails: videoDetails(input),
  typedSearchAttributes: attributesOf(input),
});

/** How the clearing away of a deleted video is started by a client. */
export const deletionStart = (input: DeleteVideoInput) => ({
  workflowId: workflowId.deleteVideo(input.videoId),
  taskQueue: QUEUES.control,
  args: [input] as [DeleteVideoInput],
  workflowIdConflictPolicy: 'USE_EXISTING' as const,
  // One that an operator ended, or that found a fault of ours, is taken up again; one that is done is done.
  workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' as const,
  staticSummary: `Clears away ${input.videoId} · tenant ${input.tenantId}`,
  typedSearchAttributes: attributesOf(input),
});

/** How the taking in of an object under intake/ is started; `keySha256` in lower-case hex. */
export const takeInStart = (key: string, keySha256: string) => ({
  workflowId: workflowId.takeIn(keySha256),
  taskQueue: QUEUES.control,
  args: [key] as [string],
  // Under way: that one looks at what is there now. Ended: the key may have another object.
  workflowIdConflictPolicy: 'USE_EXISTING' as const,
  staticSummary: plainName(key),
});

/** What operators find the workflows of a tenant or a video by. */
const attributesOf = (input: Pick<UploadInput, 'tenantId' | 'videoId'>) => [
  { key: defineSearchAttributeKey('ReelmillTenantId', kindOf.ReelmillTenantId), value: input.tenantId },
  { key: defineSearchAttributeKey('ReelmillVideoId', kindOf.ReelmillVideoId), value: input.videoId },
];

const kindOf = { ReelmillTenantId: 'KEYWORD', ReelmillVideoId: 'KEYWORD' } as const satisfies Partial<
  Record<keyof typeof SEARCH_ATTRIBUTES, 'KEYWORD'>
>;

/** What an operator needs to find everything else. Temporal's own Markdown. */
function uploadDetails(input: UploadInput): string {
  return [
    `**${plainName(input.fileName)}** (${sizeText(input.sizeBytes)})`,
    `- upload \`${input.uploadId}\`, video \`${input.videoId}\`, tenant \`${input.tenantId}\``,
    `- open until ${new Date(input.expiresAtMs).toISOString()} unless completed or aborted before`,
  ].join('\n');
}
