/**
 * The wall on its own terminal, over a fleet of which 1 % changes each second: processor time, memory and bytes, at three sizes.
 * The budget is 3 % of a core and 5 KiB/s; WALL_SECONDS says how long each is watched (30 unless told).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ConsolePty, type FleetSize } from './support/console-pty.ts';
import { cpuMs, residentMiB } from './support/process-cost.ts';

const FLEET: FleetSize = { environments: 50, containers: 2_000, changesPerSecond: 20 };
const SIZES = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;
const SETTLE_MS = 5_000;
const WATCH_MS = 1_000 * Number(process.env.WALL_SECONDS ?? 30);

async function watch(cols: number, rows: number, size: FleetSize): Promise<void> {
  await using wall = await ConsolePty.open(size, { args: ['wall'], cols, rows });
  await wall.seen('WALL');
  await sleep(SETTLE_MS);
  const [cpuBefore, bytesBefore, startedAt] = [cpuMs(wall.pid), wall.written, performance.now()];
  await sleep(WATCH_MS);
  const tookMs = performance.now() - startedAt;
  const share = (100 * (cpuMs(wall.pid) - cpuBefore)) / tookMs;
  const rate = (wall.written - bytesBefore) / 1.024 / tookMs;
  const fleet = size.changesPerSecond > 0 ? `${size.changesPerSecond} changes/s` : 'quiet';
  const what = `wall ${cols}x${rows}, ${size.environments}/${size.containers}, ${fleet}`;
  console.log(
    `  ${what.padEnd(44)} ${share.toFixed(2)} % of a core, ${rate.toFixed(2)} KiB/s to the terminal, ${residentMiB(wall.pid).toFixed(0)} MiB`,
  );
}

for (const [cols, rows] of SIZES) {
  await watch(cols, rows, { ...FLEET, changesPerSecond: 0 });
  await watch(cols, rows, FLEET);
}
