import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOk, type Row, tableOf } from './verdict.js';

/**
 * A run in a folder of its own, which goes away where every promise held. Table and figures come last, the figures as one line of
 * JSON that begins with `ok`. Resolves with the exit code.
 * @param run.keep the folder stays in any case
 */
export async function inOwnFolder(
  run: { readonly name: string; readonly keep: boolean; readonly say: (line: string) => void },
  work: (folder: string) => Promise<{ readonly rows: readonly Row[]; readonly figures: object }>,
): Promise<number> {
  const { name, keep, say } = run;
  const folder = await mkdtemp(join(tmpdir(), `reelmill-${name}-`));
  const kept = (): void => say(`Sources, logs and data are kept in ${folder}`);
  try {
    const { rows, figures } = await work(folder);
    const ok = isOk(rows);
    if (ok && !keep) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    else kept();
    say('');
    for (const line of tableOf(rows)) say(line);
    say(JSON.stringify({ ok, ...figures }));
    return ok ? 0 : 1;
  } catch (error) {
    kept();
    throw error;
  }
}
