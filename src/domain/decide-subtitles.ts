import type { Decision } from './decision-codes.js';
import type { SubtitlePlan } from './plan.js';
import type { Probe } from './probe.js';
import { labelsOf } from './track-label.js';
import { TRACK_POLICY } from './track-policy.js';

/** Subtitles that are text, each a WebVTT track that viewers can switch on; and why. */
export function decideSubtitles(probe: Probe): { subtitles: SubtitlePlan[]; decisions: Decision[] } {
  const found = probe.subtitles ?? [];
  if (found.length === 0) return { subtitles: [], decisions: [] };
  const kept = found.slice(0, TRACK_POLICY.mostSubtitles);
  const labels = labelsOf(kept, 'Subtitles');
  const originUs = Math.max(0, probe.video.startUs - probe.containerStartUs);
  const subtitles = kept.map(({ streamIndex, language, forced }, n) => {
    return { name: `subs-${n + 1}`, label: labels[n] ?? '', ...{ streamIndex, language, forced, originUs } };
  });
  const decisions: Decision[] = [{ code: 'SUBTITLES_KEPT', text: `Viewers can switch on subtitles: ${labels.join(', ')}.` }];
  if (found.length > kept.length) {
    decisions.push({
      code: 'SUBTITLES_DROPPED',
      text: `${found.length - kept.length} subtitle tracks are left out: ${TRACK_POLICY.mostSubtitles} are kept.`,
    });
  }
  return { subtitles, decisions };
}
