export { codeOf, wordsOf } from '../client/client-fault.js';

/**
 * A fault that is told in words and ends the launcher with exit code 1: what is wrong and what to do about it, no stack
 * trace. It never leaves the launcher, so it has no code of the table in domain/errors.ts.
 */
export class StackFault extends Error {
  override readonly name = 'StackFault';
}
