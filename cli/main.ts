import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClientFault, createClient } from '../client/index.js';
import { StackFault } from '../stack/fault.js';
import { findRoot } from '../stack/root.js';
import { type CliWish, parseCli, USAGE } from './arguments.js';
import { cancelUpload } from './cancel-upload.js';
import type { CommandContext, CommandRun } from './context.js';
import { doctor } from './doctor.js';
import { downloadVideo } from './download-video.js';
import { findEndpoint } from './endpoint.js';
import { runGenerations } from './generations.js';
import { runKeys } from './keys.js';
import { listVideos } from './list-videos.js';
import { createReporter } from './reporter.js';
import { resumeFolder } from './resume-folder.js';
import { runReview } from './review.js';
import { quoted, showStatus } from './show-status.js';
import { onStop } from './stop-signal.js';
import { runTenants } from './tenants.js';
import { uploadFiles } from './upload-files.js';
import { UsageFault } from './usage-fault.js';

/** `reelmill`. Resolves with the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  // A reader that goes away (reelmill list | head) ends the output, not the upload.
  process.stdout.on('error', () => undefined);
  const root = findRoot();
  const wish = parseCli(argv, versionOf(root));
  if (wish.command === 'say') {
    (wish.exitCode === 0 ? process.stdout : process.stderr).write(`${wish.text}\n`);
    return wish.exitCode;
  }
  const stop = onStop();
  const reporter = createReporter(wish.json, { out: process.stdout, err: process.stderr });
  const around = { env: process.env, here: process.cwd(), root, reporter, signal: stop.signal };
  try {
    if (wish.command === 'doctor') return await doctor(wish, around);
    const endpoint = findEndpoint(wish, around);
    const onTrouble = (why: string): void => reporter.say(`The API at ${endpoint.baseUrl} does not answer (${why}); it is asked again …`);
    const client = createClient({ ...endpoint, patienceMs: wish.patienceMs, onTrouble });
    return await run(wish, { ...around, endpoint, client, resumeFolder: resumeFolder(process.env) });
  } catch (error) {
    reporter.settle();
    if (stop.exitCode !== null) {
      process.stderr.write(`${stoppedWords(wish, argv)}\n`);
      return stop.exitCode;
    }
    if (error instanceof UsageFault) {
      process.stderr.write(`${error.message}\n`);
      return USAGE;
    }
    if (!(error instanceof ClientFault || error instanceof StackFault)) throw error;
    const code = error instanceof ClientFault ? error.code : 'STACK_FAULT';
    if (wish.json) process.stdout.write(`${JSON.stringify({ event: 'failed', code, message: error.message })}\n`);
    else process.stderr.write(`${code}: ${error.message}\n`);
    return 1;
  } finally {
    stop.close();
  }
}

function run(wish: Exclude<CliWish, { command: 'say' | 'doctor' }>, context: CommandContext): CommandRun {
  switch (wish.command) {
    case 'upload':
      return uploadFiles(wish, context);
    case 'status':
      return showStatus(wish.id, context);
    case 'list':
      return listVideos(wish, context);
    case 'cancel':
      return cancelUpload(wish.id, context);
    case 'download':
      return downloadVideo(wish, context);
    case 'reprocess':
    case 'rollback':
    case 'generations':
      return runGenerations(wish, context);
    case 'keys':
      return runKeys(wish, context);
    case 'tenants':
      return runTenants(wish, context);
    case 'review':
      return runReview(wish, context);
  }
}

/** The key is left out: it would stand in the terminal's history and log once more. */
function stoppedWords(wish: CliWish, argv: readonly string[]): string {
  if (wish.command !== 'upload') return 'Stopped.';
  const key = argv.indexOf('--key');
  const words = argv.filter((word, index) => !word.startsWith('--key=') && !(key >= 0 && (index === key || index === key + 1)));
  return `Stopped. What is sent stays; go on where it was with\n  reelmill ${words.map(quoted).join(' ')}`;
}

function versionOf(root: string): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}
