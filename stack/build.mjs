import { bootstrap, runEntry } from './bootstrap.mjs';

await runEntry(async () => {
  await bootstrap({ build: true });
  console.log('dist/ is up to date.');
  return 0;
});
