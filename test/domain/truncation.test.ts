import { endDecisions, heldText } from '../../src/domain/truncation.js';

const video = { durationUs: 12_340_000 };

test('a source that is cut is published with how much of it there is', () => {
  const truncation = { heldUs: 12_340_000, declaredUs: 60_000_000 };
  expect(endDecisions({ video, truncation })).toEqual([
    { code: 'SOURCE_TRUNCATED', text: 'The file ends before it should. 12.3 of 60.0 s of it are there. What is whole is published.' },
  ]);
  expect(heldText({ heldUs: 1_000_000, declaredUs: null })).toBe('1.0 s of it are there.');
});

test('one whose kind does not say where it ends says so, and any other says nothing', () => {
  expect(endDecisions({ video, openEnd: true })).toEqual([
    { code: 'OPEN_END', text: 'The file does not say where it ends: all 12.3 s that it holds are published.' },
  ]);
  expect(endDecisions({ video })).toEqual([]);
});
