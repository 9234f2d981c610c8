import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { createControlActivities, createEncoderActivities, createWebhookActivities } from '../src/activities/index.js';
import { ERROR_CODES } from '../src/domain/errors.js';
import { loadConfig } from '../src/runtime/config.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const filesUnder = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesUnder(join(folder, entry.name)) : entry.name.endsWith('.ts') ? [join(folder, entry.name)] : [],
  );
const text = (file: string): string => readFileSync(join(root, file), 'utf8');
const sources = [...filesUnder('src'), ...filesUnder('workers')];

describe('the house', () => {
  test('has its sources in sight', () => {
    expect(sources.length).toBeGreaterThan(80);
  });

  test('reads the environment in one file', () => {
    expect(sources.filter((file) => text(file).includes('process.env'))).toEqual(['src/runtime/config.ts']);
  });

  test('has no room for odds and ends', () => {
    expect(sources.filter((file) => /\/(utils?|helpers?|common|misc)[/.]/.test(file))).toEqual([]);
  });

  test('registers every activity that a workflow calls, on the worker of the queue that it is called on', () => {
    const control = Object.keys(createControlActivities({} as never));
    const encoder = Object.keys(createEncoderActivities({} as never));
    const webhooks = Object.keys(createWebhookActivities({} as never));
    const workerOf: Record<string, string[]> = { encode: encoder, inspect: encoder, courier: webhooks };
    const calls = filesUnder('src/workflows').flatMap((file) => [
      ...text(file).matchAll(/\b(control|lastLook|settle|note|heavy|walk|purge|courier|inspect|encode)(?:\([^)]*\))?\.(\w+)\(/g),
    ]);
    expect(calls.length).toBeGreaterThan(10);
    for (const [, proxy, activity] of calls) {
      expect({ activity, known: (workerOf[proxy ?? ''] ?? control).includes(activity ?? '') }).toEqual({
        activity,
        known: true,
      });
    }
  });

  test('tells every owner what to do: each code has a sentence', () => {
    for (const [code, { text: sentence }] of Object.entries(ERROR_CODES)) {
      expect({ code, sentence }).toEqual({ code, sentence: expect.stringMatching(/^[A-Z].*\.$/) });
    }
  });
});

describe('a wrong start', () => {
  test('lists every fault at once, and no secret', () => {
    const env = { DATABASE_URL: 'mysql://u:hunter2@h/d', API_PORT: '99999', S3_ENDPOINT: 'nowhere', LOG_LEVEL: 'loud' };
    expect(() => loadConfig('api', env)).toThrow(/DATABASE_URL.*API_PORT|API_PORT.*DATABASE_URL/s);
    try {
      loadConfig('api', env);
    } catch (error) {
      const { message } = error as Error;
      for (const name of Object.keys(env)) expect(message).toContain(name);
      expect(message).not.toContain('hunter2');
    }
  });

  test('an encoder has no use for a database', () => {
    expect(loadConfig('encoder', { DATABASE_URL: 'postgres://u:p@h/d' })).not.toHaveProperty('DATABASE_URL');
  });
});
