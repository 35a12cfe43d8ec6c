/** `fleet-tui stats` on a real engine: measured once, with the same filter grammar as the other commands. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatCores } from '../../../src/tui/format/amounts.ts';
import { Closing } from '../../support/closing.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { type TuiHome, tuiHome } from '../../support/fleet-tui.ts';

const closing = new Closing();
let engine: TestEngine;
let home: TuiHome;
const stats = (...args: string[]) =>
  home.run('--docker', `unix://${engine.socketPath}`, 'stats', ...args);

beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'stats' }));
  home = closing.use(await tuiHome());
  const loop = 'while :; do :; done';
  await engine.docker('run', '-d', '-m', '64m', '--name', 'busy-1', 'busybox', 'sh', '-c', loop);
  await engine.docker('run', '-d', '--name', 'calm', 'busybox', 'sleep', '1000');
  await engine.docker('create', '--name', 'idle', 'busybox');
}, 60_000);
afterAll(() => closing.close());

describe('stats', () => {
  it('tells CPU and memory of what runs as JSON', async () => {
    const { stdout, stderr, code } = await stats('--json');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const all = JSON.parse(stdout) as Record<string, number>[];
    expect(all.map(({ name }) => name)).toEqual(['busy-1', 'calm']);
    const [busy, calm] = all;
    expect(busy?.cpuCores).toBeGreaterThan(0.02);
    expect(busy).toMatchObject({ memoryLimitBytes: 64 << 20, pids: 1 });
    expect(calm?.cpuCores).toBeLessThan(busy?.cpuCores ?? 0);
  });

  it('is a table, or lines of fields, of what the filter leaves', async () => {
    const table = await stats('name:busy');
    expect(table.stdout).toMatch(
      /^ENVIRONMENT +NAME +CPU +MEM \/ LIMIT +MEM %.*\n\S+ +busy-1 +[\d.]+% +/,
    );
    expect(table.stdout.split('\n')).toHaveLength(3);
    const plain = await stats('name:calm', '--plain');
    expect(plain.stdout).toMatch(/^\S+\tcalm\t[\d.]+%\t[\d.]+[KM] \/ [\d.]+G\t/);
  });

  it.each([['nobody'], ['name:idle']])('ends with 3 when nothing of %s runs', async (filter) => {
    expect((await stats(filter)).code).toBe(3);
  });
});

it.each([
  [0, '0%'],
  [0.0004, '0%'],
  [0.0042, '0.4%'],
  [0.0994, '9.9%'],
  [0.0996, '10%'],
  [0.914, '91%'],
  [1.234, '120%'],
  [9.94, '990%'],
  [9.99, '10c'],
  [16.2, '16c'],
  [-1, '0%'],
])('%f cores are %s', (cores, words) => {
  expect(formatCores(cores)).toBe(words);
});
