/**
 * Runs the benches: `node scripts/bench.mjs` all of them, `node scripts/bench.mjs console` a group, `… console-cursor` one.
 * A bench is a file bench/NAME.ts, bundled and run; what it starts lies in bench/programs. Options: see docs/benchmarks.md.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
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

/** What goes together under one name; a bench that is in no group is one by itself. */
const GROUPS = {
  console: ['console-fleet', 'console-cursor', 'peers', 'wall'],
};
const OPTIONS = ['--quick', '--check', '--profile'];

const benches = namesIn('bench').map((path) => path.slice('bench/'.length, -'.ts'.length));
const given = process.argv.slice(2);
const options = given.filter((word) => word.startsWith('--'));
const wanted = given
  .filter((word) => !options.includes(word))
  .flatMap((word) => GROUPS[word]?.filter((name) => benches.includes(name)) ?? [word]);
const unknown = [
  ...wanted.filter((name) => !benches.includes(name)),
  ...options.filter((word) => !OPTIONS.includes(word)),
];
if (unknown.length > 0) {
  const known = [...Object.keys(GROUPS), ...benches, ...OPTIONS].join(', ');
  console.error(`No such bench: ${unknown.join(', ')}. There are: ${known}`);
  process.exit(2);
}

await buildPrograms();
const rig = spawnSync(`${ROOT}test/rig/install`, ['new'], { stdio: ['ignore', 2, 2] });
if (rig.status !== 0)
  console.error('No real engine can run on this machine: what needs one will fail.');
await build({
  absWorkingDir: ROOT,
  entryPoints: [...namesIn('bench'), ...namesIn('bench/programs'), 'bench/report/run.ts'],
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

const names = wanted.length > 0 ? wanted : benches;
const { status } = spawnSync(process.execPath, [`${OUT}/report/run.mjs`, ...names, ...options], {
  cwd: ROOT,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
