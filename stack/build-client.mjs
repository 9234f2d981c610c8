/** Compiles the package @reelmill/client to client/dist: ESM with types, and nothing of an earlier build. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, ROOT, run, runEntry } from './bootstrap.mjs';

await runEntry(async () => {
  await bootstrap({ build: false, say: (line) => console.error(line) });
  rmSync(join(ROOT, 'client', 'dist'), { recursive: true, force: true });
  return await run(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', join(ROOT, 'client', 'tsconfig.json')]);
});
