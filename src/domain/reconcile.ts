/**
 * What is wrong in a picture of three sources (bucket, catalogue, Temporal), and what to do about it. Pure: the picture
 * comes in as facts, the answer is a word. In doubt the answer is to keep and to tell a person.
 */
import type { GenerationState } from './generation.js';
import { isOpenState, type Upload } from './upload.js';
import type { VideoState } from './video.js';

/** How a workflow stands. `failed again`: reconciling had started it once more, and that failed too. `unknown`: never started, or forgotten. */
export type Standing = 'running' | 'completed' | 'failed' | 'failed again' | 'unknown';

export interface Clock {
  readonly nowMs: number;
  /** What is younger is left alone: somebody may be at work on it. */
  readonly graceMs: number;
  /** The same for what takes moments: a row and the start of its workflow. */
  readonly startGraceMs: number;
}

const isOlder = (at: string, ageMs: number, clock: Clock): boolean => clock.nowMs - Date.parse(at) > ageMs;

/**
 * An open multipart under an upload's key. Only the row's own is wanted. A row without one may be about to get this: the
 * grace covers the moment between S3's answer and the row.
 */
export function decideMultipart(
  multipart: { readonly multipartId: string; readonly initiatedAt: string },
  upload: Pick<Upload, 'state' | 'multipartId'> | null,
  clock: Clock,
): 'keep' | 'abort' {
  if (upload !== null && isOpenState(upload.state) && upload.multipartId === multipart.multipartId) return 'keep';
  return isOlder(multipart.initiatedAt, clock.graceMs, clock) ? 'abort' : 'keep';
}

/** Whose an object under sources/ is: the upload that its key names. */
export interface Claim {
  readonly upload: Pick<Upload, 'state'>;
  readonly videoState: VideoState;
}

/**
 * An object under sources/.
 * - `finish`: its upload is open: the session has the file and does not know it
 * - `look`: nobody claims the key; say which upload the object's metadata names, and ask again
 * - `report`: it names an upload, so a catalogue of ours has known it: perhaps rows were lost, then this is all that is left
 * - `remove`: its upload ended without a video, its video was deleted, or it names no upload at all
 */
export function decideSource(
  object: { readonly modifiedAt: string; readonly namedUpload?: string | null },
  claim: Claim | null,
  clock: Clock,
): 'keep' | 'finish' | 'look' | 'report' | 'remove' {
  if (claim !== null && isOpenState(claim.upload.state)) return isOlder(object.modifiedAt, clock.startGraceMs, clock) ? 'finish' : 'keep';
  if (!isOlder(object.modifiedAt, clock.graceMs, clock)) return 'keep';
  if (claim?.upload.state === 'completed') return claim.videoState === 'deleted' ? 'remove' : 'keep';
  if (claim !== null) return 'remove';
  if (object.namedUpload === undefined) return 'look';
  return object.namedUpload === null ? 'remove' : 'report';
}

/**
 * The workflow of an open upload, or of a generation that is not settled.
 * - `start`: it never was, or Temporal has forgotten it
 * - `start again`: it was ended from outside, or failed. Once: what fails twice fails for a reason
 * - `alarm`: it ran to its end and left its row behind, or failed again. A further run would be the same one
 */
export function decideWorkflow(row: { readonly changedAt: string }, standing: Standing, clock: Clock): 'leave' | 'start' | 'start again' | 'alarm' {
  if (standing === 'running' || !isOlder(row.changedAt, clock.startGraceMs, clock)) return 'leave';
  if (standing === 'unknown') return 'start';
  return standing === 'failed' ? 'start again' : 'alarm';
}

/**
 * An object under arrivals/, where a file lands that comes in one piece.
 * - `finish`: an open session waits for it: perhaps nobody watches any more
 * - `remove`: nobody waits for it: it came after its session's end, or was sent once more
 * - `report`: the catalogue does not know its upload; see `decideSource`
 */
export function decideArrival(
  object: { readonly modifiedAt: string },
  upload: Pick<Upload, 'state' | 'door'> | null,
  clock: Clock,
): 'keep' | 'finish' | 'remove' | 'report' {
  if (upload !== null && isOpenState(upload.state))
    return upload.door === 'whole' && isOlder(object.modifiedAt, clock.startGraceMs, clock) ? 'finish' : 'keep';
  if (!isOlder(object.modifiedAt, clock.graceMs, clock)) return 'keep';
  return upload === null ? 'report' : 'remove';
}

/** How a generation stands, as far as its objects are concerned. */
export interface GenerationFacts {
  readonly state: GenerationState;
  readonly settledAt: string | null;
  /** Since when players get another one; null for what is live, or never was. */
  readonly supersededAt: string | null;
  /** The catalogue has promised that nothing leads back to it. */
  readonly retired: boolean;
  readonly videoState: VideoState;
  /** When the video changed last: a deleted one, when it was deleted. */
  readonly videoChangedAt: string;
}

/**
 * The objects of one generation under media/ and work/.
 * - `sweep`: it was published lately: what its report does not name goes, working files go
 * - `wipe`: nobody will ever want any of it
 * - `retire`: players have had another one for long; ask the catalogue whether it may go, and keep it where it may not
 * - `report`: the catalogue does not know it; see `decideSource`
 */
export function decideGeneration(facts: GenerationFacts | null, clock: Clock): 'keep' | 'sweep' | 'wipe' | 'retire' | 'report' {
  if (facts === null) return 'report';
  if (facts.videoState === 'deleted') return isOlder(facts.videoChangedAt, clock.graceMs, clock) ? 'wipe' : 'keep';
  if (facts.settledAt === null || !isOlder(facts.settledAt, clock.graceMs, clock)) return 'keep';
  if (facts.state !== 'published' || facts.retired) return 'wipe';
  if (facts.supersededAt !== null && isOlder(facts.supersededAt, clock.graceMs, clock)) return 'retire';
  return isOlder(facts.settledAt, SWEPT_FOR_MS, clock) ? 'keep' : 'sweep';
}

/** Activities live at most a day: after a week nobody is left who could write late, and reading old reports again would cost for ever. */
const SWEPT_FOR_MS = 7 * 86_400_000;
