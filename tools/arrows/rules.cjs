/**
 * The rooms and who may import whom. An arrow that is not listed for a room is forbidden, so a new room without a row
 * here fails. `types` may be imported by `import type` only.
 */
const ROOMS = {
  'src/domain': { values: [], types: [] },
  'src/media': { values: ['src/domain'], types: [] },
  'src/storage': { values: ['src/domain'], types: [] },
  'src/catalogue': { values: ['src/domain'], types: [] },
  'src/runtime': { values: ['src/domain'], types: [] },
  'src/activities': { values: ['src/domain', 'src/media', 'src/storage', 'src/catalogue'], types: [] },
  'src/workflows': { values: ['src/domain'], types: ['src/activities'] },
  'src/api': { values: ['src/domain', 'src/storage', 'src/catalogue', 'src/runtime', 'src/workflows/contract.ts', 'src/workflows/start-upload.ts', 'src/workflows/task-queues.ts'], types: [] },
  workers: {
    values: ['src/domain', 'src/media', 'src/storage', 'src/catalogue', 'src/runtime', 'src/activities', 'src/workflows'],
    types: [],
  },
  client: { values: [], types: [] },
  stack: { values: ['src/domain', 'src/workflows/contract.ts', 'client'], types: ['src/runtime'] },
  bench: { values: ['src/domain', 'src/api/limiter.ts', 'src/media', 'src/workflows/contract.ts', 'src/workflows/start-upload.ts', 'src/workflows/task-queues.ts', 'client', 'stack', 'faults'], types: ['src/activities', 'src/storage'] },
  faults: { values: ['src/domain', 'src/media', 'src/storage', 'src/activities', 'src/workflows/contract.ts', 'client', 'stack'], types: [] },
  honest: { values: ['src/domain', 'src/media', 'src/storage', 'src/activities', 'stack'], types: [] },
  hostile: { values: ['src/domain', 'src/media', 'src/storage', 'src/activities', 'stack', 'faults'], types: [] },
  fuzz: { values: ['client', 'stack', 'faults'], types: [] },
  cli: { values: ['src/domain', 'client', 'stack'], types: [] },
};

// `client` at the root only: @temporalio/client and stack/client are others.
const at = (room) => (room === 'client' ? '^client/' : room.endsWith('.ts') ? `(^|/)${room.replace('.', '[.]')}$` : `(^|/)${room}/`);
const inside = '(^|/)(src|workers|stack|faults|bench|honest|hostile|fuzz|cli)/|^client/';

const forbidden = Object.entries(ROOMS).flatMap(([room, { values, types }]) => {
  // Compiled files are what entry points load; their sources are held here.
  const self = [room, ...values].map(at).concat('(^|/)dist/').join('|');
  const named = [room, ...values, ...types].map(at).concat('(^|/)dist/').join('|');
  return [
    { name: `${room}: no such arrow`, severity: 'error', from: { path: at(room) }, to: { path: inside, pathNot: named } },
    ...(types.length > 0
      ? [{ name: `${room}: by type only`, severity: 'error', from: { path: at(room) }, to: { path: inside, pathNot: self, dependencyTypesNot: ['type-only'] } }]
      : []),
  ];
});

module.exports = {
  forbidden: [
    ...forbidden,
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'workflows stay in the sandbox',
      severity: 'error',
      from: { path: at('src/workflows') },
      to: { dependencyTypes: ['core', 'npm'], pathNot: '@temporalio/(workflow|common)', dependencyTypesNot: ['type-only'] },
    },
    { name: 'domain is pure', severity: 'error', from: { path: at('src/domain') }, to: { dependencyTypes: ['core', 'npm'] } },
    {
      name: 'fluent-ffmpeg in one file',
      severity: 'error',
      // Or what that is compiled to, where it is reached from an entry point.
      from: { pathNot: '(^|/)src/media/run-ffmpeg[.](ts|js)$' },
      to: { path: 'fluent-ffmpeg' },
    },
    {
      name: 'libraries know no Temporal',
      severity: 'error',
      from: { path: '(^|/)src/(domain|media|storage|catalogue)/' },
      to: { path: '@temporalio/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    // The package as it ships; its sources are held here.
    exclude: { path: '^client/dist/' },
    enhancedResolveOptions: { conditionNames: ['import', 'node', 'default'] },
  },
};
