import { checkExtent } from './container-extent.js';
import { PipelineError } from './errors.js';
import { cutError, type Extent, type ReadRange } from './extent.js';
import { HEAD_BYTES, looksLikeText, sniffContainer, sniffRefused } from './sniff.js';

/** Both ends of a file as its client has them, before the rest is sent. */
export interface FileEnds {
  /** Length of the whole file. */
  readonly sizeBytes: number;
  /** Its first bytes: at least `headBytesNeeded`. */
  readonly head: Uint8Array;
  /** Its last bytes; may be none. */
  readonly tail: Uint8Array;
}

export const MAX_END_BYTES = 65_536;

/** Fewer tell nothing apart; a smaller file is its own head. */
export const headBytesNeeded = (sizeBytes: number): number => Math.min(HEAD_BYTES, sizeBytes);

/** `accepted`: a container that is taken, and whole by its own account. `unknown`: these bytes prove nothing either way. */
export type PreflightVerdict = { readonly verdict: 'accepted' | 'unknown' } | { readonly verdict: 'refused'; readonly reason: PipelineError };

/**
 * What is certain of a file from its ends. Refuses only what the inspection of the whole file would refuse too, with the
 * same code: it asks the same questions of the same bytes, and where they lie in the middle it stops and says `unknown`.
 */
export async function preflight(file: FileEnds): Promise<PreflightVerdict> {
  if (file.sizeBytes === 0) return refused(new PipelineError('SOURCE_EMPTY'));
  const container = sniffContainer(file.head);
  if (container === null) {
    const known = sniffRefused(file.head);
    if (known) return refused(new PipelineError(known.code, { note: `It is ${known.kind}.` }));
    return looksLikeText(file.head) ? refused(new PipelineError('SOURCE_NOT_MEDIA', { note: 'It is a text.' })) : { verdict: 'unknown' };
  }
  const extent = await whereHeld(file, (readRange) => checkExtent(container, file.sizeBytes, readRange));
  if (extent?.verdict === 'cut') return refused(cutError(extent));
  return { verdict: extent?.verdict === 'whole' ? 'accepted' : 'unknown' };
}

const refused = (reason: PipelineError): PreflightVerdict => ({ verdict: 'refused', reason });

/** Resolves to null as soon as a byte is asked for that neither end holds: that read is never answered, and the look ends there. */
function whereHeld({ sizeBytes, head, tail }: FileEnds, look: (readRange: ReadRange) => Promise<Extent>): Promise<Extent | null> {
  const tailStart = sizeBytes - tail.length;
  return new Promise((resolve, reject) => {
    const readRange: ReadRange = async (start, length) => {
      const end = Math.min(start + length, sizeBytes);
      if (end <= head.length) return head.subarray(start, end);
      if (start >= tailStart) return tail.subarray(start - tailStart, end - tailStart);
      resolve(null);
      return await new Promise<never>(() => undefined);
    };
    look(readRange).then(resolve, reject);
  });
}
