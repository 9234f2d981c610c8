import { type Box, mismatch, onlyBox, readBoxes, safe } from './boxes.js';
import type { SampleDefaults } from './fmp4-init.js';

/** One `moof` + `mdat` as its bytes say. Ticks of the track's time scale. */
export interface FragmentFacts {
  readonly startTicks: number;
  readonly durationTicks: number;
  readonly packetCount: number;
  readonly startsWithSync: boolean;
  /** Bytes of all samples: what the `mdat` must hold, neither more nor less. */
  readonly dataSizeBytes: number;
}

/**
 * Reads a `moof` with one track.
 * @throws PipelineError ENCODE_MISMATCH where it is damaged, or where its data is addressed in a way that moving the fragment would break
 */
export function readFragment(moof: Box, trackDefaults: SampleDefaults): FragmentFacts {
  const traf = readBoxes(onlyBox(readBoxes(moof.body), 'traf').body);
  const tfdt = onlyBox(traf, 'tfdt').body;
  const startTicks = tfdt.getUint8(0) === 1 ? safe(tfdt.getBigUint64(4)) : tfdt.getUint32(4);
  const defaults = readFragmentDefaults(onlyBox(traf, 'tfhd').body, trackDefaults);
  const runs = traf.filter((box) => box.type === 'trun').map((box) => readRun(box.body, defaults));
  const sum = (of: (run: Run) => number): number => runs.reduce((total, run) => total + of(run), 0);
  const packetCount = sum((run) => run.packetCount);
  if (packetCount === 0) throw mismatch('A fragment has no samples.', { startTicks });
  return {
    startTicks,
    durationTicks: sum((run) => run.durationTicks),
    packetCount,
    startsWithSync: runs.find((run) => run.packetCount > 0)?.startsWithSync ?? false,
    dataSizeBytes: sum((run) => run.sizeBytes),
  };
}

// Flag bits of tfhd and trun, ISO/IEC 14496-12, 8.8.7 and 8.8.8.
const TFHD = { baseDataOffset: 0x1, descriptionIndex: 0x2, duration: 0x8, size: 0x10, flags: 0x20 } as const;
const TRUN = { dataOffset: 0x1, firstFlags: 0x4, duration: 0x100, size: 0x200, flags: 0x400, compositionOffset: 0x800 } as const;
const IS_NON_SYNC = 0x10000;

function readFragmentDefaults(tfhd: DataView, track: SampleDefaults): SampleDefaults {
  const present = tfhd.getUint32(0) & 0xffffff;
  if (present & TFHD.baseDataOffset) throw mismatch('A fragment points at its data by file offset: it cannot be moved.');
  let at = 8 + (present & TFHD.descriptionIndex ? 4 : 0);
  const next = (bit: number, otherwise: number | null): number | null => {
    if (!(present & bit)) return otherwise;
    at += 4;
    return tfhd.getUint32(at - 4);
  };
  return { duration: next(TFHD.duration, track.duration), sizeBytes: next(TFHD.size, track.sizeBytes), flags: next(TFHD.flags, track.flags) };
}

interface Run {
  readonly packetCount: number;
  readonly durationTicks: number;
  readonly sizeBytes: number;
  readonly startsWithSync: boolean;
}

function readRun(trun: DataView, defaults: SampleDefaults): Run {
  const present = trun.getUint32(0) & 0xffffff;
  const packetCount = trun.getUint32(4);
  const fields = [TRUN.duration, TRUN.size, TRUN.flags, TRUN.compositionOffset].filter((bit) => present & bit);
  const headerBytes = 8 + (present & TRUN.dataOffset ? 4 : 0) + (present & TRUN.firstFlags ? 4 : 0);
  const entryBytes = fields.length * 4;
  // Before any loop: a count that the box does not hold ends here. Without per-sample fields there is no loop.
  if (trun.byteLength !== headerBytes + packetCount * entryBytes) {
    throw mismatch('A run of samples has a wrong length.', { packetCount, sizeBytes: trun.byteLength });
  }
  const column = (bit: number): number | null => {
    const index = fields.indexOf(bit as (typeof fields)[number]);
    return index < 0 ? null : headerBytes + index * 4;
  };
  const total = (bit: number, fallback: number | null, what: string): number => {
    const first = column(bit);
    if (first === null) return packetCount === 0 ? 0 : packetCount * said(fallback, what);
    let sum = 0;
    for (let i = 0; i < packetCount; i += 1) sum += trun.getUint32(first + i * entryBytes);
    return sum;
  };
  const ownFlags = column(TRUN.flags);
  const firstFlags =
    present & TRUN.firstFlags ? trun.getUint32(headerBytes - 4) : ownFlags !== null && packetCount > 0 ? trun.getUint32(ownFlags) : defaults.flags;
  return {
    packetCount,
    durationTicks: total(TRUN.duration, defaults.duration, 'duration'),
    sizeBytes: total(TRUN.size, defaults.sizeBytes, 'size'),
    startsWithSync: packetCount > 0 && (said(firstFlags, 'flags') & IS_NON_SYNC) === 0,
  };
}

function said(value: number | null, what: string): number {
  if (value === null) throw mismatch(`Neither fragment nor sample says its ${what}.`);
  return value;
}
