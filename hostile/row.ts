/** What a row is built with. */
export interface Kit {
  /** Runs ffmpeg and reads what it made; the last word is the name of a file in the kit's folder. */
  make(...args: readonly string[]): Promise<Buffer>;
  readonly folder: string;
  /** Of a small honest film, MP4 with its index in front. */
  readonly film: Buffer;
  /** Where nobody may ever connect: a listener of ours that counts. */
  readonly canary: { readonly port: number; readonly file: string };
}

/** One hostile file, made by a recipe. */
export interface Row {
  readonly name: string;
  /** Takes seconds to build or megabytes to hold: left out of the small run. */
  readonly heavy?: boolean;
  readonly build: (kit: Kit) => Promise<Buffer> | Buffer;
}

export const text = (words: string): Buffer => Buffer.from(words, 'utf8');

/** An ISO box. */
export function box(name: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(name, 4, 'latin1');
  return Buffer.concat([head, body]);
}

export const u32 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [n, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, 4 * n);
  return bytes;
};
