/** A fault of the command line or its surroundings: what is missing, and where to give it. Exit code 2. */
export class UsageFault extends Error {
  override readonly name = 'UsageFault';
}
