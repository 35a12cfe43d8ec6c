/**
 * Installs the dependencies of package-lock.json when node_modules does not hold them; otherwise costs a few ms.
 * Install scripts stay off: everything here works from prebuilt files, also where scripts are blocked.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const STAMP = `${ROOT}node_modules/.fleet-installed`;

/** Brings node_modules in line with package-lock.json, saying what it does; throws when npm fails. */
export function prepare(say = console.error) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 11)) {
    throw new Error(`Node ${process.versions.node} is too old: install Node 20.20 or newer.`);
  }
  const lock = readFileSync(`${ROOT}package-lock.json`, 'utf8');
  const stamp = createHash('sha256').update(lock).digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) return;
  if (!installedAlready(JSON.parse(lock))) {
    say('Installing dependencies (npm install) …');
    npmInstall();
  }
  writeFileSync(STAMP, stamp);
}

/** Whether npm's own record of node_modules lists every package that the lock wants on this platform. */
function installedAlready(lock) {
  const record = `${ROOT}node_modules/.package-lock.json`;
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(lock.packages).every(
    ([path, wanted]) =>
      path === '' || !fitsHere(wanted) || installed[path]?.version === wanted.version,
  );
}

/** An optional package that names no platform only serves one that is left out here, such as a wasm fallback. */
function fitsHere({ optional, os, cpu, libc }) {
  if (optional && !os && !cpu) return false;
  return (
    (os?.includes(process.platform) ?? true) &&
    (cpu?.includes(process.arch) ?? true) &&
    (libc?.includes(libraryHere()) ?? true)
  );
}

let library;
function libraryHere() {
  library ??= process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
  return library;
}

/** Not `npm ci`: it refuses a lock that lacks another platform's optional package; the versions are the lock's all the same. */
function npmInstall() {
  const own = process.env.npm_execpath;
  const [file, ...args] = own?.endsWith('.js') ? [process.execPath, own] : ['npm'];
  const flags = [
    'install',
    '--no-save',
    '--ignore-scripts',
    '--include=dev',
    '--no-audit',
    '--no-fund',
  ];
  const { status, error } = spawnSync(file, [...args, ...flags, '--loglevel=error'], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) {
    throw new Error(
      'npm install failed; its own words are above. Is the package registry reachable?',
      {
        cause: error,
      },
    );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) prepare();
