/** What Node needs to do nothing: the floor under every program of ours. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { residentMiB } from '../../test/support/process-cost.ts';
import { type Figure, figureOf, report } from '../report/figure.ts';

const RUNS = 5;
const SETTLE_MS = 500;

/** Measures the resident memory of an idle Node five times and reports it. */
export async function reportBareNode(): Promise<Figure> {
  const memory: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const env = { ...process.env, NODE_OPTIONS: '' };
    const script = 'console.log("up"); setInterval(() => {}, 1e6)';
    const child = spawn(process.execPath, ['-e', script], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout, 'data');
    await sleep(SETTLE_MS);
    memory.push(residentMiB(child.pid as number));
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  }
  return report(figureOf('bare Node', 'MiB', memory, { better: 'none' }));
}
