import { labelsOf } from '../../src/domain/track-label.js';
import { passedOver } from '../../src/domain/track-policy.js';

test('what is passed over is said once a kind, with what it was', () => {
  const decisions = passedOver([
    { streamIndex: 2, kind: 'data', codec: 'tmcd' },
    { streamIndex: 3, kind: 'pictureSubtitle', codec: 'hdmv_pgs_subtitle' },
    { streamIndex: 4, kind: 'pictureSubtitle', codec: 'hdmv_pgs_subtitle' },
    { streamIndex: 5, kind: 'picture', codec: 'h264' },
    { streamIndex: 6, kind: 'cover', codec: 'png' },
  ]);
  expect(decisions.map(({ code }) => code)).toEqual(['COVER_IGNORED', 'VIDEO_TRACK_DROPPED', 'SUBTITLES_DROPPED', 'DATA_IGNORED']);
  expect(decisions[1]?.text).toBe('The file has more than one video track. The best one was taken, and 1 (h264) left out.');
  expect(decisions[2]?.text).toContain('(hdmv_pgs_subtitle)');
});

test('labels tell languages and roles apart, and no two are the same', () => {
  const tracks = [
    { language: 'en' },
    { language: 'de' },
    { language: 'en', role: 'commentary' as const },
    { language: 'en' },
    { language: null },
    { language: null },
    { language: 'pt-BR', forced: true },
  ];
  expect(labelsOf(tracks, 'Audio')).toEqual([
    'English',
    'German',
    'English (commentary)',
    'English 2',
    'Audio',
    'Audio 2',
    'Brazilian Portuguese (forced)',
  ]);
});
