import { damageFindings, damageReport, packetDecisions, toleratedFrames } from '../../src/domain/damage.js';
import type { ErrorCode } from '../../src/domain/errors.js';
import { nextStep, RECIPES, type Recipe, type Tried, triedText, verdictOf } from '../../src/domain/recipe.js';
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

test('frames that are not there are told, and many of them are a reason to refuse', () => {
  expect(packetDecisions({}, 200)).toEqual([]);
  const told = '8 of the 200 frames that its header counts are not there.';
  const becomes = 'The film is shorter by what is not there, and its sound may be early or late.';
  expect(packetDecisions({ lost: 8 }, 192)).toEqual([{ code: 'SOURCE_DAMAGED', text: `The file is damaged: ${told} ${becomes}` }]);
  expect(() => packetDecisions({ lost: 12 }, 188)).toThrow(expect.objectContaining({ code: 'SOURCE_DAMAGED' }));
  expect(packetDecisions({ lost: 12 }, 188, 'publish')).toHaveLength(1);
  expect(packetDecisions({ broken: 3 }, 200)).toEqual([
    {
      code: 'SOURCE_DAMAGED',
      text: 'The file is damaged: 3 packets of about 200 came broken or were lost. What they showed is repeated or made up.',
    },
  ]);
});

describe('a damaged piece', () => {
  const tried = (recipe: Recipe, code: ErrorCode, damagedFrames: number | null = null): Tried => ({ recipe, code, movesOn: true, damagedFrames });
  const broken = tried('normal', 'ENCODE_MISMATCH');
  const refuse = { remuxed: false, policy: 'refuse' } as const;
  const publish = { remuxed: false, policy: 'publish' } as const;

  test('is tried in one way after the other', () => {
    expect(nextStep([broken], refuse)).toEqual({ recipe: 'tolerant', settle: false });
    expect(nextStep([broken, tried('tolerant', 'SOURCE_DAMAGED', 30)], refuse)).toEqual({ recipe: 'concealing', settle: false });
    const three = [broken, tried('tolerant', 'SOURCE_DAMAGED', 30), tried('concealing', 'SOURCE_DAMAGED', 20)];
    expect(nextStep(three, refuse)).toEqual({ recipe: 'remuxed', settle: false });
    expect(nextStep(three, { ...refuse, remuxed: true })).toBeNull();
  });

  test('is taken as the best way made it where its tenant publishes such, once, and never where no way made any', () => {
    const all = [tried('normal', 'SOURCE_DAMAGED', 40), tried('tolerant', 'SOURCE_DAMAGED', 20), tried('concealing', 'SOURCE_DAMAGED', 20)];
    const ended = [...all, tried('remuxed', 'ENCODE_FAILED')];
    expect(nextStep(ended, refuse)).toBeNull();
    expect(nextStep(ended, publish)).toEqual({ recipe: 'tolerant', settle: true });
    expect(nextStep([...ended, tried('tolerant', 'ENCODE_FAILED')], publish)).toBeNull();
    const none = RECIPES.map((recipe) => tried(recipe, 'ENCODE_FAILED'));
    expect(nextStep(none, publish)).toBeNull();
    expect(triedText(none.slice(0, 2))).toBe('Tried: normal (ENCODE_FAILED), tolerant (ENCODE_FAILED).');
  });

  test('is not tried otherwise where nobody saw damage, nor where the world is at fault', () => {
    expect(nextStep([{ ...broken, movesOn: false }], publish)).toBeNull();
    expect(nextStep([broken, { ...tried('tolerant', 'STORAGE_UNAVAILABLE'), movesOn: false }], publish)).toBeNull();
    expect(nextStep([broken, { ...tried('tolerant', 'ENCODE_FAILED'), movesOn: false }], publish)).toEqual({ recipe: 'concealing', settle: false });
  });

  test('ends as its best piece did, and as the last try where that is no matter of its content or of what was settled for', () => {
    const made = tried('tolerant', 'SOURCE_DAMAGED', 20);
    expect(verdictOf([broken, made, tried('concealing', 'ENCODE_FAILED')])).toBe(made);
    expect(verdictOf([broken, tried('tolerant', 'ENCODE_FAILED')])).toMatchObject({ recipe: 'tolerant' });
    expect(verdictOf([broken, made, { ...tried('concealing', 'STORAGE_UNAVAILABLE'), movesOn: false }])).toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
    });
    expect(verdictOf([broken, made, tried('tolerant', 'ENCODE_STALLED')])).toMatchObject({ code: 'ENCODE_STALLED' });
  });

  test('is told with how much and where', () => {
    const pieces = [
      { chunk: 0, recipe: 'normal', missing: 0, concealed: 0 },
      { chunk: 1, recipe: 'normal', missing: 0, concealed: 2 },
      { chunk: 4, recipe: 'tolerant', missing: 5, concealed: 0 },
    ] as const;
    const report = damageReport(pieces);
    expect(report).toEqual({ missing: 5, concealed: 2, pieces: pieces.slice(1) });
    expect(damageFindings(report, 1500)).toEqual([
      {
        code: 'SOURCE_DAMAGED',
        text: 'The file is damaged: 7 of 1500 frames are damaged (5 missing, 2 made up in part by the decoder). They are in 2 pieces, most in piece 5. What follows one may look wrong for a moment.',
      },
    ]);
    expect(damageFindings(damageReport(pieces.slice(0, 1)), 1500)).toEqual([]);
    expect([toleratedFrames(75), toleratedFrames(1500)]).toEqual([8, 75]);
  });
});
