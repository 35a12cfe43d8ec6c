/** Reading everything the engine says of a container: searched, copied, its secrets revealed on record; and two hosts compared. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { type ServedFleet, serveFleet } from '../support/served-fleet.ts';
import type { TestTerminal } from '../support/terminal.ts';

const closing = new Closing();
let near: TestEngine;
let far: TestEngine;
let fleet: ServedFleet;

const web = (secret: string, memory: string) =>
  ['run', '-d', '--name', 'web', '--memory', memory, '-e', `DB_PASSWORD=${secret}`] as const;

beforeAll(async () => {
  [near, far] = await Promise.all([
    startEngine({ version: 'old', name: 'near' }).then((engine) => closing.use(engine)),
    startEngine({ version: 'new', name: 'far' }).then((engine) => closing.use(engine)),
  ]);
  const rest = ['-l', 'tier=edge', 'busybox', 'sleep', '10000'];
  await near.docker(...web('hunter2-near', '64m'), ...rest);
  await far.docker(...web('hunter2-far', '96m'), ...rest);
  fleet = await serveFleet(closing, near.socketPath);
  const second = { Name: 'far', EndpointCreationType: 1, URL: `unix://${far.socketPath}` };
  expect((await fleet.server.api('POST', '/api/endpoints', second)).status).toBe(200);
}, 120_000);
afterAll(() => closing.close());

async function openConsole(cols = 100): Promise<TestTerminal> {
  const terminal = await fleet.console({ cols, rows: 30 });
  await terminal.sees(/2 of 2/);
  await terminal.sees(/live, data/);
  return terminal;
}

function command(terminal: TestTerminal, line: string): void {
  terminal.type(`:${line}`);
  terminal.press('enter');
}

test('inspect: search, copy the value and the path, reveal on record', async () => {
  await using terminal = await openConsole();
  command(terminal, 'inspect far/web');
  await terminal.sees(/\d+ rows +yaml/);
  terminal.type('/tier');
  await terminal.sees(/ 1 row /);
  terminal.press('enter');
  await terminal.sees(/^> +tier: edge/m);
  terminal.press('c');
  const osc52 = (text: string) => `\x1b]52;c;${Buffer.from(text).toString('base64')}`;
  await terminal.until(() => terminal.written.includes(osc52('edge')), 'the value copied');
  terminal.press('C');
  const path = osc52('.Config.Labels.tier');
  await terminal.until(() => terminal.written.includes(path), 'the path copied');
  terminal.type('/\x15DB_PASS');
  terminal.press('enter');
  await terminal.sees(/DB_PASSWORD=<masked [0-9a-f]{6}>/);
  expect(terminal.written).not.toContain('hunter2');
  terminal.press('x');
  await terminal.sees('DB_PASSWORD=hunter2-far');
  await terminal.sees('secrets shown');
  terminal.press('x');
  await terminal.seesNo('hunter2');
  expect(fleet.server.log()).toMatch(/"by":"admin".*environment variables revealed/);
  expect(fleet.server.log()).not.toContain('hunter2');
});

test.each([
  ['below each other', 100],
  ['beside each other', 130],
])('diff between two hosts, %s', async (_where, cols) => {
  await using terminal = await openConsole(cols);
  command(terminal, 'diff web@local web@far');
  await terminal.sees(/\d+ differences/);
  await terminal.sees('DB_PASSWORD');
  if (cols >= 118) await terminal.sees(/Memory +67108864 +100663296/);
  else await terminal.sees(/Memory\s+- 67108864\s+\+ 100663296/);
  expect(terminal.screen()).not.toContain('tier');
  expect(terminal.written).not.toContain('hunter2');
  terminal.press('x', 'G');
  await terminal.sees(/State\.StartedAt/);
});
