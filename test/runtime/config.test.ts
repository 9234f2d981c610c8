import { loadConfig } from '../../src/runtime/config.js';

const api = { DATABASE_URL: 'postgres://u:p@h/d', UPLOAD_TOKEN_SECRET: 'x'.repeat(32) };

test('the API has no secret of its own making: it must be given one', () => {
  expect(() => loadConfig('api', { DATABASE_URL: api.DATABASE_URL })).toThrow(/UPLOAD_TOKEN_SECRET: at least 32 characters.*it is not set/);
});

test('secrets are a list, each long enough, and never shown', () => {
  expect(loadConfig('api', api).UPLOAD_TOKEN_SECRET).toEqual(['x'.repeat(32)]);
  expect(loadConfig('api', { ...api, UPLOAD_TOKEN_SECRET: `${'a'.repeat(40)}, ${'b'.repeat(32)}` }).UPLOAD_TOKEN_SECRET).toEqual([
    'a'.repeat(40),
    'b'.repeat(32),
  ]);
  for (const short of ['hunter2', `${'a'.repeat(40)},hunter2`, `${'a'.repeat(40)},`]) {
    let said = '';
    try {
      loadConfig('api', { ...api, UPLOAD_TOKEN_SECRET: short });
    } catch (error) {
      said = String(error);
    }
    expect(said).toMatch(/UPLOAD_TOKEN_SECRET: each at least 32 characters.*got "…"/);
    expect(said).not.toContain('hunter2');
  }
});
