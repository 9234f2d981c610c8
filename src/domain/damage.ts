import type { Decision } from './decision-codes.js';
import { PipelineError } from './errors.js';
import type { Recipe } from './recipe.js';
import type { TruncatedPolicy } from './truncation.js';

/** Frames of a piece that are not what the source once showed, as far as demuxer and decoder could tell. */
export interface Damage {
  /** Places for which no frame came: they show the one before. */
  readonly missing: number;
  /** Frames of which the decoder had to make up a part. */
  readonly concealed: number;
}

/** A damaged piece in a report. */
export interface DamagedPiece extends Damage {
  readonly chunk: number;
  readonly recipe: Recipe;
}

export interface DamageReport extends Damage {
  readonly pieces: readonly DamagedPiece[];
}

export const NO_DAMAGE: Damage = { missing: 0, concealed: 0 };

export const damagedFrames = ({ missing, concealed }: Damage): number => missing + concealed;

/** A stumble that a viewer may not notice is told and published; beyond one frame in twenty (and eight) the tenant's wish counts. */
export const toleratedFrames = (frameCount: number): number => Math.max(8, Math.floor(frameCount / 20));

/** Codes of the findings, and `SOURCE_DAMAGED` also of the refusal. */
export const DAMAGED_CODE = 'SOURCE_DAMAGED';

/** "12 of its 1500 frames are damaged: 3 are missing, of 9 the decoder made up a part." */
export function damageText(damage: Damage, frameCount: number): string {
  const parts = [
    ...(damage.missing > 0 ? [`${damage.missing} missing`] : []),
    ...(damage.concealed > 0 ? [`${damage.concealed} made up in part by the decoder`] : []),
  ];
  return `${damagedFrames(damage)} of ${frameCount} frames are damaged (${parts.join(', ')}).`;
}

/**
 * What is known of damage before anything is decoded.
 * @throws PipelineError SOURCE_DAMAGED where that is more than may be published without asking
 */
export function packetDecisions(
  { broken = 0, lost = 0 }: { readonly broken?: number; readonly lost?: number },
  frameCount: number,
  policy: TruncatedPolicy = 'refuse',
): Decision[] {
  const told = [
    ...(broken > 0 ? [`${broken} packets of about ${frameCount} came broken or were lost.`] : []),
    ...(lost > 0 ? [`${lost} of the ${frameCount + lost} frames that its header counts are not there.`] : []),
  ].join(' ');
  if (told === '') return [];
  if (broken + lost > toleratedFrames(frameCount) && policy === 'refuse') {
    throw new PipelineError(DAMAGED_CODE, { note: told, details: { brokenPackets: broken, lostFrames: lost, frameCount } });
  }
  const becomes =
    lost > 0 ? 'The film is shorter by what is not there, and its sound may be early or late.' : 'What they showed is repeated or made up.';
  return [{ code: DAMAGED_CODE, text: `The file is damaged: ${told} ${becomes}` }];
}

/** null where nothing is damaged. */
export function damageReport(pieces: readonly DamagedPiece[]): DamageReport | null {
  const damaged = pieces.filter((piece) => damagedFrames(piece) > 0);
  if (damaged.length === 0) return null;
  const sum = (of: (piece: Damage) => number): number => damaged.reduce((total, piece) => total + of(piece), 0);
  return { missing: sum(({ missing }) => missing), concealed: sum(({ concealed }) => concealed), pieces: damaged };
}

/** @param lostPackets of all sound tracks */
export function soundFindings(lostPackets: number): Decision[] {
  const text = `The file is damaged: ${lostPackets} packets of its sound cannot be decoded; it is silent there, or clicks.`;
  return lostPackets === 0 ? [] : [{ code: 'SOUND_DAMAGED', text }];
}

/** Nothing that is known to be damaged is published without a word. */
export function damageFindings(report: DamageReport | null, frameCount: number): Decision[] {
  if (report === null) return [];
  const worst = [...report.pieces].sort((a, b) => damagedFrames(b) - damagedFrames(a))[0];
  const where = report.pieces.length === 1 || !worst ? '' : ` They are in ${report.pieces.length} pieces, most in piece ${worst.chunk + 1}.`;
  return [
    { code: DAMAGED_CODE, text: `The file is damaged: ${damageText(report, frameCount)}${where} What follows one may look wrong for a moment.` },
  ];
}
