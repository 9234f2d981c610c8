import fc from 'fast-check';
import { cleanCueText } from '../../src/media/cue-text.js';
import { parseCues, placeCues, segmentCues, writeCues } from '../../src/media/webvtt.js';

const MINUTE = 60_000_000;

describe('the text of a cue', () => {
  test.each([
    ['markup that all players know stays', ['<i>Hello</i> <b>you</b>'], '<i>Hello</i> <b>you</b>'],
    ['other markup goes', ['<font color="red">Red</font> <v Bob>hi', '<script>x</script>'], 'Red hi\nx'],
    ['what is no markup is written out', ['5 < 6 & 7 > 3'], '5 &lt; 6 &amp; 7 &gt; 3'],
    ['what was written out already stays', ['a &lt;b&gt; &amp; c&nbsp;d'], 'a &lt;b&gt; &amp; c&nbsp;d'],
    ['an arrow is none', ['a --> b'], 'a --&gt; b'],
    ['control characters go', ['a\u0000b\u001b[31mc\u0085d\u2028e\ufeff'], 'ab[31mcde'],
    ['blank lines go', ['a', '  ', '', 'b'], 'a\nb'],
    ['what is open is closed, and what was never opened goes', ['<i>a <b>b</i> c</u>'], '<i>a <b>b</b></i> c'],
    ['nothing but markup is nothing', ['<i> </i>', '<c.red></c>'], ''],
  ])('%s', (_name, lines, expected) => expect(cleanCueText(lines)).toBe(expected));

  test('cleaning what is clean changes nothing, whatever it was', () => {
    const word = fc.oneof(
      fc.constantFrom('<i>', '</i>', '<b>', '</u>', '<', '>', '&', '&amp;', '-->', ' ', '\n', '\u0007', '<x y>', '</'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const once = cleanCueText(words.join('').split('\n'));
        expect(cleanCueText(once.split('\n'))).toBe(once);
        expect(once).not.toMatch(/\n\n|-->/);
      }),
      { numRuns: 500 },
    );
  });
});

describe('cues', () => {
  const vtt = [
    'WEBVTT\n',
    'intro\n00:01.000 --> 00:02.500 line:10% evil:1 align:start\nFirst\n',
    'Still first\n',
    '01:00:00.000 --> 01:00:01.000\nLater\n',
  ].join('\n');

  test('are read with their place, without their names, over blank lines', () => {
    expect(parseCues(vtt)).toEqual([
      { startUs: 1_000_000, endUs: 2_500_000, settings: 'line:10% align:start', text: 'First\nStill first' },
      { startUs: 3_600_000_000, endUs: 3_601_000_000, settings: '', text: 'Later' },
    ]);
  });

  test('are moved onto the time line of the video and cut to it', () => {
    const cue = (startS: number, endS: number) => ({ startUs: startS * 1e6, endUs: endS * 1e6, settings: '', text: 'x' });
    const placed = placeCues([cue(9, 12.0005), cue(1, 1.5), cue(0.2, 0.9), cue(3, 3), cue(11.5, 13)], {
      originUs: 1_000_000,
      durationUs: 10_000_000,
    });
    expect(placed.map(({ startUs, endUs }) => [startUs, endUs])).toEqual([
      [0, 500_000],
      [8_000_000, 10_000_000],
    ]);
  });

  test('that last over the end of a segment are in both', () => {
    const cue = { startUs: 59_000_000, endUs: 61_000_000, settings: '', text: 'x' };
    expect(segmentCues([cue], 70_000_000).map(({ cues }) => cues.length)).toEqual([1, 1]);
    expect(segmentCues([{ ...cue, endUs: MINUTE }], 70_000_000).map(({ cues }) => cues.length)).toEqual([1, 0]);
  });

  test('of a segment are those on screen in it, and what is written reads back the same', () => {
    const time = fc.integer({ min: 0, max: 200_000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(time, time)), fc.integer({ min: 1, max: 200_000_000 }), (times, durationUs) => {
        const cues = placeCues(
          times.map(([a, b]) => ({ startUs: Math.min(a, b) * 1000 + 400, endUs: Math.max(a, b) * 1000 + 700, settings: '', text: 'x' })),
          { originUs: 0, durationUs },
        );
        const segments = segmentCues(cues, durationUs);
        expect(segments.reduce((sum, segment) => sum + segment.durationUs, 0)).toBe(durationUs);
        const seen = new Set<unknown>();
        for (const segment of segments) {
          expect(segment.durationUs).toBeLessThanOrEqual(MINUTE);
          expect(parseCues(writeCues(segment.cues))).toEqual(segment.cues);
          for (const cue of segment.cues) {
            seen.add(cue);
            expect(cue.startUs < segment.startUs + segment.durationUs && cue.endUs > segment.startUs).toBe(true);
          }
        }
        expect(seen.size).toBe(cues.length);
      }),
    );
  });
});
