const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.reelmill/'],
};
const project = (name, patterns, more = {}) => ({ ...base, displayName: name, testMatch: patterns.map((p) => `<rootDir>/test/${p}`), ...more });

/** unit: pure and fast · media: real ffmpeg · services: real PostgreSQL, S3, Temporal · e2e: the whole stack as users start it */
export default {
  maxWorkers: 2,
  testSequencer: '<rootDir>/stack/longest-first.mjs',
  // Modules of finished files stay in memory: a worker grew to 2 GB, and collecting that took a core.
  workerIdleMemoryLimit: '768MB',
  projects: [
    project('unit', [
      'domain/**/*.test.ts',
      'runtime/**/*.test.ts',
      'architecture.test.ts',
      'unit/**/*.test.ts',
      'bench/**/*.test.ts',
      'client/**/*.test.ts',
      'cli/*.test.ts',
      'honest/{table,sound}.test.ts',
    ]),
    project('media', ['media/**/*.test.ts', 'honest/matrix.test.ts']),
    project('services', [
      'storage/**/*.test.ts',
      'catalogue/**/*.test.ts',
      'activities/**/*.test.ts',
      'workflows/**/*.test.ts',
      'api/**/*.test.ts',
      'cli/real/**/*.test.ts',
    ]),
    project('e2e', ['e2e/**/*.test.ts', 'faults/**/*.test.ts', 'hostile/**/*.test.ts', 'stack/**/*.test.ts']),
  ],
};
