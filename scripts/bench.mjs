/**
 * Runs the benches: `node scripts/bench.mjs` all of them, `node scripts/bench.mjs console-cursor` the named ones.
 * A bench is a file bench/NAME.ts, bundled and run; what it starts lies in bench/programs. Figures are printed, never asserted.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { build as buildPrograms } from './build.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUT = `${ROOT}node_modules/.cache/fleet-tui-bench`;

/** What the tests start finds its files beside itself; in a bundle it would look for them in the wrong place. */
const ownPlace = {
  name: 'own-place',
  setup: (bundling) =>
    bundling.onLoad({ filter: /\/test\/support\/.*\.ts$/ }, ({ path }) => {
      const place = JSON.stringify(pathToFileURL(path).href);
      const contents = readFileSync(path, 'utf8').replaceAll('import.meta.url', place);
      return { contents, loader: 'ts' };
    }),
};

/** The terminal emulator is CommonJS, whose names an ES module can't import as ours do. */
const emulator = {
  name: 'emulator',
  setup: (bundling) =>
    bundling.onResolve({ filter: /^@xterm\// }, ({ path }) => ({
      path: fileURLToPath(import.meta.resolve(path)),
    })),
};

const namesIn = (folder) =>
  readdirSync(ROOT + folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`);

const benches = namesIn('bench').map((path) => path.slice('bench/'.length, -'.ts'.length));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !benches.includes(name));
if (unknown.length > 0) {
  console.error(`No such bench: ${unknown.join(', ')}. There are: ${benches.join(', ')}`);
  process.exit(2);
}

await buildPrograms();
await build({
  absWorkingDir: ROOT,
  entryPoints: [...namesIn('bench'), ...namesIn('bench/programs')],
  outbase: `${ROOT}bench`,
  outdir: OUT,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'warning',
  plugins: [ownPlace, emulator],
});

const [load = 0] = loadavg();
console.log(
  `Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, load ${load.toFixed(2)}`,
);
for (const name of wanted.length > 0 ? wanted : benches) {
  console.log(`\n${name}`);
  const { status } = spawnSync(process.execPath, [`${OUT}/${name}.mjs`], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
