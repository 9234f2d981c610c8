import { chunkAt } from '../../src/domain/grid.js';
import { rational } from '../../src/domain/rational.js';
import { encodeAudioArgs } from '../../src/media/audio-args.js';
import { chunkWindow } from '../../src/media/chunk-window.js';
import { DamageLog } from '../../src/media/damage-log.js';
import { encodeChunkArgs } from '../../src/media/encode-args.js';
import { FfmpegLog } from '../../src/media/ffmpeg-log.js';
import { tinyPlan } from './encode-all.js';

const FILE = { url: 'file:/in/source', protocols: 'file' };
const LIMITS =
  '-format_whitelist mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,avi' +
  ' -codec_whitelist h264,hevc,vp8,libvpx-vp8,vp9,libvpx-vp9,libdav1d,av1,mpeg4,mpeg2video,prores,mjpeg' +
  ',aac,aac_latm,mp3float,mp3,mp2float,mp2,ac3,eac3,opus,libopus,vorbis,flac,alac' +
  ',pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_u8,pcm_alaw,pcm_mulaw' +
  ' -max_streams 64 -max_pixels 36000000 -probesize 20M -analyzeduration 10M -max_alloc 134217728';
const CLEAN = '-an -sn -dn -map_metadata -1 -map_chapters -1 -fflags +bitexact -flags:v +bitexact';
const SCALE = 'flags=bicubic+accurate_rnd+bitexact,setsar=1';

const plan = tinyPlan({ rate: rational(30_000, 1001), frameCount: 70, poster: 30, video: { runInFrames: 6, runOutFrames: 12 } });

describe('the argv of a chunk', () => {
  it('of the middle seeks, has run-in and run-out, and takes tiles and poster from its own frames only', () => {
    const outputs = { rungs: ['/out/a.mp4', '/out/b.mp4'], tilesPattern: '/out/tile_%04d.jpg', poster: '/out/poster.png' };
    const argv = encodeChunkArgs({ plan, chunk: chunkAt(plan.grid, 1), input: FILE, outputs });
    const rung = (label: string, path: string): string =>
      `-map [${label}] ${CLEAN} -c:v libx264 -threads:v 1 -preset veryfast -crf 18 -maxrate 2000k -bufsize 4000k -profile:v high -pix_fmt yuv420p` +
      ' -g 12 -keyint_min 12 -sc_threshold 0 -forced-idr 1 -force_key_frames expr:gte(n,6)*not(mod(n-6,12))' +
      ' -x264-params open-gop=0:scenecut=0:fps=30000/1001:threads=1:lookahead-threads=1:sliced-threads=0' +
      ' -fps_mode passthrough -enc_time_base 1001:30000 -frames:v 42 -bsf:v setts=pts=PTS:dts=DTS:duration=if(N\\,DTS-PREV_INDTS\\,DURATION) -video_track_timescale 30000 -fragment_index 2 -output_ts_offset 0.600600' +
      ` -use_editlist 1 -movflags cmaf+frag_keyframe+frag_discont+skip_trailer+delay_moov -f mp4 ${path}`;
    expect(argv.join(' ')).toBe(
      [
        `-filter_threads 1 -filter_complex_threads 1 -threads 1 -loglevel repeat+level+warning -protocol_whitelist file ${LIMITS} -max_error_rate 0.190 -noaccurate_seek -ss 0.589478 -i file:/in/source`,
        "-filter_complex [0:0]settb=1/1000000,setpts=PTS-11122,settb=1001/30000,select='gte(print(pts,24),-1e12)',select='gte(pts,0)',trim=end_pts=42,split=4[s0][s1][s2][s3]" +
          ';[s0]zscale=160:120:filter=bicubic,setsar=1[r0];[s1]zscale=80:60:filter=bicubic,setsar=1[r1]' +
          `;[s2]select='gte(pts,12)*not(mod(pts-12,10))',scale=80:60:${SCALE}[tiles];[s3]select='eq(pts,12)',scale=160:120:${SCALE}[poster]`,
        rung('r0', '/out/a.mp4'),
        rung('r1', '/out/b.mp4'),
        `-map [tiles] ${CLEAN} -threads:v 1 -fps_mode passthrough -frames:v 2 -c:v mjpeg -q:v 3 -pix_fmt yuvj420p -start_number 0 -f image2 /out/tile_%04d.jpg`,
        `-map [poster] ${CLEAN} -threads:v 1 -fps_mode passthrough -frames:v 1 -c:v png -pix_fmt rgb24 -update 1 -f image2 /out/poster.png`,
      ].join(' '),
    );
  });

  it('of the beginning reads from the start, without run-in', () => {
    const outputs = { rungs: ['/out/a.mp4', '/out/b.mp4'], tilesPattern: null, poster: null };
    const argv = encodeChunkArgs({ plan, chunk: chunkAt(plan.grid, 0), input: FILE, outputs }).join(' ');
    expect(argv).toContain('-max_error_rate 0.222 -itsoffset 0.000001 -i file:/in/source');
    expect(argv).toContain("setpts=PTS-0,settb=1001/30000,select='gte(print(pts,24),-1e12)',select='gte(pts,0)',trim=end_pts=36,split=2[s0][s1];");
    expect(argv).toContain('expr:gte(n,0)*not(mod(n-0,12))');
    expect(argv).toContain(' -frames:v 36 ');
    expect(argv).toContain('-video_track_timescale 30000 -fragment_index 1 -output_ts_offset 0.000000');
    expect(argv).not.toMatch(/-ss |tile|poster/);
  });

  it.each([
    [2, 0, 'PTS+6256,'],
    [4, 1, 'PTS+1391,'],
  ])('of every frame of %d, in chunk %d, stands clear of the middle between two places', (keepEvery, index, shift) => {
    const thinned = {
      ...plan,
      video: { ...plan.video, constantRate: false, keepEvery },
      grid: { ...plan.grid, rate: index === 0 ? rational(60_000, 1001) : plan.grid.rate },
    };
    const outputs = { rungs: ['/out/a.mp4', '/out/b.mp4'], tilesPattern: null, poster: null };
    expect(encodeChunkArgs({ plan: thinned, chunk: chunkAt(plan.grid, index), input: FILE, outputs }).join(' ')).toContain(`setpts=${shift}`);
  });

  it('of the end has no run-out, and no picture that it does not hold', () => {
    const outputs = { rungs: ['/out/a.mp4', '/out/b.mp4'], tilesPattern: '/out/t_%04d.jpg', poster: '/out/poster.png' };
    const argv = encodeChunkArgs({ plan, chunk: chunkAt(plan.grid, 2), input: FILE, outputs }).join(' ');
    expect(argv).toContain(' -frames:v 28 ');
    expect(argv).toContain('-video_track_timescale 30000 -fragment_index 4 -output_ts_offset 1.401400');
    expect(argv).toContain("select='gte(pts,8)*not(mod(pts-8,10))'");
    expect(argv).not.toContain('poster');
  });

  it('of a source without constant rate repeats what is on screen; of an interlaced one weaves no fields', () => {
    const variable = tinyPlan({ rate: rational(25), frameCount: 70, video: { constantRate: false, deinterlace: true } });
    const outputs = { rungs: ['/out/a.mp4', '/out/b.mp4'], tilesPattern: null, poster: null };
    const argv = encodeChunkArgs({ plan: variable, chunk: chunkAt(variable.grid, 0), input: FILE, outputs }).join(' ');
    expect(argv).toContain(
      "[0:0]bwdif=mode=send_frame,settb=1/1000000,setpts=PTS-0,select='gte(print(pts*25/1000000,24),-1e12)',fps=fps=25/1:round=near:start_time=0,tpad=stop=-1:stop_mode=clone,select='gte(pts,0)',trim=end_pts=24,split=2",
    );
  });

  it.each([
    ['tolerant', '-max_error_rate 1 -err_detect ignore_err -fflags +discardcorrupt+genpts -noaccurate_seek'],
    ['concealing', '-max_error_rate 1 -err_detect ignore_err -fflags +genpts -flags:v +output_corrupt -ec guess_mvs+deblock+favor_inter -itsoffset'],
    ['remuxed', '-max_error_rate 1 -err_detect ignore_err -fflags +genpts -flags:v +output_corrupt -ec guess_mvs+deblock+favor_inter -itsoffset'],
  ] as const)('by the recipe "%s" ends at no error, and repeats a frame where one is missing', (recipe, reading) => {
    const outputs = { rungs: ['/out/a.mp4', '/out/b.mp4'], tilesPattern: null, poster: null };
    const argv = encodeChunkArgs({ plan, chunk: chunkAt(plan.grid, 1), input: FILE, recipe, outputs }).join(' ');
    expect(argv).toContain(reading);
    expect(argv).toContain(
      "select='gte(print(pts*30000/1001000000,24),-1e12)',fps=fps=30000/1001:round=near:start_time=0,tpad=stop=-1:stop_mode=clone,select='gte(pts,0)',trim=end_pts=42,",
    );
  });

  it('reads a range server by http and nothing else', () => {
    const input = { url: 'http://127.0.0.1:4000/token', protocols: 'http,tcp' };
    const outputs = { rungs: ['/out/a.mp4', '/out/b.mp4'], tilesPattern: null, poster: null };
    expect(encodeChunkArgs({ plan, chunk: chunkAt(plan.grid, 0), input, outputs }).join(' ')).toContain('-protocol_whitelist http,tcp ');
  });

  it('wants one output a rung', () => {
    const outputs = { rungs: ['/out/a.mp4'], tilesPattern: null, poster: null };
    expect(() => encodeChunkArgs({ plan, chunk: chunkAt(plan.grid, 0), input: FILE, outputs })).toThrow(RangeError);
  });
});

describe('the damage of a chunk', () => {
  /** Chunk 1 of three: 24 frames behind a run-in of 6. */
  const heard = (video: Parameters<typeof tinyPlan>[0]['video'], ...lines: string[]): DamageLog => {
    const own = tinyPlan({ rate: rational(25), frameCount: 70, video: { runInFrames: 6, ...video } });
    const log = new DamageLog(own, chunkAt(own.grid, 1));
    for (const line of lines) log.take(line);
    return log;
  };
  const places = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, n) => `[warning] ${from + n}.000000`);
  const FLAG = '[warning] http://127.0.0.1:1/x: corrupt decoded frame in stream 0';
  const MACROBLOCK = '[h264 @ 0x55d0c8] [error] error while decoding MB 4 5, bytestream -7';
  const NO_PICTURE = '[error] Error while decoding stream #0:0: Invalid data found when processing input';

  it('is not hidden by the places in what ffmpeg said at its end', () => {
    const log = new FfmpegLog(undefined);
    for (const line of [MACROBLOCK, ...places(0, 100), '[Eval @ 0x55d0c8] [warning] 7.000000', '[warning] nan']) log.take(line);
    expect(log.tail()).toBe(MACROBLOCK);
  });

  it('is none where every place is told, whatever lies around it', () => {
    const log = heard({}, '[h264 @ 0x1] [error] mmco: unref short failure', ...places(-3, 40), '[libx264 @ 0x1] [warning] slow');
    expect([log.damage(), log.said]).toEqual([{ missing: 0, concealed: 0 }, false]);
  });

  it('counts the frame that stands behind a complaint, and of two words about it only one', () => {
    const log = heard({}, ...places(0, 10), MACROBLOCK, FLAG, ...places(10, 20), FLAG, ...places(20, 36));
    expect([log.damage(), log.said]).toEqual([{ missing: 0, concealed: 2 }, true]);
  });

  it('leaves out what lies before and behind the chunk', () => {
    const log = heard({}, ...places(0, 2), FLAG, ...places(2, 30), FLAG, ...places(30, 36), FLAG);
    expect([log.damage(), log.said]).toEqual([{ missing: 0, concealed: 0 }, true]);
  });

  it('misses places of a constant rate, without a word too', () => {
    expect(heard({}, ...places(0, 12), ...places(15, 36)).damage()).toEqual({ missing: 3, concealed: 0 });
    expect(heard({}, ...places(0, 12), MACROBLOCK, NO_PICTURE, ...places(13, 36)).damage()).toEqual({ missing: 1, concealed: 0 });
  });

  it('of another rate knows as missing what a decoder could not show', () => {
    const log = heard({ constantRate: false }, ...places(0, 12), NO_PICTURE, '[warning] 14.400000', ...places(20, 40), NO_PICTURE);
    expect(log.damage()).toEqual({ missing: 1, concealed: 0 });
  });
});

describe('the window of a chunk', () => {
  const at = (video: Parameters<typeof tinyPlan>[0]['video'], index: number) => {
    const windowed = tinyPlan({ rate: rational(25), frameCount: 70, video });
    return chunkWindow(windowed, chunkAt(windowed.grid, index));
  };

  it('seeks a third of a frame early, counted from the origin', () => {
    expect(at({ originUs: 500_000 }, 0)).toMatchObject({ firstFrame: 0, seekUs: 486_668, shiftUs: 13_332 });
    expect(at({ originUs: 500_000 }, 1)).toMatchObject({ firstFrame: 24, seekUs: 1_446_667, shiftUs: 13_333 });
  });

  it('does not seek where that would be before the source begins', () => {
    expect(at({ originUs: 13_000 }, 0)).toMatchObject({ seekUs: null, shiftUs: 13_000 });
    expect(at({ originUs: 500_000, fromStart: true }, 0)).toMatchObject({ seekUs: null, shiftUs: 500_000 });
  });

  it.each([
    ['tolerant', 16_306_667, 13_333],
    ['concealing', 4_306_667, 12_013_333],
    ['remuxed', 4_306_667, 12_013_333],
  ] as const)('by the recipe "%s" begins where it finds a whole key frame', (recipe, seekUs, shiftUs) => {
    const long = tinyPlan({ rate: rational(25), frameCount: 1000, video: { runInFrames: 0 } });
    expect(chunkWindow(long, chunkAt(long.grid, 17), recipe)).toMatchObject({ seekUs, shiftUs });
  });

  it('of an MPEG-TS begins far enough before to meet a key frame', () => {
    const long = tinyPlan({ rate: rational(25), frameCount: 1000 });
    expect(chunkWindow({ ...long, format: 'mpegts' }, chunkAt(long.grid, 20))).toMatchObject({
      firstFrame: 480,
      seekUs: 7_186_667,
      shiftUs: 12_013_333,
    });
    expect(chunkWindow({ ...long, format: 'mpegts' }, chunkAt(long.grid, 12))).toMatchObject({ firstFrame: 288, seekUs: null, shiftUs: 11_520_000 });
  });

  it('keeps run-in and run-out to one GOP and inside the video', () => {
    expect(at({ runInFrames: 100, runOutFrames: 100 }, 0)).toMatchObject({ firstFrame: 0, runInFrames: 0, runOutFrames: 12, frameCount: 36 });
    expect(at({ runInFrames: 100, runOutFrames: 100 }, 1)).toMatchObject({ firstFrame: 12, runInFrames: 12, runOutFrames: 12, frameCount: 48 });
    expect(at({ runInFrames: 100, runOutFrames: 100 }, 2)).toMatchObject({ firstFrame: 36, runInFrames: 12, runOutFrames: 0, frameCount: 34 });
  });
});

it('the argv of the audio puts time 0 on video frame 0', () => {
  const audio = { streamIndex: 1, bitrateKbps: 128, channels: 2, sampleRate: 48_000, language: null, expectedDurationUs: 1 };
  const { video } = tinyPlan({ rate: rational(25), frameCount: 70, video: { originUs: 500_000 } });
  expect(encodeAudioArgs({ plan: { video }, audio, input: FILE, output: '/out/audio.mp4' }).join(' ')).toBe(
    `-filter_threads 1 -threads 1 -loglevel repeat+level+warning -protocol_whitelist file ${LIMITS} -itsoffset 0.000001 -i file:/in/source -map 0:1 -vn -sn -dn` +
      ' -map_metadata -1 -map_chapters -1 -fflags +bitexact -flags:a +bitexact' +
      ' -af asetpts=PTS-(500000/1000000)/TB,aresample=48000:async=1:first_pts=0 -c:a aac -threads:a 1 -b:a 128k -ac 2 -ar 48000' +
      ' -frag_duration 2000000 -movflags empty_moov+default_base_moof+delay_moov+skip_trailer -f mp4 /out/audio.mp4',
  );
});
