import { createMemoryObjectStore } from '../../src/storage/memory-object-store.js';
import { describeObjectStore } from '../contract/object-store.js';
import { refusal, sha256 } from '../contract/object-store-harness.js';

describeObjectStore('memory', async () => {
  const store = createMemoryObjectStore({ pageSize: 3 });
  await store.prepareBucket({ corsOrigins: ['*'] });
  return { store, pageSize: 3, putPart: store.putPart, postForm: store.postForm, close: () => store.ping() };
});

describe('memory object store', () => {
  const body = Buffer.from('x');
  const put = (store: ReturnType<typeof createMemoryObjectStore>, key: string) =>
    store.put(key, body, { contentType: 'text/plain', sha256: sha256(body) });

  it.each([
    ['below', 'a/b', 'a/b/c'],
    ['above', 'a/b/c', 'a/b'],
  ])('refuses a key %s another key, as file-backed servers do', async (_case, first, second) => {
    const store = createMemoryObjectStore();
    await put(store, first);
    await put(store, first);
    expect((await refusal(put(store, second))).code).toBe('INTERNAL');
    expect((await store.list('')).objects.map((object) => object.key)).toEqual([first]);
  });

  it('keeps its own copy of the bytes', async () => {
    const store = createMemoryObjectStore();
    const mine = Buffer.from('before');
    await store.put('k', mine, { contentType: 'text/plain', sha256: sha256(mine) });
    mine.fill('!');
    const object = await store.get('k');
    expect(await object?.body.toArray()).toEqual([Buffer.from('before')]);
  });
});
