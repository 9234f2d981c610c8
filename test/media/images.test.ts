import sharp from 'sharp';
import { composeSprite, encodePoster } from '../../src/media/images.js';

const COLOURS = ['#ff0000', '#00ff00', '#0000ff', '#ffff00', '#ff00ff'] as const;
const sheet = { columns: 2, rows: 3, tileWidth: 32, tileHeight: 18 };
const flat = (colour: string, width = 32, height = 18) => sharp({ create: { width, height, channels: 3, background: colour } });
const tiles = (count: number): Promise<Buffer[]> => Promise.all(COLOURS.slice(0, count).map((colour) => flat(colour).jpeg().toBuffer()));
const failure = expect.objectContaining({ name: 'PipelineError', code: 'IMAGES_FAILED' });

async function colourAt(jpeg: Uint8Array, left: number, top: number): Promise<string> {
  const pixel = await sharp(jpeg).extract({ left, top, width: 1, height: 1 }).raw().toBuffer();
  return `#${[...pixel].map((value) => (value > 127 ? 'ff' : '00')).join('')}`;
}

test.each([
  [1, 18],
  [2, 18],
  [3, 36],
  [5, 54],
])('%d tiles make a sheet as wide as planned and %d high, each tile in its place', async (count, height) => {
  const sprite = await composeSprite(await tiles(count), sheet);
  expect(await sharp(sprite).metadata()).toMatchObject({ format: 'jpeg', width: 64, height });
  for (let i = 0; i < count; i += 1) expect(await colourAt(sprite, (i % 2) * 32 + 16, Math.floor(i / 2) * 18 + 9)).toBe(COLOURS[i]);
});

test('the same tiles give the same bytes', async () => {
  const [first, second] = [await composeSprite(await tiles(5), sheet), await composeSprite(await tiles(5), sheet)];
  expect(Buffer.compare(Buffer.from(first), Buffer.from(second))).toBe(0);
});

test('what is no tile of the planned size is refused', async () => {
  const good = await tiles(2);
  const odd = await flat('#fff', 34, 18).jpeg().toBuffer();
  const cut = (good[0] ?? Buffer.alloc(0)).subarray(0, 250);
  for (const bad of [
    [],
    [...good, ...good, ...good, ...good],
    [...good, odd],
    [...good, Buffer.from('no picture')],
    [...good, Buffer.alloc(0)],
    [cut],
  ]) {
    await expect(composeSprite(bad, sheet)).rejects.toEqual(failure);
  }
});

test('a poster keeps its size and carries no metadata', async () => {
  const png = await flat('#336699', 640, 360)
    .withExif({ IFD0: { Copyright: 'someone' } })
    .png()
    .toBuffer();
  const poster = await encodePoster(png);
  const facts = await sharp(poster).metadata();
  expect(facts).toMatchObject({ format: 'jpeg', width: 640, height: 360 });
  expect(facts.exif).toBeUndefined();
});

test('a poster from a cut picture or from none is refused', async () => {
  const noise = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919) % 251));
  const png = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
    .png()
    .toBuffer();
  await expect(encodePoster(png.subarray(0, png.length / 2))).rejects.toEqual(failure);
  await expect(encodePoster(Buffer.from('no picture'))).rejects.toEqual(failure);
});
