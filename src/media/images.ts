import sharp from 'sharp';
import { PipelineError } from '../domain/errors.js';
import type { ImagesPlan } from '../domain/plan.js';

/** JPEG qualities: a tile is looked at for a moment, a poster for long. */
const SPRITE_QUALITY = 75;
const POSTER_QUALITY = 82;

/**
 * One sprite sheet (JPEG) from its tiles, row by row. A sheet that is not full keeps its width and ends behind its last used row.
 * @throws PipelineError IMAGES_FAILED for no tiles, too many, or one that is not a picture of exactly the planned size
 */
export async function composeSprite(
  tiles: readonly Uint8Array[],
  sheet: Pick<ImagesPlan['storyboard'], 'columns' | 'rows' | 'tileWidth' | 'tileHeight'>,
): Promise<Uint8Array> {
  const { columns, rows, tileWidth, tileHeight } = sheet;
  if (tiles.length < 1 || tiles.length > columns * rows) throw failed(`${tiles.length} tiles for a sheet of ${columns} × ${rows}.`);
  return orFail(async () => {
    const sizes = await Promise.all(tiles.map((tile) => sharp(tile, { failOn: 'warning' }).metadata()));
    const odd = sizes.findIndex(({ width, height }) => width !== tileWidth || height !== tileHeight);
    if (odd >= 0) throw failed(`Tile ${odd} is ${sizes[odd]?.width}×${sizes[odd]?.height}, not ${tileWidth}×${tileHeight}.`);
    const canvas = { width: columns * tileWidth, height: Math.ceil(tiles.length / columns) * tileHeight, channels: 3, background: '#000' } as const;
    return sharp({ create: canvas })
      .composite(
        tiles.map((tile, i) => ({
          input: Buffer.from(tile),
          left: (i % columns) * tileWidth,
          top: Math.floor(i / columns) * tileHeight,
          failOn: 'warning',
        })),
      )
      .jpeg({ quality: SPRITE_QUALITY, mozjpeg: true })
      .toBuffer();
  });
}

/**
 * The poster (JPEG) from its lossless picture, same size. Metadata is left out.
 * @throws PipelineError IMAGES_FAILED where the bytes are no whole picture
 */
export function encodePoster(png: Uint8Array): Promise<Uint8Array> {
  return orFail(() => sharp(png, { failOn: 'warning' }).flatten({ background: '#000' }).jpeg({ quality: POSTER_QUALITY, mozjpeg: true }).toBuffer());
}

const failed = (note: string, cause?: unknown): PipelineError => new PipelineError('IMAGES_FAILED', { note, cause });

async function orFail(make: () => Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await make();
  } catch (cause) {
    throw cause instanceof PipelineError ? cause : failed(cause instanceof Error ? (cause.message.split('\n')[0]?.slice(0, 200) ?? '') : '', cause);
  }
}
