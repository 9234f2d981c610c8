import { z } from 'zod';

const schema = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  numRuntimeErrorTestSuites: z.number(),
});

/** "N passed, N failed[, N skipped]" from jest's JSON result. A file that could not be run counts as one failure. */
export function summaryOf(json: string): string {
  const result = schema.parse(JSON.parse(json));
  const skipped = result.numPendingTests + result.numTodoTests;
  return `${result.numPassedTests} passed, ${result.numFailedTests + result.numRuntimeErrorTestSuites} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

export function hasPassed(json: string): boolean {
  return schema.parse(JSON.parse(json)).success;
}
