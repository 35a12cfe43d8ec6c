/**
 * Bundles the three programs and the launcher into dist/. Does nothing (a few ms) when no source changed.
 * Files of an older build stay for an hour, so that a program that runs still finds its lazy chunks.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from './prepare.mjs';

const DIST = `${ROOT}dist`;
const STAMP = `${DIST}/.built`;
const WATCHED = [
  'src',
  'bin',
  'scripts/build.mjs',
  'scripts/blessed-plugin.mjs',
  'scripts/commonjs.mjs',
  'package.json',
  'package-lock.json',
];
const PROGRAMS = {
  'fleet-tui': 'bin/fleet-tui.ts',
  'fleet-server': 'bin/fleet-server.ts',
  launch: 'src/launch/main.ts',
};
const AGENT = { 'fleet-agent': 'bin/fleet-agent.ts' };
const KEEP_OLD_MS = 3_600_000;
const EXTERNAL = ['@photostructure/sqlite', '@node-rs/argon2', 'term.js', 'pty.js'];
// What CommonJS packages expect to find; chunks lie one folder deeper than dist.
const BANNER = `import { createRequire as __fleetRequire } from 'node:module';
const require = __fleetRequire(import.meta.url);
const __dirname = import.meta.dirname;
const __filename = import.meta.filename;
const __fleetDist = __dirname.replace(/[\\\\/]chunks$/, '');`;

/** Builds dist/ if a source is newer than the last build; `say` hears one line when it does. */
export async function build(say = console.error) {
  const stamp = fingerprint();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) return;
  const startedAt = performance.now();
  say('Building …');
  await bundle();
  writeFileSync(STAMP, stamp);
  say(`Built in ${Math.round(performance.now() - startedAt)} ms.`);
}

async function bundle() {
  const [{ asCommonJs, SPLIT_FOR_COMMONJS }, { copyTerminfo }] = await Promise.all([
    import('./commonjs.mjs'),
    import('./blessed-plugin.mjs'),
  ]);
  const programs = await bundled(PROGRAMS, { banner: { js: BANNER } });
  const agent = await asCommonJs(await bundled(AGENT, SPLIT_FOR_COMMONJS));
  copyTerminfo(DIST);
  const written = putAll([...programs, ...agent]);
  link('fleet-agent.cjs', `${DIST}/fleet-agent.js`);
  removeOld(new Set([...written, `${DIST}/fleet-agent.js`]));
}

/** Bundles the entry points (name -> source) for dist/; resolves with esbuild's files. */
async function bundled(entryPoints, more) {
  const [{ build: esbuild }, { blessedPlugin, emptyPlugin }] = await Promise.all([
    import('esbuild'),
    import('./blessed-plugin.mjs'),
  ]);
  const { outputFiles } = await esbuild({
    absWorkingDir: ROOT,
    entryPoints,
    outdir: DIST,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    external: EXTERNAL,
    // Their other forms load their parts, or name what they export, in a way that can't be bundled.
    alias: {
      'jsonc-parser': 'jsonc-parser/lib/esm/main.js',
      '@zxcvbn-ts/core': '@zxcvbn-ts/core/dist/index.mjs',
      '@zxcvbn-ts/language-common': '@zxcvbn-ts/language-common/dist/index.mjs',
      // Of ES modules only what is used is kept: no parser. Its form for Node is CommonJS.
      yaml: `${ROOT}node_modules/yaml/browser/dist/index.js`,
    },
    plugins: [blessedPlugin, emptyPlugin],
    logLevel: 'warning',
    ...more,
  });
  return outputFiles;
}

/** Returns the paths. Chunks first: no program is ever newer than what it loads. */
function putAll(files) {
  const isProgram = ({ path }) => (dirname(path) === DIST ? 1 : 0);
  for (const file of files.sort((a, b) => isProgram(a) - isProgram(b))) put(file);
  return files.map(({ path }) => path);
}

/** Whole or not at all: a program that starts meanwhile never reads half a file. */
function put({ path, contents }) {
  mkdirSync(dirname(path), { recursive: true });
  const fresh = `${path}.${process.pid}.new`;
  writeFileSync(fresh, contents, { mode: dirname(path) === DIST ? 0o755 : 0o644 });
  renameSync(fresh, path);
}

/** All programs are started by names alike; Node takes a module for what its real name says. */
function link(to, path) {
  const fresh = `${path}.${process.pid}.new`;
  symlinkSync(to, fresh);
  renameSync(fresh, path);
}

function removeOld(current) {
  for (const folder of [DIST, `${DIST}/chunks`]) {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const path = `${folder}/${name}`;
      if (!/\.c?js(\.map|\.new)?$/.test(name) || current.has(path)) continue;
      if (Date.now() - statSync(path).mtimeMs > KEEP_OLD_MS) rmSync(path);
    }
  }
}

/** Changes with the name, size or time of any source. */
function fingerprint() {
  const hash = createHash('sha256');
  const visit = (path) => {
    const { mtimeMs, size } = statSync(ROOT + path);
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  };
  for (const path of WATCHED) {
    visit(path);
    if (/\.\w+$/.test(path)) continue;
    for (const inner of readdirSync(ROOT + path, { recursive: true }).sort())
      visit(`${path}/${inner}`);
  }
  return hash.digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build().catch((error) => {
    console.error(error.message.split('\n', 1)[0]);
    process.exitCode = 1;
  });
}
