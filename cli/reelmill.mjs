#!/usr/bin/env node
import { bootstrap, runEntry } from '../stack/bootstrap.mjs';

await runEntry(async () => {
  // What people see goes to stderr: stdout may be read by a program.
  await bootstrap({ build: true, say: (line) => console.error(line) });
  const { main } = await import('../dist/cli/main.js');
  return main(process.argv.slice(2));
});
