import type { Picture } from './decide-plan.js';
import type { Grid } from './grid.js';
import type { ImagesPlan } from './plan.js';
import { toNumber } from './rational.js';

const POSTER_AT = 0.1;
const POSTER_MAX_WIDTH = 1280;
/** A tile of 16:9 is 240 × 136; other shapes get about the same area, so that a sheet weighs about the same. */
const TILE_AREA = 240 * 135;
const TILE_MIN_WIDTH = 160;
const TILE_MAX_WIDTH = 320;
const TILE_MAX_HEIGHT = 640;
const MAX_TILES = 250;
const MAX_ACROSS = 10;

/** Which frames become pictures, and how large. One tile a second, fewer for videos above some four minutes. */
export function decideImages(picture: Picture, grid: Grid): ImagesPlan {
  const fps = toNumber(grid.rate);
  const intervalFrames = Math.max(1, Math.ceil(Math.max(fps, grid.frameCount / MAX_TILES) - 1e-6));
  const tileCount = Math.ceil(grid.frameCount / intervalFrames);
  const columns = Math.min(MAX_ACROSS, tileCount);
  const posterWidth = Math.min(POSTER_MAX_WIDTH, picture.width);
  return {
    poster: {
      frame: Math.min(grid.frameCount - 1, Math.floor(grid.frameCount * POSTER_AT)),
      width: evenDown(posterWidth),
      height: evenDown((picture.height * posterWidth) / picture.width),
    },
    storyboard: {
      ...{ intervalFrames, tileCount, ...tileSize(picture) },
      ...{ columns, rows: Math.min(MAX_ACROSS, Math.ceil(tileCount / columns)) },
    },
  };
}

function tileSize(picture: Picture): { tileWidth: number; tileHeight: number } {
  const aspect = picture.width / picture.height;
  const wanted = Math.min(TILE_MAX_WIDTH, Math.max(TILE_MIN_WIDTH, Math.sqrt(TILE_AREA * aspect)));
  // Only a strip of a picture is narrower than the least width: a sheet must stay below the 65 535 lines of a JPEG.
  const width = Math.min(wanted, TILE_MAX_HEIGHT * aspect);
  return { tileWidth: even(width), tileHeight: even(width / aspect) };
}

const even = (value: number): number => Math.max(2, 2 * Math.round(value / 2));
const evenDown = (value: number): number => Math.max(2, 2 * Math.floor(value / 2));
