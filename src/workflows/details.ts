/** Texts that operators read in the Temporal UI. */
import type { Failure } from '../domain/artefact.js';
import { mediaPrefix } from '../domain/keys.js';
import type { Plan } from '../domain/plan.js';
import { STAGES, type Stage } from '../domain/video.js';
import type { ProcessVideoInput } from './contract.js';

export function bytesText(sizeBytes: number): string {
  if (sizeBytes < 1000) return `${sizeBytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = sizeBytes / 1000;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${value.toFixed(1)} ${units[unit]}`;
}

/** Cut to what one line of a list shows; control characters never reach the UI. */
const plain = (text: string): string => text.replace(/[\p{C}`*_[\]<>|]/gu, ' ').slice(0, 80);

export function videoSummary(video: ProcessVideoInput): string {
  return `${plain(video.fileName)} · ${bytesText(video.sizeBytes)} · tenant ${video.tenantId}`;
}

export function videoDetails(video: ProcessVideoInput): string {
  return [
    `**${plain(video.fileName)}** (${bytesText(video.sizeBytes)}), generation ${video.generation}`,
    `- video \`${video.videoId}\`, tenant \`${video.tenantId}\``,
    `- objects under \`${mediaPrefix(video)}\``,
    '- what to do when something fails: docs/failure-modes.md',
  ].join('\n');
}

export interface StageRow {
  readonly stage: Stage;
  readonly startedMs: number;
  readonly endedMs: number | null;
  readonly failure: Failure | null;
}

/** The stage table, newest facts: shown as the workflow's current details. */
export function stageTable(rows: readonly StageRow[], plan: Plan | null, review: Failure | null): string {
  const lines = STAGES.map((stage) => {
    const row = rows.findLast((each) => each.stage === stage);
    if (!row) return `| ${stage} | – | |`;
    const state = row.failure ? `failed: ${row.failure.code}` : row.endedMs === null ? '**running**' : 'done';
    const tookS = row.endedMs === null ? '' : `${((row.endedMs - row.startedMs) / 1000).toFixed(1)} s`;
    return `| ${stage} | ${state} | ${tookS} |`;
  });
  const parts = ['| stage | state | took |', '|---|---|---|', ...lines];
  if (plan) {
    const rungs = plan.rungs.map((rung) => `${rung.name} (${rung.width}×${rung.height})`).join(', ');
    const { grid } = plan;
    parts.push(
      '',
      `${rungs} · ${grid.frameCount} frames at ${grid.rate.num}/${grid.rate.den} · ${grid.chunkCount} chunks · ${plan.audio ? 'with audio' : 'no audio'}`,
    );
    parts.push(...plan.decisions.map((decision) => `- ${decision.code}: ${decision.text}`));
  }
  if (review)
    parts.push('', `**Waits for a person.** ${review.code}: ${review.message}`, 'Answer with the Update `resolve` {"action": "retry" | "reject"}.');
  return parts.join('\n');
}
