/** What this process knows of its streams of events, for the figures. */
export interface StreamCounts {
  open: number;
  /** Let go because their clients did not read. */
  dropped: number;
}

export const createStreamCounts = (): StreamCounts => ({ open: 0, dropped: 0 });
