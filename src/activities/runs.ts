/** What activities may do to workflows that run: end them. */
export interface Runs {
  /** false where it has ended, or never was. */
  isRunning(workflowId: string): Promise<boolean>;
  /** Asks it to take back what it can and to end. Ended, or never was: nothing happens. */
  cancel(workflowId: string): Promise<void>;
  /** Ends it as it stands. Ended, or never was: nothing happens. */
  terminate(workflowId: string, reason: string): Promise<void>;
}
