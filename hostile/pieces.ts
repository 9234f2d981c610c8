/** A piece of a container: a box, an element, a chunk or a packet, with the place of its own length field. */
export interface Piece {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Where its payload begins. */
  readonly body: number;
  /** Where its length stands and how many bytes that takes; null where it has none. */
  readonly length: { readonly at: number; readonly bytes: number; readonly order: 'big' | 'little' | 'vint' } | null;
  readonly children: readonly Piece[];
}

export type Grammar = 'boxes' | 'ebml' | 'riff' | 'packets';

/** The outermost pieces of a file of ours, which is whole: what cannot be read is left out. */
export function piecesOf(grammar: Grammar, bytes: Buffer): Piece[] {
  return { boxes, ebml, riff, packets }[grammar](bytes, 0, bytes.length);
}

/** All pieces, outer ones first. */
export const flatten = (pieces: readonly Piece[]): Piece[] => pieces.flatMap((piece) => [piece, ...flatten(piece.children)]);

const BOXES_OF_BOXES = ['moov', 'trak', 'edts', 'mdia', 'minf', 'dinf', 'stbl', 'mvex', 'moof', 'traf', 'udta', 'mfra'];

function boxes(bytes: Buffer, from: number, to: number): Piece[] {
  const found: Piece[] = [];
  for (let at = from; at + 8 <= to; ) {
    const size = bytes.readUInt32BE(at);
    const name = bytes.toString('latin1', at + 4, at + 8);
    if (size < 8 || at + size > to) break;
    const [body, end] = [at + 8, at + size];
    const children = BOXES_OF_BOXES.includes(name) ? boxes(bytes, body, end) : [];
    found.push({ name, start: at, end, body, length: { at, bytes: 4, order: 'big' }, children });
    at = end;
  }
  return found;
}

/** Segment, SeekHead, Info, Tracks, TrackEntry, Video, Audio, Cluster, BlockGroup, Cues, CuePoint, CueTrackPositions, EBML. */
const ELEMENTS_OF_ELEMENTS = new Set([
  0x18538067, 0x114d9b74, 0x4dbb, 0x1549a966, 0x1654ae6b, 0xae, 0xe0, 0xe1, 0x1f43b675, 0xa0, 0x1c53bb6b, 0xbb, 0xb7, 0x1a45dfa3, 0x1254c367,
]);

function ebml(bytes: Buffer, from: number, to: number): Piece[] {
  const found: Piece[] = [];
  for (let at = from; at + 2 <= to; ) {
    const idBytes = Math.clz32(bytes[at] ?? 0) - 23;
    const lengthAt = at + idBytes;
    const lengthBytes = Math.clz32(bytes[lengthAt] ?? 0) - 23;
    if (idBytes > 4 || lengthBytes > 8 || lengthAt + lengthBytes > to) break;
    const id = bytes.readUIntBE(at, idBytes);
    const size = Number(BigInt(`0x${bytes.toString('hex', lengthAt, lengthAt + lengthBytes)}`) & ((1n << BigInt(7 * lengthBytes)) - 1n));
    const body = lengthAt + lengthBytes;
    const end = Math.min(to, body + size);
    const children = ELEMENTS_OF_ELEMENTS.has(id) ? ebml(bytes, body, end) : [];
    found.push({ name: id.toString(16), start: at, end, body, length: { at: lengthAt, bytes: lengthBytes, order: 'vint' }, children });
    at = end;
  }
  return found;
}

function riff(bytes: Buffer, from: number, to: number): Piece[] {
  const found: Piece[] = [];
  for (let at = from; at + 8 <= to; ) {
    const name = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const end = Math.min(to, at + 8 + size + (size % 2));
    const isList = name === 'RIFF' || name === 'LIST';
    const body = at + (isList ? 12 : 8);
    found.push({ name, start: at, end, body, length: { at: at + 4, bytes: 4, order: 'little' }, children: isList ? riff(bytes, body, end) : [] });
    at = end;
  }
  return found;
}

function packets(bytes: Buffer, from: number, to: number): Piece[] {
  const count = Math.floor((to - from) / 188);
  return Array.from({ length: count }, (_, n) => {
    const start = from + n * 188;
    const pid = bytes.readUInt16BE(start + 1) & 0x1fff;
    // The one length that every packet may have: of its adaptation field.
    return { name: `pid ${pid}`, start, end: start + 188, body: start + 4, length: { at: start + 4, bytes: 1, order: 'big' }, children: [] };
  });
}
