/** One process that the launcher keeps alive. */
export interface Part {
  /** Shown to the user; also the name of its log and of its row in the state file. */
  readonly name: string;
  /** Parts of one tier stop at the same time; programs before services. */
  readonly tier: 'service' | 'program';
  /** What asks it to end, and how long it may take before SIGKILL. */
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
  readonly graceMs: number;
  /** How long it may take until it is ready. */
  readonly readyMs: number;
  /** Called before every start; what it does must be safe to repeat. */
  prepare(): Promise<Launch>;
  /** Resolves when the part does its work; rejects only for a reason that waiting does not cure. */
  ready(signal: AbortSignal): Promise<void>;
}

/** Command, arguments and the whole environment of a process. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Default: the launcher's own. */
  readonly cwd?: string;
}
