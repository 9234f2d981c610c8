import { createRandom } from '../faults/random.js';

/** A clip of real film. */
export interface Clip {
  readonly path: string;
  readonly seconds: number;
}

interface Wanted {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly seconds: number;
  readonly seed: number;
}

/**
 * ffmpeg's argv, but for the output's name, that makes a film of `seconds` from clips: each take is one clip, cropped,
 * mirrored, recoloured and played at another speed, scaled up with Lanczos; takes follow each other until it is long
 * enough. Encoded as people's files are: x264 medium at CRF 18, open GOPs of up to 250 frames, B-frames; AAC.
 */
export function sourceArgs(wanted: Wanted, clips: readonly Clip[]): string[] {
  const takes = takesFor(wanted, clips);
  const chains = takes.flatMap((take, n) => [`[${n}:v]${videoChain(take, wanted)}[v${n}]`, `[${n}:a]${audioChain(take)}[a${n}]`]);
  const joined = `${takes.map((_, n) => `[v${n}][a${n}]`).join('')}concat=n=${takes.length}:v=1:a=1[v][a]`;
  return [
    ...['-nostdin', '-y', '-v', 'error'],
    ...takes.flatMap((take) => ['-i', take.clip.path]),
    ...['-filter_complex', [...chains, joined].join(';'), '-map', '[v]', '-map', '[a]'],
    ...encoding(wanted),
  ];
}

/** The same without clips: moving test patterns with grain. It compresses like nothing that people film. */
export function lavfiArgs(wanted: Wanted): string[] {
  const { width, height, fps, seconds, seed } = wanted;
  return [
    ...['-nostdin', '-y', '-v', 'error'],
    ...['-f', 'lavfi', '-i', `testsrc2=size=${width}x${height}:rate=${fps},noise=alls=8:allf=t:all_seed=${seed}`],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:beep_factor=4:sample_rate=48000'],
    ...encoding({ ...wanted, seconds }),
  ];
}

function encoding({ seconds, fps }: Wanted): string[] {
  return [
    ...['-c:v', 'libx264', '-preset', 'medium', '-crf', '18', '-pix_fmt', 'yuv420p', '-x264-params', 'open-gop=1:keyint=250'],
    ...['-frames:v', String(Math.round(seconds * fps)), '-t', String(seconds), '-c:a', 'aac', '-b:a', '160k', '-ac', '2', '-ar', '48000'],
    ...['-movflags', '+faststart', '-f', 'mp4'],
  ];
}

interface Take {
  readonly clip: Clip;
  readonly speed: number;
  /** Part of the picture that is kept, and where its corner lies (0–1 of what is cut away). */
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
  readonly mirrored: boolean;
  readonly hueDegrees: number;
}

/** Only faster, never slower: doubled frames would cost nothing to encode. */
const SPEEDS = [1, 1.1, 1.25, 1.5];

function takesFor(wanted: Wanted, clips: readonly Clip[]): Take[] {
  const random = createRandom(wanted.seed);
  const takes: Take[] = [];
  // One second more than is wanted: the clips' lengths are rounded.
  for (let seconds = 0; seconds < wanted.seconds + 1; ) {
    const clip = clips[takes.length % clips.length] as Clip;
    const take = {
      clip,
      speed: random.pick(SPEEDS),
      zoom: random.between(0.7, 1),
      x: random.next(),
      y: random.next(),
      mirrored: random.next() < 0.5,
      hueDegrees: Math.round(random.between(0, 360)),
    };
    takes.push(take);
    seconds += clip.seconds / take.speed;
  }
  return takes;
}

function videoChain(take: Take, { width, height, fps }: Wanted): string {
  const [zoom, x, y] = [take.zoom, take.x, take.y].map((value) => value.toFixed(3));
  // 16:9 out of the clip's 3:2 first, then the take's own piece of it.
  const crop = `crop=w=iw*${zoom}:h=iw*9/16*${zoom}:x=(iw-ow)*${x}:y=(ih-oh)*${y}`;
  return [
    `setpts=(PTS-STARTPTS)/${take.speed},fps=${fps}`,
    crop,
    ...(take.mirrored ? ['hflip'] : []),
    `hue=h=${take.hueDegrees}`,
    `scale=${width}:${height}:flags=lanczos,setsar=1,format=yuv420p`,
  ].join(',');
}

const audioChain = (take: Take): string => `asetpts=PTS-STARTPTS,atempo=${take.speed},aresample=48000,aformat=channel_layouts=stereo`;
