import { type ChunkRange, videoTimescale } from '../domain/grid.js';
import type { Rung } from '../domain/ladder.js';
import { type Plan, tilesIn } from '../domain/plan.js';
import { frameTimeUs, secondsText } from '../domain/rational.js';
import type { Recipe } from '../domain/recipe.js';
import { type ChunkWindow, chunkWindow } from './chunk-window.js';
import { EVERY_LINE, inputLimitArgs, type SourceInput, UNCORRECTED_START } from './input-args.js';
import { fieldFilters, normaliseFilters, posterFilters, qualityFilters, tileFilters } from './picture-filters.js';

export interface EncodeChunkWish {
  readonly plan: Plan;
  readonly chunk: ChunkRange;
  readonly input: SourceInput;
  /** Absent: `normal`. */
  readonly recipe?: Recipe;
  readonly outputs: {
    /** One path a rung, in the order of `plan.rungs`. */
    readonly rungs: readonly string[];
    /** `…/tile_%04d.jpg`, numbered from 0: the chunk's n-th storyboard tile. null leaves them out. */
    readonly tilesPattern: string | null;
    /** One PNG, written only where the chunk holds the poster's frame. null leaves it out. */
    readonly poster: string | null;
  };
}

/**
 * The finished argv (behind the program's name) that encodes one chunk: one decode, all rungs, each into one
 * fragmented MP4 whose fragments are GOPs on the whole video's time line; tiles and poster from the same frames.
 * Chunks of one rung share their header byte for byte, so their fragments join by plain concatenation.
 * @throws RangeError where there is not one output path a rung
 */
export function encodeChunkArgs(wish: EncodeChunkWish): string[] {
  const { plan, chunk, outputs } = wish;
  if (outputs.rungs.length !== plan.rungs.length) throw new RangeError(`${outputs.rungs.length} outputs for ${plan.rungs.length} rungs`);
  const window = chunkWindow(plan, chunk, wish.recipe);
  const pictures = picturesOf(wish, window);
  const branches = [...plan.rungs.map((rung, i) => `${qualityFilters(plan.video, rung)}[r${i}]`), ...pictures.map((picture) => picture.branch)];
  return [
    // Threads pinned to 1: the same bytes every time, and one process a core needs no more.
    ...['-filter_threads', '1', '-filter_complex_threads', '1', '-threads', '1'],
    ...EVERY_LINE,
    ...inputArgs(wish, window),
    ...[
      '-filter_complex',
      [gridChain(plan, window, branches.length, wish.recipe ?? 'normal'), ...branches.map((branch, i) => `[s${i}]${branch}`)].join(';'),
    ],
    ...plan.rungs.flatMap((rung, i) =>
      rungArgs(plan, chunk, window, {
        rung,
        label: `r${i}`,
        path: outputs.rungs[i] as string,
      }),
    ),
    ...pictures.flatMap((picture) => picture.args),
  ];
}

function inputArgs(wish: EncodeChunkWish, window: ChunkWindow): string[] {
  return [
    ...inputLimitArgs(wish.input.protocols),
    ...readingArgs(wish.recipe ?? 'normal', window),
    // Frames between the key frame that the seek finds and the chunk's first frame are dropped on the exact grid (see
    // gridChain), not on ffmpeg's rounded clock; and of a slow source the one that is still on screen is needed.
    ...(window.seekUs === null ? UNCORRECTED_START : ['-noaccurate_seek', '-ss', secondsText(window.seekUs)]),
    ...['-i', wish.input.url],
  ];
}

function readingArgs(recipe: Recipe, window: ChunkWindow): string[] {
  // Damage beyond this ends in exit code 69. A few frames are always allowed: a seek into an open GOP cannot decode its leading ones.
  if (recipe === 'normal') return ['-max_error_rate', Math.min(1, Math.max(0.05, 8 / window.frameCount)).toFixed(3)];
  const tolerant = ['-max_error_rate', '1', '-err_detect', 'ignore_err'];
  if (recipe === 'tolerant') return [...tolerant, '-fflags', '+discardcorrupt+genpts'];
  // Parts of a picture that were lost are guessed from what moves around them.
  return [...tolerant, '-fflags', '+genpts', '-flags:v', '+output_corrupt', '-ec', 'guess_mvs+deblock+favor_inter'];
}

/**
 * Source frames onto the grid: a frame's time stamp becomes its number, counted from the window's first frame; what lies
 * before that is dropped. Where a seek came too late the output starts late, and is refused.
 */
function gridChain(plan: Plan, window: ChunkWindow, branchCount: number, recipe: Recipe): string {
  const { video, grid } = plan;
  const { num, den } = grid.rate;
  const backUs = window.shiftUs - thinningUs(plan);
  return [
    `[0:${video.streamIndex}]${[...fieldFilters(video), 'settb=1/1000000'].join(',')}`,
    `setpts=PTS${backUs < 0 ? '+' : '-'}${Math.abs(backUs)}`,
    ...(video.constantRate && recipe === 'normal'
      ? // The clock ticks once a frame, and each time is rounded to a tick: every frame once, never one repeated, so that one that is missing is missed.
        [`settb=${den}/${num}`, toldPlaces('pts')]
      : // Repeats and drops. The last frame may be on screen for long, even over whole chunks: it is repeated without end, as `trim` ends it.
        // Nothing lies before the video's beginning, so what cannot be decoded there is filled with the first frame that can.
        [
          toldPlaces(`pts*${num}/${den * 1_000_000}`),
          `fps=fps=${num}/${den}:round=near${window.firstFrame === 0 || recipe !== 'normal' ? ':start_time=0' : ''}`,
          'tpad=stop=-1:stop_mode=clone',
        ]),
    "select='gte(pts,0)'",
    // Every branch has to be told its end: one that waits for a frame of a picture which it has got would ask for ever.
    `trim=end_pts=${window.frameCount}`,
    ...normaliseFilters(plan),
    `split=${branchCount}${Array.from({ length: branchCount }, (_, i) => `[s${i}]`).join('')}`,
  ].join(',');
}

/** Writes the place of every frame that comes out of the decoder into the log, as a warning: see damage-log. It lets all of them pass. */
const toldPlaces = (place: string): string => `select='gte(print(${place},24),-1e12)'`;

/**
 * Every second or fourth frame is kept by letting the later ones round up to the next place, whose own frame comes last
 * and wins. A frame just in the middle would fall either way, by a microsecond: three eighths of a place up none does.
 */
function thinningUs({ video, grid }: Plan): number {
  return video.keepEvery ? Math.round((375_000 * grid.rate.den) / grid.rate.num) : 0;
}

const NO_EXTRAS = ['-an', '-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1', '-fflags', '+bitexact', '-flags:v', '+bitexact'];

function rungArgs(plan: Plan, chunk: ChunkRange, window: ChunkWindow, output: { rung: Rung; label: string; path: string }): string[] {
  const { rate, gopFrames } = plan.grid;
  const { rung } = output;
  const gop = String(gopFrames);
  return [
    ...['-map', `[${output.label}]`, ...NO_EXTRAS],
    ...['-c:v', 'libx264', '-threads:v', '1', '-preset', plan.video.preset],
    ...['-crf', String(rung.crf), '-maxrate', `${rung.maxrateKbps}k`, '-bufsize', `${rung.bufsizeKbps}k`],
    // Colour tags come with the frames: see picture-filters.
    ...['-profile:v', 'high', '-pix_fmt', 'yuv420p'],
    ...['-g', gop, '-keyint_min', gop, '-sc_threshold', '0', '-forced-idr', '1'],
    // n counts from the run-in's first frame; key frames fall on the chunk's first frame and every GOP from there, the run-out's first included.
    ...['-force_key_frames', `expr:gte(n,${window.runInFrames})*not(mod(n-${window.runInFrames},${gop}))`],
    ...['-x264-params', `open-gop=0:scenecut=0:fps=${rate.num}/${rate.den}:threads=1:lookahead-threads=1:sliced-threads=0`],
    // The grid is the clock: ffmpeg neither repeats nor drops, and one frame is a whole number of ticks.
    ...['-fps_mode', 'passthrough', '-enc_time_base', `${rate.den}:${rate.num}`, '-frames:v', String(window.frameCount)],
    // The last frame has none behind it to measure its length by, and would take it from the rate that the source claims, which may be another.
    ...['-bsf:v', 'setts=pts=PTS:dts=DTS:duration=if(N\\,DTS-PREV_INDTS\\,DURATION)'],
    ...['-video_track_timescale', String(videoTimescale(rate))],
    // The run-in is one fragment before the chunk's own first one.
    ...['-fragment_index', String(Math.max(1, Math.floor(chunk.startFrame / gopFrames) + (window.runInFrames > 0 ? 0 : 1)))],
    // The place on the whole video's time line. Microseconds are exact enough: a track has at most a million ticks a second.
    ...['-output_ts_offset', secondsText(frameTimeUs(window.firstFrame, rate))],
    // frag_discont keeps that offset; delay_moov and the edit list keep B-frames in time; without skip_trailer an index follows.
    ...['-use_editlist', '1', '-movflags', 'cmaf+frag_keyframe+frag_discont+skip_trailer+delay_moov', '-f', 'mp4', output.path],
  ];
}

interface Picture {
  readonly branch: string;
  readonly args: readonly string[];
}

function picturesOf(wish: EncodeChunkWish, window: ChunkWindow): Picture[] {
  const { chunk, outputs } = wish;
  const { video, images } = wish.plan;
  const { poster, storyboard } = images;
  const pictures: Picture[] = [];
  const tiles = tilesIn(storyboard, chunk);
  const image = (label: string, count: number): string[] => [
    ...['-map', `[${label}]`, ...NO_EXTRAS, '-threads:v', '1', '-fps_mode', 'passthrough', '-frames:v', String(count)],
  ];
  if (outputs.tilesPattern !== null && tiles.count > 0) {
    const firstTileAt = tiles.first * storyboard.intervalFrames - window.firstFrame;
    const size = { width: storyboard.tileWidth, height: storyboard.tileHeight };
    pictures.push({
      branch: `select='gte(pts,${firstTileAt})*not(mod(pts-${firstTileAt},${storyboard.intervalFrames}))',${tileFilters(video, size)}[tiles]`,
      args: [
        ...image('tiles', tiles.count),
        '-c:v',
        'mjpeg',
        '-q:v',
        '3',
        '-pix_fmt',
        'yuvj420p',
        '-start_number',
        '0',
        '-f',
        'image2',
        outputs.tilesPattern,
      ],
    });
  }
  if (outputs.poster !== null && poster.frame >= chunk.startFrame && poster.frame < chunk.startFrame + chunk.frameCount) {
    pictures.push({
      branch: `select='eq(pts,${poster.frame - window.firstFrame})',${posterFilters(video, poster)}[poster]`,
      args: [...image('poster', 1), '-c:v', 'png', '-pix_fmt', 'rgb24', '-update', '1', '-f', 'image2', outputs.poster],
    });
  }
  return pictures;
}
