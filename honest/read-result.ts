import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReportTrack } from '../src/domain/artefact.js';
import type { Made, PipelineTools } from './pipeline.js';
import { runTool } from './run-tool.js';
import { onsets, readSound, type Sound } from './sound.js';

/** What a player would see and hear of a published generation, read from its bytes and nothing else. */
export interface Result {
  readonly width: number;
  readonly height: number;
  /** "bt709 bt709 bt709 tv yuv420p 1:1", and what turns the picture, if anything does. */
  readonly tags: string;
  /** When each frame is shown, seconds. */
  readonly times: readonly number[];
  /** Frames that flash. */
  readonly flashes: readonly number[];
  /** Corner colours of picture, poster and first storyboard tile. */
  readonly corners: readonly (readonly [name: string, colours: readonly string[]])[];
  readonly sound: Sound | null;
  /** Seconds at which it beeps. */
  readonly beeps: readonly number[];
}

/** A track's init segment and all its segments, byte after byte: what a player puts together. */
export async function joined(made: Made, track: ReportTrack, folder: string): Promise<string> {
  const pieces = [await made.read(track.init.key)];
  for (const segment of track.segments) pieces.push(await made.read(segment.key));
  const path = join(folder, `${track.name}.mp4`);
  await writeFile(path, Buffer.concat(pieces));
  return path;
}

export async function readResult(made: Made, folder: string, tools: PipelineTools): Promise<Result> {
  const { plan, report } = made;
  const largest = report.tracks.find((track) => track.name === plan.rungs[0]?.name);
  const audio = report.tracks.find((track) => track.resolution === null);
  if (!largest) throw new Error('The report has no picture.');
  const path = await joined(made, largest, folder);
  const facts = await describe(path, tools);
  const sound = audio ? await readSound(await joined(made, audio, folder), tools) : null;
  const { tileWidth, tileHeight } = plan.images.storyboard;
  const [sheet] = report.images.sprites;
  const stills = [
    ['picture', path, facts, PICTURE] as const,
    ['poster', await stored(made, report.images.poster.key, folder), plan.images.poster, STILL] as const,
    [
      'tile',
      await stored(made, sheet?.key ?? '', folder),
      { width: tileWidth, height: tileHeight },
      `${STILL},crop=${tileWidth}:${tileHeight}:0:0`,
    ] as const,
  ];
  return {
    ...facts,
    flashes: await flashesOf(path, tools),
    corners: await Promise.all(stills.map(async ([name, file, size, filters]) => [name, await cornersOf(file, size, filters, tools)] as const)),
    sound,
    beeps: sound ? onsets(sound) : [],
  };
}

async function stored(made: Made, key: string, folder: string): Promise<string> {
  const path = join(folder, key.split('/').at(-1) ?? 'still.jpg');
  await writeFile(path, await made.read(key));
  return path;
}

interface Described {
  readonly streams: readonly (Readonly<Record<string, string | number>> & { readonly side_data_list?: readonly { readonly rotation?: number }[] })[];
  readonly packets: readonly { readonly pts_time: string }[];
}

async function describe(path: string, { ffprobe }: PipelineTools): Promise<Pick<Result, 'width' | 'height' | 'tags' | 'times'>> {
  const entries =
    'stream=width,height,pix_fmt,sample_aspect_ratio,color_primaries,color_transfer,color_space,color_range:stream_side_data=rotation:packet=pts_time';
  const json = await runTool(ffprobe, ['-v', 'error', '-select_streams', 'v', '-show_entries', entries, '-of', 'json', path]);
  const { streams, packets } = JSON.parse(json.toString('utf8')) as Described;
  const [stream = {}] = streams;
  const turned = stream.side_data_list?.map((data) => ` turned by ${data.rotation}`).join('') ?? '';
  const tags = [
    stream.color_primaries,
    stream.color_transfer,
    stream.color_space,
    stream.color_range,
    stream.pix_fmt,
    stream.sample_aspect_ratio,
  ].join(' ');
  const times = packets.map((packet) => Number(packet.pts_time)).sort((a, b) => a - b);
  return { width: Number(stream.width), height: Number(stream.height), tags: `${tags}${turned}`, times };
}

/** Mean of the middle of each frame, which is dark but for the flashes. */
async function flashesOf(path: string, { ffmpeg }: PipelineTools): Promise<number[]> {
  const middle = 'crop=floor(iw/8):floor(ih/8),scale=1:1:flags=area,format=gray';
  const args = ['-nostdin', '-v', 'error', '-i', path, '-map', '0:v', '-vf', middle, '-fps_mode', 'passthrough', '-f', 'rawvideo', '-'];
  const levels = await runTool(ffmpeg, args);
  return [...levels].flatMap((level, frame) => (level > 170 ? [frame] : []));
}

const RGB = 'flags=bicubic+accurate_rnd+full_chroma_int,format=gbrp';
const PICTURE = `scale=in_color_matrix=bt709:in_range=tv:${RGB}`;
/** A JPEG says itself what its pixels mean. */
const STILL = `scale=${RGB}`;

/** Mean colours of a small square in each corner, an eighth of the sides from the edges. */
async function cornersOf(file: string, size: { width: number; height: number }, filters: string, { ffmpeg }: PipelineTools): Promise<string[]> {
  const args = ['-nostdin', '-v', 'error', '-i', file, '-frames:v', '1', '-vf', filters, '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'];
  const raw = await runTool(ffmpeg, args);
  const { width, height } = size;
  const places = [1, 7].flatMap((y) => [1, 7].map((x) => [Math.round((x * width) / 8), Math.round((y * height) / 8)] as const));
  return places.map(([x, y]) => [0, 1, 2].map((channel) => meanAt(raw, width, x, y, channel).toString(16).padStart(2, '0')).join(''));
}

function meanAt(raw: Buffer, width: number, x: number, y: number, channel: number): number {
  let sum = 0;
  for (let dy = -2; dy <= 2; dy += 1) for (let dx = -2; dx <= 2; dx += 1) sum += raw[((y + dy) * width + x + dx) * 3 + channel] ?? 0;
  return Math.round(sum / 25);
}
