import { bytesText, plainName } from '../domain/summary.js';
import type { UploadInput } from '../workflows/contract.js';

/** What an operator needs to find everything else. Temporal's own Markdown. */
export function uploadDetails(input: UploadInput): string {
  return [
    `**${plainName(input.fileName)}** (${bytesText(input.sizeBytes)})`,
    `- upload \`${input.uploadId}\`, video \`${input.videoId}\`, tenant \`${input.tenantId}\``,
    `- open until ${new Date(input.expiresAtMs).toISOString()} unless completed or aborted before`,
  ].join('\n');
}
