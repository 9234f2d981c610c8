import type { UploadInput } from '../workflows/contract.js';

/** One line for the list of workflows: "clip.mp4 · 10.0 MB · tenant dev". */
export function uploadSummary(input: UploadInput): string {
  return `${plain(input.fileName)} · ${sizeText(input.sizeBytes)} · tenant ${input.tenantId}`;
}

/** What an operator needs to find everything else. Temporal's own Markdown. */
export function uploadDetails(input: UploadInput): string {
  return [
    `**${plain(input.fileName)}** (${sizeText(input.sizeBytes)})`,
    `- upload \`${input.uploadId}\`, video \`${input.videoId}\`, tenant \`${input.tenantId}\``,
    `- open until ${new Date(input.expiresAtMs).toISOString()} unless completed or aborted before`,
  ].join('\n');
}

function sizeText(sizeBytes: number): string {
  if (sizeBytes < 1000) return `${sizeBytes} B`;
  const power = Math.min(3, Math.floor(Math.log10(sizeBytes) / 3));
  return `${(sizeBytes / 1000 ** power).toFixed(1)} ${['kB', 'MB', 'GB'][power - 1]}`;
}

/** A file name is the owner's text: no markup and no invisible characters of it reach an operator's screen. */
const plain = (text: string): string => text.replace(/[\p{C}`*_[\]<>|]/gu, ' ').slice(0, 80);
