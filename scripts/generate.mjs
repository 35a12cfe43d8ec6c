/** `npm run generate`: rewrites every file that is printed from source. */
import { spawnSync } from 'node:child_process';
import { prepare, ROOT } from './prepare.mjs';

prepare();
for (const script of ['generate-docs.mjs', 'generate-width-table.mjs']) {
  const { status } = spawnSync(process.execPath, [`${ROOT}scripts/${script}`], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
