import type { Part } from '../part.js';
import type { StateFile } from '../state.js';

/** What every embedded service is made from. */
export interface ServiceContext {
  /** The checkout. */
  readonly root: string;
  /** The data folder, absolute. */
  readonly data: string;
  readonly state: StateFile;
  readonly say: (line: string) => void;
  /** The launcher's own environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** An embedded service: the part to keep alive, and what others need to reach it, once it is ready. */
export interface Service {
  readonly part: Part;
  /** Variables for its clients; valid after the part was ready. */
  clientEnv(): Readonly<Record<string, string>>;
}
