import { StackFault } from '../stack/fault.js';
import { abandoned } from './abandoned.js';
import { parseAbandonedArguments } from './abandoned-arguments.js';
import { HELP, parseFaultArguments } from './arguments.js';
import { damages } from './damages.js';
import { parseDeletesArguments } from './delete-arguments.js';
import { deletes } from './deletes.js';
import { kills } from './kills.js';
import { parseTruncationsArguments } from './truncation-arguments.js';
import { truncations } from './truncations.js';
import { parseUploadsArguments, UPLOADS_HELP } from './uploads/arguments.js';
import { UPLOADER } from './uploads/client-process.js';
import { uploads } from './uploads/uploads.js';

/** `npm run faults`. Resolves with the exit code, when everything that it started has ended. */
export async function main(argv: readonly string[]): Promise<number> {
  const say = (line: string): void => console.log(line);
  try {
    const [command, ...rest] = argv;
    if (command === 'uploads' && !rest.includes('--help')) return await uploads(parseUploadsArguments(rest, UPLOADER), say);
    if (command === 'deletes' && !rest.includes('--help')) return await deletes(parseDeletesArguments(rest), say);
    if (command === 'abandoned' && !rest.includes('--help')) return await abandoned(parseAbandonedArguments(rest), say);
    if (command === 'truncations' && !rest.includes('--help')) {
      const cut = parseTruncationsArguments(rest);
      return await (cut.damage ? damages(cut, say) : truncations(cut, say));
    }
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
