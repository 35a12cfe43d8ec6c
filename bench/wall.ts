/**
 * The wall on its own terminal, over a fleet that is quiet and one of which 1 % changes each second: processor time, memory and bytes
 * at three sizes. The limits are 3 % of a core and 5 KiB/s.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMs, residentMiB } from '../test/support/process-cost.ts';
import { figureOf, isQuick, report } from './report/figure.ts';
import { ConsolePty, type FleetSize } from './support/console-pty.ts';

const FLEET = { environments: 50, containers: 2_000 } as const;
const ALL_SIZES = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;
const SIZES = isQuick ? ALL_SIZES.slice(0, 1) : ALL_SIZES;
const SETTLE_MS = 3_000;
const RUNS = 5;
const WATCH_MS = isQuick ? 1_000 : 4_000;

async function watch(cols: number, rows: number, size: FleetSize): Promise<void> {
  await using wall = await ConsolePty.open(size, { args: ['wall'], cols, rows });
  await wall.seen('WALL');
  await sleep(SETTLE_MS);
  const cpu: number[] = [];
  const bytes: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const before = { cpu: cpuMs(wall.pid), bytes: wall.written };
    await sleep(WATCH_MS);
    cpu.push((100 * (cpuMs(wall.pid) - before.cpu)) / WATCH_MS);
    bytes.push((wall.written - before.bytes) / 1_024 / (WATCH_MS / 1_000));
  }
  const fleet = size.changesPerSecond > 0 ? `${size.changesPerSecond} changes/s` : 'quiet';
  const name = `wall ${cols}x${rows}, ${size.environments}/${size.containers}, ${fleet}`;
  const most = (atMost: number) => ({ limits: [{ of: 'median', atMost }] as const });
  report(figureOf(`processor, ${name}`, '% of a core', cpu, most(3)));
  report(figureOf(`to the terminal, ${name}`, 'KiB/s', bytes, most(5)));
  report(figureOf(`memory, ${name}`, 'MiB', [residentMiB(wall.pid)], most(120)));
}

for (const [cols, rows] of SIZES) {
  await watch(cols, rows, { ...FLEET, changesPerSecond: 0 });
  await watch(cols, rows, { ...FLEET, changesPerSecond: 20 });
}
