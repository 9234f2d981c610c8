import { describe, expect, test } from '@jest/globals';
import { arrivalKey, chunkManifestKey, generationOf, intakeOf, segmentKey, sourceKey, uploadIdOf } from '../../src/domain/keys.js';

describe('keys, read back', () => {
  test('a source names its upload', () => {
    expect(uploadIdOf(sourceKey('t', 'vid_1', 'upl_1'))).toBe('upl_1');
    expect(uploadIdOf(arrivalKey({ tenantId: 't', videoId: 'vid_1', id: 'upl_1' }))).toBe('upl_1');
    for (const other of ['sources/t/vid_1', 'sources/t/vid_1/upl_1/x', 'media/t/vid_1/upl_1', 'sources/t//upl_1'])
      expect(uploadIdOf(other)).toBeNull();
  });

  test('what is made of a video names its generation', () => {
    const at = { videoId: 'vid_1', generation: 12 };
    expect(generationOf(segmentKey(at, '720p', 0, 'a', 1))).toEqual(at);
    expect(generationOf(chunkManifestKey(at, 3))).toEqual(at);
    for (const other of ['media/vid_1/g0/x', 'media/vid_1/g1', 'media/vid_1/gx/y', 'sources/vid_1/g1/x']) expect(generationOf(other)).toBeNull();
  });

  test.each([
    ['intake/acme/clip.mp4', { tenantId: 'acme', name: 'clip.mp4' }],
    ['intake/acme/a b/Süd +.mov', { tenantId: 'acme', name: 'Süd +.mov' }],
    ['intake/acme/two\nlines', { tenantId: 'acme', name: 'two\nlines' }],
    ['intake/acme/folder/', null],
    ['intake/acme', null],
    ['intake//clip.mp4', null],
    ['media/acme/clip.mp4', null],
  ])('%j is the tenant’s %j', (key, place) => expect(intakeOf(key)).toEqual(place));
});
