import { AsyncLocalStorage } from 'node:async_hooks';
import type { AttemptCost } from '../domain/cost.js';
import type { ObjectStore } from '../storage/object-store.js';

/** Counts what one attempt uses. Known to all that runs in it, as Temporal's own context is; elsewhere there is none. */
export interface Meter {
  /** A process begins; the result is told its processor time, ms, each time anew. */
  process(): (cpuMs: number) => void;
  /** So much of a quality was encoded. */
  encoded(name: string, ms: number): void;
  /** Whether this attempt's work is the one that stands; said by what decides it. */
  stands(won: boolean): void;
  readonly cpuMs: number;
  read(): Pick<AttemptCost, 'cpuMs' | 'bytesRead' | 'bytesWritten' | 'requests' | 'encodedMs'> & { readonly won: boolean | null };
}

const running = new AsyncLocalStorage<Meter>();
export const meter = (): Meter | undefined => running.getStore();
export const withMeter = <T>(own: Meter, work: () => Promise<T>): Promise<T> => running.run(own, work);

interface Counts {
  requests: number;
  bytesRead: number;
  bytesWritten: number;
}

/** A meter, and a store whose use it counts. */
export function openMeter(store: ObjectStore): { readonly meter: Meter; readonly store: ObjectStore } {
  const processes: number[] = [];
  const encodedMs: Record<string, number> = {};
  const counts: Counts = { requests: 0, bytesRead: 0, bytesWritten: 0 };
  let won: boolean | null = null;
  const own: Meter = {
    process() {
      const index = processes.push(0) - 1;
      return (cpuMs) => {
        processes[index] = Math.max(processes[index] ?? 0, cpuMs);
      };
    },
    encoded(name, ms) {
      encodedMs[name] = (encodedMs[name] ?? 0) + Math.round(ms);
    },
    stands(mine) {
      won = mine;
    },
    get cpuMs() {
      return processes.reduce((sum, ms) => sum + ms, 0);
    },
    read: () => ({ ...counts, cpuMs: own.cpuMs, encodedMs: { ...encodedMs }, won }),
  };
  return { meter: own, store: counted(store, counts) };
}

/** Each call is one request, as the port has them; what an adapter repeats by itself is not seen. Bodies count as the store announced them. */
function counted(store: ObjectStore, counts: Counts): ObjectStore {
  const own: Pick<ObjectStore, 'put' | 'uploadPart' | 'get'> = {
    put(key, body, options) {
      counts.bytesWritten += body.byteLength;
      return store.put(key, body, options);
    },
    uploadPart(key, multipartId, partNumber, body) {
      counts.bytesWritten += body.byteLength;
      return store.uploadPart(key, multipartId, partNumber, body);
    },
    async get(key, options) {
      const object = await store.get(key, options);
      counts.bytesRead += object?.contentLength ?? 0;
      return object;
    },
  };
  return new Proxy(store, {
    get(target, name) {
      const found: unknown = name in own ? own[name as keyof typeof own] : Reflect.get(target, name);
      if (typeof found !== 'function') return found;
      return (...args: unknown[]): unknown => {
        counts.requests += 1;
        return found.apply(target, args);
      };
    },
  });
}
