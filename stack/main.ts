import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { HELP, parseArguments } from './arguments.js';
import { doctor } from './doctor.js';
import { StackFault } from './fault.js';
import { findRoot } from './root.js';
import { runStack } from './run-stack.js';
import { createScreen } from './screen.js';

/** `npm start`. Resolves with the exit code, when everything that it started has ended. */
export async function main(argv: readonly string[]): Promise<number> {
  // A reader that goes away (npm start | head) must not take the stack down in the middle of its work.
  process.stdout.on('error', () => undefined);
  const screen = createScreen();
  const root = findRoot();
  const here = startFolder();
  const dataOf = (data: string | null): string => (data === null ? join(root, '.reelmill') : resolve(here, data));
  try {
    const wish = parseArguments(argv, availableParallelism());
    switch (wish.command) {
      case 'help':
        screen.say(HELP);
        return 0;
      case 'doctor':
        return await doctor({ root, data: dataOf(wish.data), env: process.env, say: screen.say });
      case 'run':
        return await runStack({ ...wish, data: dataOf(wish.data) }, { root, here, screen, env: process.env });
    }
  } catch (error) {
    // A fault that nobody foresaw keeps its stack trace; the others are told in words.
    if (!(error instanceof StackFault)) throw error;
    screen.say(error.message);
    return 1;
  }
}

/** Where the user stood: npm goes to the checkout's own folder before it runs a script. */
function startFolder(): string {
  return process.env.npm_lifecycle_event === 'start' && process.env.INIT_CWD ? process.env.INIT_CWD : process.cwd();
}
