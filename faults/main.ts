import { StackFault } from '../stack/fault.js';
import { HELP, parseFaultArguments } from './arguments.js';
import { kills } from './kills.js';
import { parseUploadsArguments, UPLOADS_HELP } from './uploads/arguments.js';
import { UPLOADER } from './uploads/client-process.js';
import { uploads } from './uploads/uploads.js';

/** `npm run faults`. Resolves with the exit code, when everything that it started has ended. */
export async function main(argv: readonly string[]): Promise<number> {
  const say = (line: string): void => console.log(line);
  try {
    if (argv[0] === 'uploads' && !argv.includes('--help')) return await uploads(parseUploadsArguments(argv.slice(1), UPLOADER), say);
    const wish = parseFaultArguments(argv);
    if (wish !== null) return await kills(wish, say);
    say(HELP + UPLOADS_HELP);
    return 0;
  } catch (error) {
    // A fault that nobody foresaw keeps its stack trace; the others are told in words.
    if (!(error instanceof StackFault)) throw error;
    say(error.message);
    return 1;
  }
}
