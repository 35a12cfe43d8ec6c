/** Every size from 40x10 to 300x100, over a real fleet whose names, labels and logs are not all ASCII: no border is shifted. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shiftedBorders } from '../support/borders.ts';
import { Closing } from '../support/closing.ts';
import { startEngine } from '../support/engine.ts';
import { pressAway } from '../support/press-until.ts';
import { type ServedFleet, serveFleet } from '../support/served-fleet.ts';
import type { TestTerminal } from '../support/terminal.ts';
import { WIDE_HOST, WIDE_LINES, wideArgs, wideLoop } from '../support/wide-words.ts';

const SIZES = [
  [40, 10],
  [80, 24],
  [120, 40],
  [200, 60],
  [300, 100],
] as const;
const PATIENCE = { timeoutMs: 30_000 };

const closing = new Closing();
let fleet: ServedFleet;

beforeAll(async () => {
  const engine = closing.use(await startEngine({ version: 'new', name: 'sizes' }));
  const run = ['run', '-d', '--init', ...wideArgs()];
  await engine.docker(...run, '--name', 'teller', 'busybox', 'sh', '-c', wideLoop());
  for (const name of ['web-1', 'web-2', 'web-3'])
    await engine.docker(...run, '--name', name, 'busybox', 'sleep', '10000');
  fleet = await serveFleet(closing, engine.socketPath);
  const named = await fleet.server.api('PUT', '/api/endpoints/1', { Name: WIDE_HOST });
  expect(named.status).toBe(200);
}, 120_000);
afterAll(() => closing.close());

/** Goes where a person goes, and looks at the screen in each place. */
async function walk(console: TestTerminal): Promise<readonly string[]> {
  const wrong: string[] = [];
  const look = async (place: string, mark: string | RegExp) => {
    await console.sees(mark, PATIENCE);
    wrong.push(...shiftedBorders(console.cells()).map((what) => `${place}: ${what}`));
    if (wrong.length > 0) wrong.push(console.screen());
  };
  await look('list', 'teller');
  console.press('l');
  await look('logs', /follow/);
  console.press('q', 'd');
  await look('describe', /state +running/);
  console.press('G');
  console.press('q', 'y');
  await look('inspect', /inspect/);
  console.press('q', 'W');
  await look('wall', 'WALL');
  console.press('W', 'Z', 'Z');
  await look('groups', /: 店舗/);
  console.press('Z', 'g', 'ctrl-r');
  await look('question', 'Restart');
  await pressAway(console, 'esc', 'Cancel');
  console.press('?');
  await look('help', /^ ?help /m);
  console.press('q');
  return wrong;
}

test.each(SIZES)('%dx%d: no border is shifted in any view', async (cols, rows) => {
  await using console = await fleet.console({ cols, rows });
  expect(await walk(console)).toEqual([]);
});

test('wide lines of a log come out whole, each in its own row', async () => {
  await using console = await fleet.console({ cols: 120, rows: 60 });
  await console.sees('teller', PATIENCE);
  console.press('l', 'f');
  await console.sees(WIDE_LINES.at(-1) ?? '', PATIENCE);
  for (const line of WIDE_LINES) expect(console.screen().normalize()).toContain(line.normalize());
});
