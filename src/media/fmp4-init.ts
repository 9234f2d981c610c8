import { type Box, descend, mismatch, onlyBox, readBoxes, safe } from './boxes.js';

/** What the header of a one-track fragmented MP4 says. Times in ticks of `timescale`. */
export interface TrackHeader {
  readonly timescale: number;
  /** RFC 6381: "avc1.64001f", "mp4a.40.2". */
  readonly codec: string;
  /** Media time that is shown first: B-frame delay or audio priming. 0 without an edit list. */
  readonly editMediaTime: number;
  /** Pixels; null for audio. */
  readonly width: number | null;
  readonly height: number | null;
  /** Primaries, transfer, matrix (ISO/IEC 23091-2) and 1 for full range; null where nothing is said of them. */
  readonly colour: readonly number[] | null;
  /** Players show it as it is stored: its display matrix turns and mirrors nothing. */
  readonly upright: boolean;
  readonly defaults: SampleDefaults;
}

/** What holds for a sample where its fragment says nothing; null where nothing says it. */
export interface SampleDefaults {
  readonly duration: number | null;
  readonly sizeBytes: number | null;
  readonly flags: number | null;
}

/** Reads a `moov`. @throws PipelineError ENCODE_MISMATCH where it is not one H.264 or AAC track */
export function readTrackHeader(moov: Box): TrackHeader {
  const children = readBoxes(moov.body);
  const trak = onlyBox(children, 'trak');
  const mdia = descend(trak, 'mdia');
  const mdhd = descend(mdia, 'mdhd').body;
  const timescale = mdhd.getUint32(mdhd.getUint8(0) === 1 ? 20 : 12);
  if (timescale === 0) throw mismatch('The track has no time scale.');
  const trex = descend(onlyBox(children, 'mvex'), 'trex').body;
  return {
    timescale,
    ...readSampleEntry(descend(mdia, 'minf', 'stbl', 'stsd')),
    editMediaTime: readEditMediaTime(trak),
    upright: readUpright(descend(trak, 'tkhd').body),
    defaults: { duration: trex.getUint32(12), sizeBytes: trex.getUint32(16), flags: trex.getUint32(20) },
  };
}

type Entry = Pick<TrackHeader, 'codec' | 'width' | 'height' | 'colour'>;

function readSampleEntry(stsd: Box): Entry {
  const entries = readBoxes(stsd.body, 8);
  const [entry] = entries;
  if (!entry || entries.length > 1) throw mismatch(`Expected one sample entry, found ${entries.length}.`);
  // Fixed fields before the child boxes: 78 bytes for pictures, 28 for sound (ISO/IEC 14496-12, 12.1.3 and 12.2.3).
  if (entry.type === 'avc1') {
    const children = readBoxes(entry.body, 78);
    const avcC = onlyBox(children, 'avcC').body;
    const hex = (at: number): string => avcC.getUint8(at).toString(16).padStart(2, '0');
    const size = { width: entry.body.getUint16(24), height: entry.body.getUint16(26) };
    return { codec: `avc1.${hex(1)}${hex(2)}${hex(3)}`, ...size, colour: readColour(children) };
  }
  if (entry.type === 'mp4a') {
    return { codec: `mp4a.40.${audioObjectType(onlyBox(readBoxes(entry.body, 28), 'esds').body)}`, width: null, height: null, colour: null };
  }
  throw mismatch(`The track is "${entry.type}", not H.264 or AAC.`, { sampleEntry: entry.type });
}

/** The `colr` box of type "nclx" (ISO/IEC 14496-12, 12.1.5). */
function readColour(children: readonly Box[]): readonly number[] | null {
  const body = children.find((box) => box.type === 'colr')?.body;
  if (!body || body.byteLength < 11 || body.getUint32(0) !== 0x6e636c78) return null;
  return [body.getUint16(4), body.getUint16(6), body.getUint16(8), body.getUint8(10) >> 7];
}

/** ES descriptor (3) → decoder config (4) → decoder specific info (5), whose first five bits are the object type (ISO/IEC 14496-1, -3). */
function audioObjectType(esds: DataView): number {
  let at = 4;
  const enter = (tag: number, skipBytes: number): void => {
    if (esds.getUint8(at) !== tag) throw mismatch('The audio header is not AAC.', { expectedTag: tag, foundTag: esds.getUint8(at) });
    at += 1;
    // The length: up to four bytes, seven bits each, the top bit says "more".
    for (let i = 0; i < 4 && (esds.getUint8(at) & 0x80) !== 0; i += 1) at += 1;
    at += 1 + skipBytes;
  };
  enter(3, 3);
  enter(4, 13);
  enter(5, 0);
  const bits = esds.getUint16(at);
  const type = bits >> 11;
  return type === 31 ? 32 + ((bits >> 5) & 0x3f) : type;
}

/** Where the matrix stands goes by the version, whose times have 64 bits in version 1 (ISO/IEC 14496-12, 8.3.2). */
function readUpright(tkhd: DataView): boolean {
  const at = tkhd.getUint8(0) === 1 ? 52 : 40;
  const [a, b, c, d] = [0, 4, 12, 16].map((offset) => tkhd.getInt32(at + offset));
  return a === 0x10000 && b === 0 && c === 0 && d === 0x10000;
}

function readEditMediaTime(trak: Box): number {
  const edts = readBoxes(trak.body).find((box) => box.type === 'edts');
  if (!edts) return 0;
  const elst = descend(edts, 'elst').body;
  const wide = elst.getUint8(0) === 1;
  const count = elst.getUint32(4);
  const entryBytes = wide ? 20 : 12;
  if (count !== 1) throw mismatch(`Expected one edit, found ${count}.`, { edits: count });
  if (elst.byteLength !== 8 + entryBytes) throw mismatch('The edit list has a wrong length.', { sizeBytes: elst.byteLength });
  // −1 is an empty edit, a gap before the track: our encodes never begin with one.
  const mediaTime = wide ? elst.getBigInt64(16) : BigInt(elst.getInt32(12));
  if (mediaTime < 0n) throw mismatch('The track begins with a gap.', { mediaTime: mediaTime.toString() });
  return safe(mediaTime);
}
