/**
 * Holds the import arrows of tools/arrows/rules.cjs, and holds the checker itself: it must see the modules, and it must
 * report each deliberate fault of test/fixtures/arrows. (Beside another TypeScript it once checked nothing and exited 0.)
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tools = join(root, 'tools', 'arrows');
const LEAST_MODULES = 60;
const EXPECTED_FAULTS = [
  'src/domain: no such arrow domain/thing.ts',
  'src/media: no such arrow media/tool.ts',
  'src/workflows: by type only workflows/flow.ts',
  'workflows stay in the sandbox workflows/flow.ts',
];

if (!existsSync(join(tools, 'node_modules', 'dependency-cruiser'))) {
  console.log('arrows: installing the checker (about 10 s)');
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], tools);
}

const fixture = cruise(['test/fixtures/arrows/src']);
const seen = fixture.violations.map((violation) => `${violation.rule.name} ${violation.from.replace(/^.*arrows\/src\//, '')}`).sort();
const missed = EXPECTED_FAULTS.filter((fault) => !seen.includes(fault));
const invented = seen.filter((fault) => !EXPECTED_FAULTS.includes(fault));
if (missed.length + invented.length > 0)
  fail(`the checker is blind or wrong: missed ${JSON.stringify(missed)}, invented ${JSON.stringify(invented)}`);

const real = cruise(
  ['src', 'workers', 'stack', 'faults', 'bench', 'honest', 'hostile', 'fuzz', 'client', 'cli'].filter((room) => existsSync(join(root, room))),
);
const modules = real.modules.filter((module) => !module.coreModule && !module.source.includes('node_modules'));
if (modules.length < LEAST_MODULES) fail(`only ${modules.length} modules seen, at least ${LEAST_MODULES} expected`);
for (const violation of real.violations) console.error(`${violation.rule.name}: ${violation.from} → ${violation.to}`);
if (real.violations.length > 0) fail(`${real.violations.length} forbidden arrows`);
console.log(`arrows: ${modules.length} modules, ${real.dependencies} arrows, none forbidden; ${EXPECTED_FAULTS.length} deliberate faults found`);

function cruise(rooms) {
  const { stdout } = run(
    join(tools, 'node_modules', '.bin', 'depcruise'),
    [...rooms, '--config', join(tools, 'rules.cjs'), '--output-type', 'json'],
    root,
    true,
  );
  const { modules, summary } = JSON.parse(stdout);
  return { modules, violations: summary.violations, dependencies: summary.totalDependenciesCruised ?? 0 };
}

function run(command, args, cwd, faultsExpected = false) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (result.error) fail(`${command}: ${result.error.message}`);
  if (result.status !== 0 && !faultsExpected) fail(`${command} ${args.join(' ')} ended with ${result.status}\n${result.stderr}`);
  return result;
}

function fail(text) {
  console.error(`arrows: ${text}`);
  process.exit(1);
}
