export { codeOf, wordsOf } from '../client/client-fault.js';

/**
 * A fault that is told in words and ends the launcher with exit code 1: what is wrong and what to do about it, no stack
 * trace. It never leaves the launcher, so it has no code of the table in domain/errors.ts.
 */
export class StackFault extends Error {
  override readonly name = 'StackFault';
}

/** What `parseArgs` of node:util says of a command line, in its first sentence. */
export const optionFault = (error: unknown): StackFault =>
  new StackFault(`${error instanceof Error ? error.message.split('. ')[0] : error}. --help lists all options.`);
