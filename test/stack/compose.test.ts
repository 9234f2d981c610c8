import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMPOSE } from '../../stack/tools/compose.js';
import { obtainTool } from '../../stack/tools/find-tool.js';
import { toolPlaces } from '../../stack/tools/places.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
let compose: string;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reelmill-compose-'));
  compose = (await obtainTool(COMPOSE, toolPlaces(root, process.env), (line) => process.stderr.write(`${line}\n`))).path;
}, 900_000);
afterAll(() => rmSync(folder, { recursive: true }));

const config = async (file: string): Promise<string> => (await promisify(execFile)(compose, ['-f', file, 'config'], { cwd: root })).stdout;

test('docker-compose.yml is valid, and encoders get no database', async () => {
  const text = await config(join(root, 'docker-compose.yml'));
  const encoder = text.slice(text.indexOf('\n  encoder:'), text.indexOf('\n  postgres:'));
  expect(encoder).toContain('TEMPORAL_ADDRESS');
  expect(encoder).not.toContain('DATABASE_URL');
}, 60_000);

test('a wrong key is refused, so the check can fail', async () => {
  const file = join(folder, 'bad.yml');
  writeFileSync(file, readFileSync(join(root, 'docker-compose.yml'), 'utf8').replace('stop_grace_period: 110s', 'stop_grace_periodd: 110s'));
  await expect(config(file)).rejects.toThrow(/stop_grace_periodd/);
}, 60_000);
