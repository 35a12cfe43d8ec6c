/**
 * `npm test`: dependencies, build, real engines, every test (or those of the paths given), and proof that nothing is left.
 * The last line is always `N passed, N failed, N skipped`; the exit status is 0 only when something ran and all passed.
 */
import { fork, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { findLeaks, toldSize } from './leaks.mjs';
import { cleanUp } from './left-behind.mjs';
import { prepare, ROOT } from './prepare.mjs';

const INSTALLED = ['old', 'new', 'podman', 'proxies', 'syslog'];
const told = mkdtempSync(join(tmpdir(), 'fleet-told-'));
const mark = `t${randomBytes(2).toString('hex').slice(0, 3)}`;

/** Fails with the rig's own words when this machine cannot run an engine: such a run must not look like a pass. */
function installEngines() {
  const { status } = spawnSync(`${ROOT}test/rig/install`, INSTALLED, { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('No real engine can run on this machine; the reason is above.');
}

/** Counts of the run: { passed, failed, skipped }; a run that broke off counts as one failure. */
async function runTests(paths) {
  const child = fork(fileURLToPath(new URL('test-run.mjs', import.meta.url)), paths, {
    cwd: ROOT,
    env: { ...process.env, FLEET_TEST_RUN: mark, FLEET_TEST_TOLD: told },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const passOn = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, passOn);
  let counts;
  child.on('message', (message) => {
    counts = message;
  });
  const status = await new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  if (counts) return counts;
  console.error(`The test run broke off (exit status ${status}).`);
  return { passed: 0, failed: 1, skipped: 0 };
}

/** A secret in what the programs printed is a failure of the run. */
function judged(counts) {
  const leaks = findLeaks(told);
  const { programs, bytes, secrets } = toldSize(told);
  rmSync(told, { recursive: true, force: true });
  const size = `${Math.round(bytes / 1024)} KiB of ${programs} programs, ${secrets} secrets`;
  if (leaks.length === 0) {
    console.log(`No secret was printed (${size}).`);
    return counts;
  }
  console.log([`SECRETS WERE PRINTED by the programs (${size}):`, ...leaks].join('\n  '));
  return { ...counts, failed: counts.failed + 1 };
}

/** The console's limits, measured while nothing else runs; a gross breach is a failure of the run. */
function checkLimits(counts) {
  const benches = ['console-fleet', 'console-cursor', 'wall'];
  const { status } = spawnSync(
    process.execPath,
    [`${ROOT}scripts/bench.mjs`, ...benches, '--quick', '--check'],
    { cwd: ROOT, env: { ...process.env, FLEET_TEST_RUN: mark }, stdio: ['ignore', 1, 2] },
  );
  if (status === 0) return { ...counts, passed: counts.passed + 1 };
  console.log("THE CONSOLE'S LIMITS DON'T HOLD, or could not be measured; the figures are above.");
  return { ...counts, failed: counts.failed + 1 };
}

async function everything(paths) {
  try {
    prepare();
    await build();
    installEngines();
  } catch (error) {
    console.error(error);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const tested = judged(await runTests(paths));
  const isWhole = paths.length === 0 && tested.passed > 0;
  const counts = isWhole ? checkLimits(tested) : tested;
  const left = await cleanUp(mark);
  if (left.length === 0) {
    console.log('Nothing is left running.');
    return counts;
  }
  console.log(['LEFT RUNNING by the tests (ended now):', ...left].join('\n  '));
  return { ...counts, failed: counts.failed + 1 };
}

const { passed, failed, skipped } = await everything(process.argv.slice(2));
if (passed + failed === 0) console.log('NO TEST RAN.');
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
