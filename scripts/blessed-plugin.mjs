/**
 * Makes blessed and dockerode bundle with esbuild.
 * blessed requires its widgets by computed names and reads terminfo beside its source; dockerode drags in gRPC and
 * ssh2 for things we never do (ssh:// hosts, its own BuildKit session), which triple the memory of an agent.
 */
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const require = createRequire(import.meta.url);
const TERMINFO = ['xterm', 'xterm-256color', 'linux'];
const EMPTY = ['@grpc/grpc-js', '@grpc/proto-loader', 'protobufjs', 'ssh2', 'cpu-features'];

/** esbuild plugin: static requires and a terminfo folder beside the bundle (see `copyTerminfo`). */
export const blessedPlugin = {
  name: 'blessed',
  setup(build) {
    build.onLoad({ filter: /blessed\/lib\/widget\.js$/ }, ({ path }) => {
      const [, list = ''] =
        /widget\.classes = \[([\s\S]*?)\]/.exec(readFileSync(path, 'utf8')) ?? [];
      const classes = [...list.matchAll(/'(\w+)'/g)].map(([, name]) => name);
      const lines = classes.map((name) => {
        const file = name.toLowerCase();
        return `widget['${name}'] = widget['${file}'] = require('./widgets/${file}');`;
      });
      const contents = `var widget = exports;\n${lines.join('\n')}\nwidget.classes = ${JSON.stringify(classes)};`;
      return { contents, loader: 'js', resolveDir: dirname(path) };
    });
    // Node would print its warning over the screen.
    build.onLoad({ filter: /drawille-blessed-contrib\/index\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('new Buffer(', 'Buffer.alloc('),
      loader: 'js',
    }));
    // Only for the width of a tab: whoever wants a screen must not get every widget.
    build.onLoad({ filter: /blessed\/lib\/unicode\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(
        "require('../')",
        "{ screen: require('./widgets/screen') }",
      ),
      loader: 'js',
    }));
    build.onLoad({ filter: /blessed\/lib\/(tput|widgets\/bigtext)\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(
        /__dirname \+ '(\/\.\.)+\/usr\//g,
        "__fleetDist + '/usr/",
      ),
      loader: 'js',
    }));
  },
};

/** esbuild plugin: the packages that only unused parts of dockerode need become `{}`, and zod keeps to English. */
export const emptyPlugin = {
  name: 'empty',
  setup(build) {
    // Half of zod: its messages in fifty languages, kept since `z` names them.
    build.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: 'export {};' }));
    const filter = new RegExp(`^(${EMPTY.join('|')})$`);
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: 'empty' }));
    build.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({
      contents: 'module.exports = {};',
    }));
  },
};

/** Puts the terminfo files that blessed falls back on into DIST/usr. */
export function copyTerminfo(dist) {
  const from = `${dirname(require.resolve('blessed/package.json'))}/usr`;
  mkdirSync(`${dist}/usr`, { recursive: true });
  for (const file of TERMINFO) copyFileSync(`${from}/${file}`, `${dist}/usr/${file}`);
}
