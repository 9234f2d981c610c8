import type { ObjectStore } from '../../src/storage/object-store.js';

/** Runs an attempt that stops, as by SIGSTOP, right before it writes the first key that ends like this. */
export function asleepAt(under: ObjectStore, ending: string, run: (store: ObjectStore) => Promise<unknown>) {
  const sleep = latch();
  const woken = latch();
  const store: ObjectStore = {
    ...under,
    async put(key, body, options) {
      if (key.endsWith(ending)) {
        sleep.open();
        await woken.opened;
      }
      return under.put(key, body, options);
    },
  };
  const end = run(store);
  // An attempt that ends before it writes such a key would otherwise be waited for without end.
  const asleep = Promise.race([sleep.opened, end.then(() => Promise.reject(new Error(`It never wrote ${ending}.`)))]);
  return { ending, asleep, end, wake: woken.open };
}

function latch() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
