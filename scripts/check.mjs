/** `npm run check`: types, lint, import table, generated files; all of them even when one fails. */
import { spawnSync } from 'node:child_process';
import { prepare, ROOT } from './prepare.mjs';

const CHECKS = [
  ['types', 'tsc', '-p', '.'],
  ['lint', 'biome', 'check', '--error-on-warnings', '.'],
  ['imports', 'depcruise', '--config', '.dependency-cruiser.cjs', 'src', 'bin'],
  ['documents fresh', 'node', 'scripts/generate-docs.mjs', '--check'],
  ['width table fresh', 'node', 'scripts/generate-width-table.mjs', '--check'],
];

prepare();
const failed = CHECKS.filter(([name, program, ...args]) => {
  const startedAt = performance.now();
  const file = program === 'node' ? process.execPath : `${ROOT}node_modules/.bin/${program}`;
  const { status } = spawnSync(file, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  return status !== 0;
}).map(([name]) => name);
if (failed.length > 0) console.error(`Failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
