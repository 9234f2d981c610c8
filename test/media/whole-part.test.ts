import { type PacketFacts, WholePart } from '../../src/media/whole-part.js';

/** Frames at 1 µs each, by (decode, show) time in the order of the file. */
const taken = (...packets: (readonly [decodeUs: number | null, timeUs: number | null])[]): (number | null)[] => {
  const found: (number | null)[] = [];
  const part = new WholePart((packet: PacketFacts) => void found.push(packet.timeUs));
  for (const [decodeUs, timeUs] of packets) part.add({ decodeUs, timeUs, durationUs: 1, sizeBytes: 1, discarded: false });
  part.end();
  return found;
};

test('a late frame whose earlier neighbours are missing does not count, nor does the last packet', () => {
  // I0 P4 B2 B1 B3 | P8 B6 …: shown 0–4 is whole once B3 is there; P8 is shown only behind frames that are missing.
  expect(taken([-2, 0], [-1, 4], [0, 2], [1, 1], [2, 3], [3, 8], [4, 6])).toEqual([0, 2, 1, 3]);
});

test('packets in the order in which they are shown all count but the last', () => {
  expect(taken([0, 0], [1, 1], [2, 2])).toEqual([0, 1]);
  expect(taken([null, 0], [null, 1], [null, 2])).toEqual([0, 1]);
});

test('long before the end nothing is held back or lost', () => {
  const packets = Array.from({ length: 500 }, (_, n) => [n, n] as const);
  expect(taken(...packets)).toEqual(packets.slice(0, -1).map(([, timeUs]) => timeUs));
});

test('of one packet nothing is whole', () => expect(taken([0, 0])).toEqual([]));
