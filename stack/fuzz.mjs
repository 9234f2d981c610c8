import { bootstrap, runEntry } from './bootstrap.mjs';

await runEntry(async () => {
  await bootstrap({ build: true });
  const { main } = await import('../dist/fuzz/main.js');
  return main(process.argv.slice(2));
});
