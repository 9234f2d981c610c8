import type { Plan } from '../domain/plan.js';
import { frameTimeUs } from '../domain/rational.js';

/**
 * WebVTT that tells a player which tile to show when: one cue a tile, without gaps from 0 to the video's end. Times
 * are those of the frames on the exact grid, rounded to the format's milliseconds once each, so that a cue ends where the next begins.
 * @param spriteUri sheet number → reference relative to the VTT file
 */
export function storyboardVtt(
  plan: Pick<Plan, 'grid' | 'images'>,
  spriteUri: (sheet: number) => string = (sheet) => `sprite_${String(sheet).padStart(3, '0')}.jpg`,
): string {
  const { storyboard } = plan.images;
  const { rate, frameCount } = plan.grid;
  const perSheet = storyboard.columns * storyboard.rows;
  const startMs = (tile: number): number => Math.round(frameTimeUs(tile * storyboard.intervalFrames, rate) / 1000);
  // Rounded up, so that the last moment of the video has a tile too.
  const endMs = Math.ceil(frameTimeUs(frameCount, rate) / 1000);
  const cues = Array.from({ length: storyboard.tileCount }, (_, tile) => {
    const until = tile === storyboard.tileCount - 1 ? endMs : startMs(tile + 1);
    const place = tile % perSheet;
    const x = (place % storyboard.columns) * storyboard.tileWidth;
    const y = Math.floor(place / storyboard.columns) * storyboard.tileHeight;
    const area = `#xywh=${x},${y},${storyboard.tileWidth},${storyboard.tileHeight}`;
    return `${clock(startMs(tile))} --> ${clock(until)}\n${spriteUri(Math.floor(tile / perSheet))}${area}\n`;
  });
  return ['WEBVTT\n', ...cues].join('\n');
}

/** "01:02.003"; from an hour on "01:01:02.003". */
function clock(ms: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60];
  const rest = `${two(minutes)}:${two(Math.floor(ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`;
  return hours > 0 ? `${two(hours)}:${rest}` : rest;
}
