import { PipelineError } from '../domain/errors.js';

/**
 * Runs a process's main function and sets its exit code. An expected fault (a wrong configuration) is one line on
 * stderr; anything else keeps its stack.
 */
export async function runProcess(name: string, main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    process.exitCode = 1;
    if (error instanceof PipelineError) process.stderr.write(`${name}: ${error.code}: ${error.message}\n`);
    else process.stderr.write(`${name}: ${error instanceof Error ? error.stack : String(error)}\n`);
    // Handles of half-made connections would keep a process alive that does nothing.
    setTimeout(() => process.exit(1), 500).unref();
  }
}
