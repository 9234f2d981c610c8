/**
 * Holds the API's description, which is made from the routes themselves, and makes the client's types from it.
 *
 *   node scripts/openapi.mjs            writes client/openapi-types.ts
 *   node scripts/openapi.mjs --check    fails where that file is stale, or where the linter finds something
 *
 * The linter is held too: it must find each of some deliberate faults.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tools = join(root, 'tools', 'openapi');
const target = join(root, 'client', 'openapi-types.ts');
const HEAD = `/** Made by scripts/openapi.mjs from the API's description; \`npm run client-types\` makes it anew. */\n`;
const FAULTS = [
  ['operation-operationId', (operation) => delete operation.operationId],
  ['operation-summary', (operation) => delete operation.summary],
  ['operation-4xx-response', (operation) => (operation.responses = { 201: operation.responses[201] })],
  ['security-defined', (operation) => delete operation.security],
];

if (!existsSync(join(tools, 'node_modules', 'openapi-typescript'))) {
  console.log('openapi: installing linter and generator (about 10 s)');
  const { status, stderr } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: tools, encoding: 'utf8' });
  if (status !== 0) fail(`npm ci ended with ${status}\n${stderr}`);
}
const { lint } = await import(pathToFileURL(join(tools, 'lint.mjs')).href);
const { types } = await import(pathToFileURL(join(tools, 'types.mjs')).href);

const document = await describedApi();
for (const [rule, spoil] of FAULTS) {
  const spoiled = structuredClone(document);
  spoil(spoiled.paths['/v1/uploads'].post);
  if (!(await lint(spoiled)).some((found) => found.startsWith(`${rule} `))) fail(`the linter is blind: it did not find ${rule}`);
}
const found = await lint(document);
for (const line of found) console.error(line);
if (found.length > 0) fail(`${found.length} faults in the API's description`);

const made = HEAD + (await types(document));
if (!process.argv.includes('--check')) writeFileSync(target, made);
else if (!existsSync(target) || readFileSync(target, 'utf8') !== made) fail('client/openapi-types.ts is stale. Run: npm run client-types');
const operations = Object.values(document.paths).flatMap((methods) => Object.keys(methods));
console.log(
  `openapi: ${operations.length} operations, ${Object.keys(document.components.schemas).length} shapes, no fault; ${FAULTS.length} deliberate faults found`,
);

/** The document of the routes as they stand in the sources, without a build and without a service. */
async function describedApi() {
  const contents = `export { describedApi } from './src/api/described-api.ts';`;
  // In a folder from which the packages are found.
  const file = join(root, 'dist', `.openapi-${process.pid}.mjs`);
  mkdirSync(dirname(file), { recursive: true });
  try {
    await build({
      stdin: { contents, resolveDir: root, loader: 'ts' },
      ...{ bundle: true, packages: 'external', platform: 'node', format: 'esm', outfile: file, logLevel: 'error' },
    });
    return JSON.parse(JSON.stringify((await import(pathToFileURL(file).href)).describedApi('0.0.0')));
  } finally {
    rmSync(file, { force: true });
  }
}

function fail(text) {
  console.error(`openapi: ${text}`);
  process.exit(1);
}
