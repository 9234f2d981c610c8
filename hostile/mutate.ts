import type { Random } from '../faults/random.js';
import { flatten, type Grammar, type Piece, piecesOf } from './pieces.js';

export interface Mutant {
  readonly bytes: Buffer;
  /** What was done to it, in the order in which it was done. */
  readonly how: string;
  /** Bytes were taken from its end, and nothing else was done. */
  readonly truncated: boolean;
}

type Mutation = (bytes: Buffer, grammar: Grammar, random: Random) => Buffer;

const pieceOf = (bytes: Buffer, grammar: Grammar, random: Random, fits: (piece: Piece) => boolean = () => true): Piece | null => {
  const fitting = flatten(piecesOf(grammar, bytes)).filter(fits);
  return fitting.length === 0 ? null : random.pick(fitting);
};
const whole = (random: Random, from: number, to: number): number => Math.floor(random.between(from, to));
const copy = (bytes: Buffer): Buffer => Buffer.from(bytes);

/** Numbers at which counts and sizes turn over. */
const EDGES = [0, 1, 2, 7, 8, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

function putNumber(bytes: Buffer, at: number, width: number, value: number, order: 'big' | 'little'): void {
  const fitting = width >= 6 ? value : value % 2 ** (8 * width);
  const most = Math.min(width, 6, bytes.length - at);
  if (most <= 0) return;
  if (order === 'big') bytes.writeUIntBE(fitting % 2 ** (8 * most), at, most);
  else bytes.writeUIntLE(fitting % 2 ** (8 * most), at, most);
}

const length: Mutation = (bytes, grammar, random) => {
  const made = copy(bytes);
  const piece = pieceOf(bytes, grammar, random, ({ length: field }) => field !== null);
  if (!piece?.length) return made;
  const { at, bytes: width, order } = piece.length;
  const size = piece.end - piece.start;
  const value = random.pick([...EDGES, size - 1, size + 1, size + 8, Math.floor(size / 2), size * 2]);
  if (order !== 'vint') putNumber(made, at, width, Math.max(0, value), order);
  // All ones is "unknown"; else the marker bit keeps its place.
  else if (random.next() < 0.3) made.fill(0xff, at, at + width).writeUInt8(0xff >> (width - 1), at);
  else {
    putNumber(made, at, width, Math.max(0, value), 'big');
    made[at] = (made[at] ?? 0) | (0x80 >> (width - 1));
  }
  return made;
};

/** The fields behind a header: versions, counts, time scales, offsets, sizes of pictures, all of them numbers at even places. */
const field: Mutation = (bytes, grammar, random) => {
  const made = copy(bytes);
  const small = (piece: Piece): boolean => piece.children.length === 0 && piece.end - piece.body >= 4 && piece.end - piece.body < 20_000;
  const piece = pieceOf(bytes, grammar, random, small);
  if (!piece) return made;
  const places = Math.max(1, Math.min(32, Math.floor((piece.end - piece.body) / 2) - 1));
  const at = piece.body + 2 * whole(random, 0, places);
  const value = random.next() < 0.7 ? random.pick(EDGES) : whole(random, 0, 2 ** 32);
  putNumber(made, at, random.pick([1, 2, 4]), value, random.next() < 0.8 ? 'big' : 'little');
  return made;
};

const swap: Mutation = (bytes, grammar, random) => {
  const all = flatten(piecesOf(grammar, bytes));
  if (all.length < 2) return copy(bytes);
  const [a, b] = [random.pick(all), random.pick(all)].sort((x, y) => x.start - y.start) as [Piece, Piece];
  // One that lies in the other cannot change places with it.
  if (a.end > b.start) return copy(bytes);
  const cut = (from: number, to: number): Buffer => bytes.subarray(from, to);
  return Buffer.concat([cut(0, a.start), cut(b.start, b.end), cut(a.end, b.start), cut(a.start, a.end), cut(b.end, bytes.length)]);
};

const drop: Mutation = (bytes, grammar, random) => {
  const piece = pieceOf(bytes, grammar, random);
  return piece ? Buffer.concat([bytes.subarray(0, piece.start), bytes.subarray(piece.end)]) : copy(bytes);
};

const repeat: Mutation = (bytes, grammar, random) => {
  const piece = pieceOf(bytes, grammar, random);
  if (!piece) return copy(bytes);
  const times = Array.from({ length: whole(random, 1, 40) }, () => bytes.subarray(piece.start, piece.end));
  return Buffer.concat([bytes.subarray(0, piece.end), ...times, bytes.subarray(piece.end)]).subarray(0, MOST_BYTES);
};

const rename: Mutation = (bytes, grammar, random) => {
  const made = copy(bytes);
  const all = flatten(piecesOf(grammar, bytes));
  if (all.length < 2) return made;
  const [to, from] = [random.pick(all), random.pick(all)];
  const name = (piece: Piece): [number, number] => (grammar === 'boxes' ? [piece.start + 4, piece.start + 8] : [piece.start, piece.start + 4]);
  bytes.copy(made, name(to)[0], ...name(from));
  return made;
};

const bits: Mutation = (bytes, _grammar, random) => {
  const made = copy(bytes);
  const flips = 2 ** whole(random, 0, 8);
  for (let n = 0; n < flips; n += 1) {
    const at = whole(random, 0, made.length);
    made[at] = (made[at] ?? 0) ^ (1 << whole(random, 0, 8));
  }
  return made;
};

const stretch: Mutation = (bytes, _grammar, random) => {
  const made = copy(bytes);
  const at = whole(random, 0, made.length);
  const end = Math.min(made.length, at + 2 ** whole(random, 2, 12));
  const fill = random.pick([0, 0xff, null]);
  for (let n = at; n < end; n += 1) made[n] = fill ?? whole(random, 0, 256);
  return made;
};

const truncate: Mutation = (bytes, _grammar, random) => bytes.subarray(0, whole(random, 1, bytes.length));

const MUTATIONS: Readonly<Record<string, Mutation>> = { length, field, swap, drop, repeat, rename, bits, stretch, truncate };
const MOST_BYTES = 4 * 1024 ** 2;

/** Up to three mutations; every fifth mutant is a plain truncation. */
export function mutate(bytes: Buffer, grammar: Grammar, random: Random): Mutant {
  if (random.next() < 0.2) return { bytes: truncate(bytes, grammar, random), how: 'truncate', truncated: true };
  const names = Array.from({ length: whole(random, 1, 4) }, () => random.pick(Object.keys(MUTATIONS)));
  const made = names.reduce((now, name) => (MUTATIONS[name] as Mutation)(now, grammar, random), bytes);
  return { bytes: made, how: names.join(' + '), truncated: false };
}
