import { bootstrap, ROOT, runEntry } from './bootstrap.mjs';
import { runChecks } from './checks.mjs';

await runEntry(async () => {
  await bootstrap({ build: true });
  const jestArguments = process.argv.slice(2);
  // With arguments somebody wants certain tests; without, everything is looked at.
  const checked = jestArguments.length > 0 || (await runChecks());
  const { runTests } = await import('../dist/stack/run-tests.js');
  const tested = await runTests({ root: ROOT, jestArguments });
  return checked && tested === 0 ? 0 : 1;
});
