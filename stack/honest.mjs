import { bootstrap, runEntry } from './bootstrap.mjs';

await runEntry(async () => {
  await bootstrap({ build: true });
  // It would say at each run that Node 20 ends in 2027.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const { main } = await import('../dist/honest/main.js');
  return main(process.argv.slice(2));
});
