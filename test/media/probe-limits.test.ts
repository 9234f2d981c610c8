import { assertDecodable } from '../../src/media/probe-limits.js';

const video = (data: { dv_profile?: number; dv_bl_signal_compatibility_id?: number; rotation?: number }) => ({
  index: 0,
  codec_name: 'hevc',
  side_data_list: [data],
});

test('Dolby Vision without a picture for other players is refused, in words', () =>
  expect(() => assertDecodable(video({ dv_profile: 5, dv_bl_signal_compatibility_id: 0 }))).toThrow(
    expect.objectContaining({ code: 'SOURCE_UNSUPPORTED', message: expect.stringContaining('Export it as HDR10, HLG or SDR.') }),
  ));

test.each([[{ dv_profile: 8, dv_bl_signal_compatibility_id: 4 }], [{ rotation: 90 }]])('%j is decoded', (data) =>
  expect(() => assertDecodable(video(data))).not.toThrow(),
);

test('a codec that is not decoded is refused', () =>
  expect(() => assertDecodable({ index: 0, codec_name: 'theora' })).toThrow(
    expect.objectContaining({ code: 'SOURCE_UNSUPPORTED', details: { codec: 'theora' } }),
  ));
