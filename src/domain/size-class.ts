/** What a chunk needs of a machine, by the pixels that are decoded: memory, mostly. Each class is a task queue. */
export const SIZE_CLASSES = ['small', 'medium', 'large'] as const;
export type SizeClass = (typeof SIZE_CLASSES)[number];

/**
 * Largest picture of a class, pixels. Measured: a 1080p source with three rungs takes about 350 MiB in one ffmpeg; memory
 * goes with the picture, so `small` fits into 512 MiB and `medium` (up to 1440p) into 1 GiB.
 */
const MAX_PIXELS: readonly (readonly [SizeClass, number])[] = [
  ['small', 1280 * 720],
  ['medium', 2560 * 1440],
];

export function sizeClassFor(picture: { readonly width: number; readonly height: number }): SizeClass {
  const pixels = picture.width * picture.height;
  return MAX_PIXELS.find(([, most]) => pixels <= most)?.[0] ?? 'large';
}

/** Where work goes that ran out of memory or time; null at the top. */
export function nextSizeClass(size: SizeClass): SizeClass | null {
  return SIZE_CLASSES[SIZE_CLASSES.indexOf(size) + 1] ?? null;
}
