/** Texts that operators read in the Temporal UI. */
import type { Failure } from '../domain/artefact.js';
import { mediaPrefix } from '../domain/keys.js';
import { audioTracks, type Decision, type Plan } from '../domain/plan.js';
import { bytesText, plainName } from '../domain/summary.js';
import { STAGES, type Stage } from '../domain/video.js';
import type { ProcessVideoInput } from './contract.js';

export function videoDetails(video: ProcessVideoInput): string {
  return [
    `**${plainName(video.fileName)}** (${bytesText(video.sizeBytes)}), generation ${video.generation}`,
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

/** The stage table, newest facts: shown as the workflow's current details. Findings stand behind the plan's decisions. */
export function stageTable(rows: readonly StageRow[], plan: Plan | null, review: Failure | null, findings: readonly Decision[] = []): string {
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
    parts.push('', `${rungs} · ${grid.frameCount} frames at ${grid.rate.num}/${grid.rate.den} · ${grid.chunkCount} chunks · ${soundText(plan)}`);
    parts.push(...[...plan.decisions, ...findings].map((decision) => `- ${decision.code}: ${decision.text}`));
  }
  const refusal = review ? null : (rows.at(-1)?.failure ?? null);
  if (refusal) parts.push('', `**Refused.** ${refusal.code}: ${refusal.message}`);
  if (review)
    parts.push('', `**Waits for a person.** ${review.code}: ${review.message}`, 'Answer with the Update `resolve` {"action": "retry" | "reject"}.');
  return parts.join('\n');
}

function soundText(plan: Plan): string {
  const { length } = audioTracks(plan);
  return length > 1 ? `${length} sound tracks` : length === 1 ? 'with audio' : 'no audio';
}
