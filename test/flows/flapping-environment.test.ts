/** An engine that comes and goes every second: one problem with a count, rows that stay where they are, and calm afterwards. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { type MadeUpEngine, startMadeUpEngine } from '../support/made-up-engine.ts';
import { residentMiB } from '../support/process-cost.ts';
import { type ServedFleet, serveFleet } from '../support/served-fleet.ts';

const PATIENCE = { timeoutMs: 30_000 };
const FLAPS = 10;

const closing = new Closing();
let engine: MadeUpEngine;
let fleet: ServedFleet;

beforeAll(async () => {
  const names = Array.from({ length: 20 }, (_, index) => ({ name: `web-${index}` }));
  engine = closing.use(await startMadeUpEngine(names));
  fleet = await serveFleet(closing, engine.socketPath);
});
afterAll(() => closing.close());

test('it is one problem that flaps, nothing is listed twice or lost, and the wall is quiet again afterwards', async () => {
  await using console = await fleet.console({ cols: 120, rows: 40 });
  await using wall = await fleet.console({ cols: 80, rows: 24, args: ['wall'] });
  await console.sees('20 of 20', PATIENCE);
  await wall.sees('1 OK', PATIENCE);
  console.press('j', 'j', 'j');
  await console.sees(/^> o web-3 /m);
  for (let flap = 0; flap < FLAPS; flap++) {
    await engine.leave();
    await delay(300);
    await engine.comeBack();
    await delay(700);
  }
  await console.sees(/20 of 20[\s\S]*^> o web-3 +running/m, PATIENCE);
  await wall.sees(/1 (OK|DEGRADED)/, PATIENCE);
  expect(wall.screen()).not.toContain('NO DATA');
  const { body } = await fleet.server.api('GET', '/api/fleet/problems');
  expect(body).toMatchObject([{ id: '1.no-data', name: 'local' }]);
  expect(body[0].times).toBeLessThanOrEqual(FLAPS);
  console.press('@');
  await console.sees('messages  newest first, 0 in all');
  expect(residentMiB(console.pid)).toBeLessThan(150);
});
