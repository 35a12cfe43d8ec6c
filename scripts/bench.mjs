/** `npm run bench [-- NAME...]`: bundles each program of bench/ as the real ones are, and runs them one after the other. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { bundleInto } from './build.mjs';
import { prepare, ROOT } from './prepare.mjs';

const FOLDER = `${ROOT}dist/bench`;

prepare();
const wanted = process.argv.slice(2);
const names = readdirSync(`${ROOT}bench`)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .filter((name) => wanted.length === 0 || wanted.includes(name));
if (names.length === 0) throw new Error('No such bench; see the files of bench/.');
await bundleInto(FOLDER, Object.fromEntries(names.map((name) => [name, `bench/${name}.ts`])));
for (const name of names) {
  console.log(`\n${name}`);
  const { status } = spawnSync(process.execPath, [`${FOLDER}/${name}.js`], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
