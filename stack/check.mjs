import { bootstrap, runEntry } from './bootstrap.mjs';
import { runChecks, UNIT } from './checks.mjs';

await runEntry(async () => {
  await bootstrap({ build: false });
  return (await runChecks([UNIT])) ? 0 : 1;
});
