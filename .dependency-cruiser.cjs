const { Visitor } = require('@swc/core/Visitor.js');

// swc parses `await using`, but the visitor that dependency-cruiser walks its trees with does not know the statement.
const { visitStatement } = Visitor.prototype;
Visitor.prototype.visitStatement = function (statement) {
  if (statement.type !== 'UsingDeclaration') return visitStatement.call(this, statement);
  return this.visitVariableDeclaration({ ...statement, declarations: statement.decls });
};

/** The import table of ARCHITECTURE.md: a folder, and the only folders of ours it may import. A new folder needs a row. */
const MAY_IMPORT = {
  'src/protocol': [],
  'src/link': ['src/protocol'],
  'src/docker': ['src/protocol'],
  'src/client': ['src/docker', 'src/link', 'src/protocol'],

  'src/agent': ['src/docker', 'src/link', 'src/protocol'],

  'src/server/store': ['src/protocol'],
  'src/server/fleet': ['src/server/store', 'src/docker', 'src/link', 'src/protocol'],
  'src/server/doors': ['src/server/fleet', 'src/docker', 'src/link', 'src/protocol'],
  'src/server': ['src/docker', 'src/link', 'src/protocol', 'src/server/store', 'src/server/fleet', 'src/server/doors'],

  'src/tui/model': ['src/protocol'],
  'src/tui/format': ['src/tui/model', 'src/protocol'],
  'src/tui/screens': ['src/tui/model', 'src/tui/format', 'src/protocol'],
  'src/tui/update': ['src/tui/model', 'src/tui/screens', 'src/tui/format', 'src/protocol'],
  'src/tui/widgets': ['src/tui/screens', 'src/tui/format', 'src/protocol'],
  'src/tui/commands': ['src/client', 'src/docker', 'src/tui/model', 'src/tui/format', 'src/protocol'],
  'src/tui': [
    'src/client',
    'src/tui/commands',
    'src/protocol',
    'src/tui/model',
    'src/tui/update',
    'src/tui/screens',
    'src/tui/format',
    'src/tui/widgets',
  ],

  'src/launch': ['src/client', 'src/docker', 'src/link', 'src/protocol'],
};

/** A program's own root files (main, app, …) follow the rule of the program, its inner folders their own. */
const innerFolders = (folder) =>
  Object.keys(MAY_IMPORT)
    .filter((other) => other.startsWith(`${folder}/`))
    .map((other) => `^${other}/`);

const folderRules = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: `${folder} may import ${allowed.join(', ') || 'nothing else of ours'}`,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: innerFolders(folder) },
  to: {
    path: '^src/',
    pathNot: [
      ...[folder, ...allowed].map((path) => `^${path}/`),
    ],
  },
}));

const onlyIn = (what, home, why) => ({
  name: `${what} only in ${home}`,
  comment: why,
  severity: 'error',
  from: { path: '^src/', pathNot: `^(${home})` },
  to: { path: `node_modules/(@types/)?${what}/` },
});

const pure = '^src/(protocol|tui/(model|update|screens|format))/';

module.exports = {
  forbidden: [
    ...folderRules,
    onlyIn('blessed', 'src/tui/widgets/', 'The rest of the console is tested without a terminal.'),
    onlyIn('dockerode', 'src/docker/', 'Everything else sees the Engine interface.'),
    onlyIn('kysely', 'src/server/store/', 'The fleet sees store.ts, never SQL.'),
    {
      name: 'a folder of src without a row in the table',
      severity: 'error',
      from: {},
      to: {
        path: '^src/[^/]+/',
        pathNot: Object.keys(MAY_IMPORT).map((folder) => `^${folder}/`),
      },
    },
    {
      name: 'only main.ts knows the real store',
      comment: 'fleet/ and doors/ see store.ts, sign-in-store.ts and access-store.ts; main.ts chooses what stands behind it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/server/main\\.ts$|^src/server/store/' },
      to: { path: '^src/server/store/(?!(?:sign-in-|access-)?store\\.ts)' },
    },
    {
      name: 'commands only let bytes pass to an engine',
      severity: 'error',
      from: { path: '^src/tui/commands/' },
      to: { path: '^src/docker/(?!pass-through\\.ts$)' },
    },
    {
      name: 'what the console decides and shows is pure',
      comment: 'model, update, screens and format take values and return values: no files, no sockets, no timers.',
      severity: 'error',
      from: { path: pure },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no file that nothing reaches',
      severity: 'error',
      // Declarations of packages without types are reached by the compiler alone.
      from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    { name: 'source never imports tests', severity: 'error', from: { path: '^(src|bin)/' }, to: { path: '^test/' } },
    {
      name: 'bin only starts a main',
      severity: 'error',
      from: { path: '^bin/' },
      to: { path: '^src/', pathNot: '^src/(tui|server|agent)/main\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'], conditionNames: ['import', 'types', 'node', 'require', 'default'], exportsFields: ['exports'] },
  },
};
