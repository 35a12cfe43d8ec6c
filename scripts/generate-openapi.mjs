/**
 * Writes docs/openapi.json from the server's table of routes and the schemas of what they read. `--check` writes nothing and exits
 * 1 when the file is not what would be written.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ENTRY = `
import { openApi } from './src/server/doors/openapi.ts';
import { ROUTE_BODIES } from './src/server/doors/route-bodies.ts';
import { restRoutes } from './src/server/doors/routes.ts';
// Routes only hold on to the services; none is asked while the table is made.
const nothing = new Proxy(() => nothing, { get: () => nothing });
const routes = restRoutes(nothing);
const known = new Set(routes.map(({ method, path }) => method + ' ' + path));
export const strangers = Object.keys(ROUTE_BODIES).filter((name) => !known.has(name));
export const description = openApi(routes);
`;

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}node_modules/.cache/fleet-tui`;
mkdirSync(folder, { recursive: true });
const outfile = `${folder}/openapi-${process.pid}.mjs`;
await build({
  stdin: { contents: ENTRY, resolveDir: root, loader: 'ts' },
  bundle: true,
  outfile,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'error',
});
const { description, strangers } = await import(pathToFileURL(outfile).href);
const target = new URL('../docs/openapi.json', import.meta.url);
const fresh = `${JSON.stringify(description, null, 2)}\n`;
const isFresh = () => {
  try {
    return readFileSync(target, 'utf8') === fresh;
  } catch {
    return false;
  }
};
if (strangers.length > 0) {
  console.error(`Bodies of routes that are not there: ${strangers.join(', ')}`);
  process.exitCode = 1;
} else if (!process.argv.includes('--check')) {
  writeFileSync(target, fresh);
} else if (!isFresh()) {
  console.error('docs/openapi.json is not fresh: run npm run generate');
  process.exitCode = 1;
}
