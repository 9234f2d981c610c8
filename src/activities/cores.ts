import pLimit from 'p-limit';

/** The ffmpeg processes that this worker runs at a time, whatever queue their work came from. */
export interface Cores {
  /** Waits for a free core, then works. An abort ends the waiting at once; once begun, `work` sees the signal by itself. */
  use<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

export function createCores(slots: number): Cores {
  const limit = pLimit(slots);
  return {
    use: <T>(signal: AbortSignal, work: () => Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        let begun = false;
        const leave = (): void => {
          if (!begun) reject(signal.reason);
        };
        const turn = async (): Promise<T> => {
          begun = true;
          signal.throwIfAborted();
          return work();
        };
        signal.addEventListener('abort', leave, { once: true });
        limit(turn)
          .then(resolve, reject)
          .finally(() => signal.removeEventListener('abort', leave));
      }),
  };
}
