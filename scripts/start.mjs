/** `npm start`: dependencies and build when they are stale, then the launcher, in this process to be quick. */
import { build } from './build.mjs';
import { prepare, ROOT } from './prepare.mjs';

prepare();
await build();
const { main } = await import('../dist/launch.js');
process.exit(await main(process.argv.slice(2), `${ROOT}dist`));
