import { PassThrough, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BodyGuard, guardBody } from '../../src/storage/guarded-body.js';

const read = async (source: Readable, guard: Partial<BodyGuard> = {}): Promise<string> => {
  let text = '';
  for await (const piece of guardBody(source, { expectedBytes: null, idleMs: 10_000, ...guard })) text += String(piece);
  return text;
};

describe('a guarded body', () => {
  it.each([
    ['as many bytes as were promised', 4],
    ['as many as come, where nothing was promised', null],
  ])('passes on %s', async (_case, expectedBytes) => {
    expect(await read(Readable.from([Buffer.from('01'), Buffer.from('23')]), { expectedBytes })).toBe('0123');
  });

  it.each([
    ['fewer bytes', 5],
    ['more bytes', 3],
  ])('ends with an error where %s came than were promised', async (_case, expectedBytes) => {
    await expect(read(Readable.from([Buffer.from('0123')]), { expectedBytes })).rejects.toThrow(`4 of ${expectedBytes} bytes`);
  });

  it('ends with an error where the source is closed without an end', async () => {
    const source = new PassThrough();
    source.write('01');
    setTimeout(() => source.destroy(), 20);
    await expect(read(source)).rejects.toThrow('closed after 2 bytes');
  });

  it('ends with an error after a silence while the reader waits, and stops the source', async () => {
    const source = new PassThrough();
    source.write('01');
    await expect(read(source, { idleMs: 30 })).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(source.destroyed).toBe(true);
  });

  it('lets a slow source take its time as long as something comes', async () => {
    const source = Readable.from(
      (async function* () {
        for (let n = 0; n < 6; n += 1) {
          await sleep(40);
          yield Buffer.from(String(n));
        }
      })(),
    );
    expect(await read(source, { idleMs: 150, expectedBytes: 6 })).toBe('012345');
  });

  it('keeps a failure until somebody reads, and shows it as the caller wants it', async () => {
    const source = new PassThrough();
    const body = guardBody(source, { expectedBytes: 4, idleMs: 10_000, translate: (error) => new Error('translated', { cause: error }) });
    source.destroy(new Error('reset'));
    await sleep(20);
    await expect(body.toArray()).rejects.toThrow('translated');
  });

  it('hands over what came before the failure', async () => {
    const source = new PassThrough();
    const pieces: string[] = [];
    const body = guardBody(source, { expectedBytes: 4, idleMs: 10_000 });
    source.write('01');
    setTimeout(() => source.destroy(new Error('reset')), 20);
    const reading = (async () => {
      for await (const piece of body) pieces.push(String(piece));
    })();
    await expect(reading).rejects.toThrow('reset');
    expect(pieces).toEqual(['01']);
  });

  it('stops the source when the reader goes', async () => {
    const source = new PassThrough();
    guardBody(source, { expectedBytes: null, idleMs: 10_000 }).destroy();
    await sleep(1);
    expect(source.destroyed).toBe(true);
  });

  it('ends with the reason of an abort, also of one that came before', async () => {
    const reason = new Error('enough');
    await expect(read(new PassThrough(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 20);
    await expect(read(new PassThrough(), { signal: controller.signal })).rejects.toBe(reason);
  });
});
