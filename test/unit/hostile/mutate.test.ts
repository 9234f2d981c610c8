import { describe, expect, it } from '@jest/globals';
import { createRandom } from '../../../faults/random.js';
import { ROWS } from '../../../hostile/cases.js';
import { mutate } from '../../../hostile/mutate.js';
import { flatten, piecesOf } from '../../../hostile/pieces.js';
import { box, u32 } from '../../../hostile/row.js';
import { manyEdits, patchedBox } from '../../../hostile/rows-headers.js';

const film = Buffer.concat([
  box('ftyp', Buffer.from('isom')),
  box('moov', box('mvhd', Buffer.alloc(100)), box('trak', box('edts', box('elst', u32(0, 1, 1000, 0, 65_536))))),
  box('mdat', Buffer.alloc(500, 7)),
]);

describe('mutants', () => {
  it('are the same for the same seed, and others for another', () => {
    const made = (seed: number) => Array.from({ length: 50 }, (_, n) => mutate(film, 'boxes', createRandom(seed + n)).bytes.toString('hex'));
    expect(made(1)).toEqual(made(1));
    expect(made(1)).not.toEqual(made(1000));
  });

  it('leave the seed as it is, and mostly change something', () => {
    const before = film.toString('hex');
    const same = Array.from({ length: 300 }, (_, n) => mutate(film, 'boxes', createRandom(n)).bytes.equals(film)).filter(Boolean);
    expect(film.toString('hex')).toBe(before);
    expect(same.length).toBeLessThan(60);
  });

  it('say truthfully that only bytes of the end are gone', () => {
    const cut = Array.from({ length: 300 }, (_, n) => mutate(film, 'boxes', createRandom(n))).filter(({ truncated }) => truncated);
    expect(cut.length).toBeGreaterThan(30);
    expect(cut.every(({ bytes }) => bytes.length < film.length && film.subarray(0, bytes.length).equals(bytes))).toBe(true);
  });
});

describe('what rows are made with', () => {
  it('finds boxes in boxes', () => {
    expect(flatten(piecesOf('boxes', film)).map(({ name }) => name)).toEqual(['ftyp', 'moov', 'mvhd', 'trak', 'edts', 'elst', 'mdat']);
  });

  it('keeps the lengths of all boxes around one that grows', () => {
    const names = (bytes: Buffer): string[] => flatten(piecesOf('boxes', bytes)).map(({ name }) => name);
    expect(names(manyEdits(film, 50))).toEqual(names(film));
    expect(manyEdits(film, 50).length).toBe(film.length + 49 * 12);
    expect(names(patchedBox(film, 'mvhd', () => Buffer.alloc(7)))).toEqual(names(film));
  });

  it('has a name for each row, once', () => {
    expect(new Set(ROWS.map(({ name }) => name)).size).toBe(ROWS.length);
    expect(ROWS.length).toBeGreaterThan(65);
  });
});
