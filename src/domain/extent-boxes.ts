import { type Extent, type ReadRange, unknownExtent } from './extent.js';
import { ascii } from './sniff.js';

interface Box {
  readonly type: string;
  readonly start: number;
  /** End by its own account; the file's end for the size "to the end of the file". */
  readonly end: number;
  readonly openEnded: boolean;
}

/**
 * Boxes whose loss is a loss. Padding (`free`, `skip`, `wide`) and unknown trailers are not here: cameras append junk
 * behind whole films, and what runs over the end there is no part of the film.
 */
const MEDIA_BOXES = new Set(['ftyp', 'styp', 'moov', 'moof', 'mdat', 'mfra', 'sidx', 'meta', 'uuid', 'udta', 'emsg', 'prft', 'ssix', 'pdin', 'pnot']);
const PADDING_BOXES = new Set(['free', 'skip', 'wide']);
/** A fragmented day has 86 000 boxes, each a ranged read: then the tail is asked instead, and the packets are counted anyway. */
const MAX_BOXES = 200;

/** Behind what a segment index lists only a second index (mfra) may lie. */
const MIN_INDEXED_SHARE = 0.95;

/** Walks the top-level boxes of an MP4 or MOV. Reads 32 bytes a box. */
export async function boxExtent(sizeBytes: number, readRange: ReadRange): Promise<Extent> {
  const walk = await walkBoxes(sizeBytes, readRange);
  const seen = new Map(walk.boxes.map((box) => [box.type, box]));
  const moov = seen.get('moov');
  const fragmented = seen.has('moof');
  const facts: Extent = {
    ...unknownExtent(sizeBytes),
    indexed: moov !== undefined && !fragmented && !walk.boxes.some((box) => box.openEnded),
    // Without an index of the fragments a seek reads the head of every one of them.
    seekable: moov !== undefined && (!fragmented || walk.firstIndexEnd >= sizeBytes * MIN_INDEXED_SHARE),
    moov: moov ? { start: moov.start, length: moov.end - moov.start } : null,
  };
  const cut = (missing: string, declaredBytes: number | null): Extent => ({ ...facts, verdict: 'cut', declaredBytes, missing });
  const declaredBytes = Math.max(0, walk.declaredEnd, ...walk.boxes.filter((box) => MEDIA_BOXES.has(box.type)).map((box) => box.end));

  if (walk.overrun) return cut(`It ends inside its ${NAMES[walk.overrun.type] ?? 'media data'}.`, walk.overrun.end);
  if (walk.declaredEnd > sizeBytes) return cut('Its index lists more media data than there is.', walk.declaredEnd);
  // A lone media segment (styp, moof) never had an index, and bytes that are no boxes at all prove nothing: ffprobe decides.
  if (!moov) return walk.brokenAt === null && !fragmented && !seen.has('styp') ? cut('Its index (moov) is missing.', null) : facts;
  if (!seen.has('mdat')) return cut('Its media data (mdat) is missing.', null);
  if (walk.splitHeader && fragmented) return cut('It ends inside a box header.', null);
  const ends = !facts.indexed && !seen.has('mfra') && walk.declaredEnd === 0;
  return ends && !(await endsWithFragmentIndex(sizeBytes, readRange)) ? facts : { ...facts, verdict: 'whole', declaredBytes };
}

const NAMES: Record<string, string> = {
  moov: 'index (moov)',
  mdat: 'media data (mdat)',
  moof: 'fragment index (moof)',
  mfra: 'fragment index (mfra)',
};

interface Walk {
  readonly boxes: readonly Box[];
  /** The media box that runs over the end of the file. */
  readonly overrun: Box | null;
  /** Where bytes that are no box begin. */
  readonly brokenAt: number | null;
  /** One to seven bytes are left behind the last box. */
  readonly splitHeader: boolean;
  /** End of all that segment indexes (sidx) list; 0 without any. */
  readonly declaredEnd: number;
  /** End of what the first of them lists: the only one that is read before a seek. */
  readonly firstIndexEnd: number;
}

async function walkBoxes(sizeBytes: number, readRange: ReadRange): Promise<Walk> {
  const boxes: Box[] = [];
  let declaredEnd = 0;
  let firstIndexEnd: number | null = null;
  const done = (more: Partial<Walk>): Walk => {
    const none = { overrun: null, brokenAt: null, splitHeader: false };
    return { boxes, ...none, declaredEnd, firstIndexEnd: firstIndexEnd ?? 0, ...more };
  };
  for (let pos = 0; pos < sizeBytes && boxes.length < MAX_BOXES; ) {
    const head = await readRange(pos, Math.min(32, sizeBytes - pos));
    if (head.length < 8) return done({ splitHeader: true });
    const box = readBox(head, pos, sizeBytes);
    if (!box) return done({ brokenAt: pos });
    if (box.end > sizeBytes) return done(MEDIA_BOXES.has(box.type) ? { overrun: box } : {});
    boxes.push(box);
    if (box.type === 'sidx') {
      const end = await indexedEnd(box, readRange);
      firstIndexEnd ??= end;
      declaredEnd = Math.max(declaredEnd, end);
    }
    pos = box.end;
  }
  return done({});
}

function readBox(head: Uint8Array, start: number, sizeBytes: number): Box | null {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const type = ascii(head, 4, 4);
  if (!MEDIA_BOXES.has(type) && !PADDING_BOXES.has(type)) return null;
  const short = view.getUint32(0);
  if (short === 0) return { type, start, end: sizeBytes, openEnded: true };
  if (short === 1) {
    // Cut inside its own long header: the box surely wants more than is there.
    const size = head.length >= 16 ? Number(view.getBigUint64(8)) : 16;
    return size < 16 || !Number.isSafeInteger(start + size) ? null : { type, start, end: start + size, openEnded: false };
  }
  return short < 8 ? null : { type, start, end: start + short, openEnded: false };
}

/** End of the bytes that a segment index refers to; 0 where it refers to further indexes (then they count themselves). */
async function indexedEnd(box: Box, readRange: ReadRange): Promise<number> {
  const bytes = await readRange(box.start, Math.min(box.end - box.start, 1_000_000));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const long = bytes[8] === 1;
  const table = long ? 40 : 32;
  if (bytes.length < table) return 0;
  const offset = long ? Number(view.getBigUint64(28)) : view.getUint32(24);
  let end = box.end + offset;
  for (let i = 0, at = table; i < view.getUint16(table - 2) && at + 12 <= bytes.length; i += 1, at += 12) {
    const reference = view.getUint32(at);
    if (reference >>> 31 === 1) return 0;
    end += reference;
  }
  return end;
}

/** ffmpeg and others close a fragmented file with `mfra`, whose last 16 bytes say how long it is. */
async function endsWithFragmentIndex(sizeBytes: number, readRange: ReadRange): Promise<boolean> {
  const tail = await readRange(Math.max(0, sizeBytes - 16), 16);
  if (tail.length < 16 || ascii(tail, 4, 4) !== 'mfro') return false;
  const length = new DataView(tail.buffer, tail.byteOffset, 16).getUint32(12);
  if (length < 16 || length > sizeBytes) return false;
  return ascii(await readRange(sizeBytes - length, 8), 4, 4) === 'mfra';
}
