/**
 * A fault that is told in words and ends the launcher with exit code 1: what is wrong and what to do about it, no stack
 * trace. It never leaves the launcher, so it has no code of the table in domain/errors.ts.
 */
export class StackFault extends Error {
  override readonly name = 'StackFault';
}

/** The words of anything that was thrown. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Node's code of a system error, such as ENOENT; empty where there is none. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
