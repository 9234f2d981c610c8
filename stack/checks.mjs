/** What `npm run check` looks at, and `npm test` before its tests: quick, no services, every step told with its time. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './bootstrap.mjs';

const bin = (name, ...path) => join(ROOT, 'node_modules', name, ...path);
const node = process.execPath;

const STEPS = [
  { name: 'format and lint', command: [node, bin('@biomejs/biome', 'bin', 'biome'), 'check', '--error-on-warnings', '.'] },
  { name: 'types', command: [node, bin('typescript', 'bin', 'tsc'), '--noEmit'] },
  { name: 'arrows', command: [node, join(ROOT, 'scripts', 'arrows.mjs')], onlyIf: join(ROOT, 'scripts', 'arrows.mjs') },
  { name: 'API description', command: [node, join(ROOT, 'scripts', 'openapi.mjs'), '--check'] },
];

export const UNIT = {
  name: 'unit tests',
  command: [node, '--experimental-vm-modules', '--no-warnings', bin('jest', 'bin', 'jest.js'), '--selectProjects', 'unit'],
};

/** Runs all steps even where one fails, so that one run shows every fault. True when all are green. */
export async function runChecks(more = []) {
  const failed = [];
  for (const step of [...STEPS, ...more]) {
    if (step.onlyIf && !existsSync(step.onlyIf)) continue;
    const started = Date.now();
    console.log(`\n- ${step.name}`);
    const [command, ...args] = step.command;
    if ((await run(command, args)) !== 0) failed.push(step.name);
    console.log(`  ${step.name}: ${failed.includes(step.name) ? 'FAILED' : 'ok'} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
  if (failed.length > 0) console.log(`\nFailed: ${failed.join(', ')}`);
  return failed.length === 0;
}
