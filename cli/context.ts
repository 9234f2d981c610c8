import type { ReelmillClient } from '../client/index.js';
import type { Endpoint, Surroundings } from './endpoint.js';
import type { Reporter } from './reporter.js';

/** What a command is given. */
export interface CommandContext extends Surroundings {
  readonly endpoint: Endpoint;
  readonly client: ReelmillClient;
  readonly reporter: Reporter;
  /** Where uploads that were begun are remembered. */
  readonly resumeFolder: string;
  /** Aborted at Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Resolves with the exit code. */
export type CommandRun = Promise<0 | 1>;
