/** What `npm run check` looks at, and `npm test` before its tests: quick, no services, every step told with its time. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runHeld } from './bootstrap.mjs';

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

/** Most steps are one thread: two at a time. What a step says is shown when it has ended. */
const AT_ONCE = 2;

/** Runs all steps even where one fails, so that one run shows every fault. True when all are green. */
export async function runChecks(more = []) {
  const failed = [];
  const left = [...STEPS, ...more].filter((step) => !step.onlyIf || existsSync(step.onlyIf));
  const work = async () => {
    for (let step = left.shift(); step; step = left.shift()) {
      const started = Date.now();
      const [command, ...args] = step.command;
      const { code, output } = await runHeld(command, args);
      if (code !== 0) failed.push(step.name);
      console.log(`\n- ${step.name}\n${output.trimEnd()}`);
      console.log(`  ${step.name}: ${code === 0 ? 'ok' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (failed.length > 0) console.log(`\nFailed: ${failed.join(', ')}`);
  return failed.length === 0;
}
