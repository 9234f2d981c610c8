import { type FileHandle, open } from 'node:fs/promises';
import { type Box, mismatch, readBoxes, readBoxHeader, readingBytes } from './boxes.js';
import { type FragmentFacts, readFragment } from './fmp4-fragment.js';
import { readTrackHeader, type SampleDefaults, type TrackHeader } from './fmp4-init.js';

/** A stretch of a file. */
export interface ByteRange {
  readonly offset: number;
  readonly sizeBytes: number;
}

/** One fragment and where it lies: boxes between the one before and its `moof` (styp, sidx) are its own. */
export interface Fragment extends FragmentFacts, ByteRange {}

export interface FragmentedMp4 {
  /** Bytes up to the end of `moov`: the init segment, and what it says. */
  readonly init: ByteRange & TrackHeader;
  readonly fragments: readonly Fragment[];
}

/**
 * Reads the structure of a fragmented MP4 of one track; media data itself is skipped, its length checked.
 * @throws PipelineError ENCODE_MISMATCH where the file is cut off, damaged, or no such file
 */
export async function readFragmentedMp4(path: string): Promise<FragmentedMp4> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    return await walkFile(file, size);
  } finally {
    await file.close();
  }
}

/**
 * Reads the fragments of one segment from its bytes alone, without the init segment: what a store gave back.
 * @throws PipelineError ENCODE_MISMATCH where it is cut off, damaged, or holds no fragment
 */
export function readSegment(bytes: Uint8Array): FragmentFacts[] {
  return readingBytes(() => {
    const walk = new Walk({ duration: null, sizeBytes: null, flags: null });
    for (const box of readBoxes(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))) walk.add(box, box.body.byteLength);
    return walk.end(bytes.byteLength);
  });
}

async function walkFile(file: FileHandle, fileBytes: number): Promise<FragmentedMp4> {
  let offset = 0;
  let init: (ByteRange & TrackHeader) | null = null;
  let walk: Walk | null = null;
  while (offset < fileBytes) {
    const head = await readExactly(file, offset, Math.min(16, fileBytes - offset));
    const { type, headerBytes, sizeBytes } = readBoxHeader(head, fileBytes - offset);
    const wanted = type === 'moov' || type === 'moof';
    if (wanted && sizeBytes > MAX_HEADER_BYTES) throw mismatch(`A "${type}" box is absurdly large.`, { sizeBytes });
    const body = wanted ? await readExactly(file, offset + headerBytes, sizeBytes - headerBytes) : new DataView(new ArrayBuffer(0));
    const box: Box = { type, offset, sizeBytes, body };
    if (type === 'moov') {
      if (init !== null) throw mismatch('The file has two headers.');
      init = { offset: 0, sizeBytes: offset + sizeBytes, ...readingBytes(() => readTrackHeader(box)) };
      walk = new Walk(init.defaults, init.sizeBytes);
    } else if (type === 'moof' && walk === null) {
      throw mismatch('A fragment stands before the header.');
    } else {
      readingBytes(() => walk?.add(box, sizeBytes - headerBytes));
    }
    offset += sizeBytes;
  }
  if (init === null || walk === null) throw mismatch('The file has no header (moov).', { sizeBytes: fileBytes });
  return { init, fragments: walk.end(fileBytes) };
}

/** Pairs each `moof` with the `mdat` behind it. */
class Walk {
  private readonly fragments: Fragment[] = [];
  private pending: FragmentFacts | null = null;

  constructor(
    private readonly defaults: SampleDefaults,
    private start = 0,
  ) {}

  add(box: Box, payloadBytes: number): void {
    if (box.type === 'moof') {
      if (this.pending !== null) throw mismatch('A fragment has no media data.', { offset: box.offset });
      this.pending = readFragment(box, this.defaults);
    } else if (box.type === 'mdat') {
      if (this.pending === null) throw mismatch('Media data belongs to no fragment.', { offset: box.offset });
      const expected = this.pending.dataSizeBytes;
      if (payloadBytes !== expected) throw mismatch('A fragment has other media data than its samples need.', { expected, found: payloadBytes });
      const end = box.offset + box.sizeBytes;
      this.fragments.push({ ...this.pending, offset: this.start, sizeBytes: end - this.start });
      this.start = end;
      this.pending = null;
    }
  }

  /** Bytes behind the last fragment (an `mfra` index) belong to none. */
  end(totalBytes: number): Fragment[] {
    if (this.pending !== null) throw mismatch('The last fragment has no media data.', { sizeBytes: totalBytes });
    if (this.fragments.length === 0) throw mismatch('There is no fragment.', { sizeBytes: totalBytes });
    return this.fragments;
  }
}

async function readExactly(file: FileHandle, offset: number, length: number): Promise<DataView> {
  const bytes = new Uint8Array(length);
  let got = 0;
  while (got < length) {
    const { bytesRead } = await file.read(bytes, got, length - got, offset + got);
    if (bytesRead === 0) throw mismatch('The file became shorter while it was read.', { offset: offset + got });
    got += bytesRead;
  }
  return new DataView(bytes.buffer);
}

/** ffmpeg's are a few kilobytes; a 60 s fragment at 60 fps has 58 kB of sample tables. */
const MAX_HEADER_BYTES = 16 * 1024 * 1024;
