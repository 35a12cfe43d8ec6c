/** The console's key is revoked in the middle of a log: it asks to sign in again, and the log goes on without a hole. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readContexts } from '../../src/client/contexts.ts';
import { Closing } from '../support/closing.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { type ServedFleet, serveFleet } from '../support/served-fleet.ts';
import type { TestTerminal } from '../support/terminal.ts';

const closing = new Closing();
let engine: TestEngine;
let fleet: ServedFleet;

beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'revoked' }));
  fleet = await serveFleet(closing, engine.socketPath);
}, 120_000);
afterAll(() => closing.close());

async function keyOfConsole() {
  const { contexts } = await readContexts(fleet.config);
  const context = contexts.find((one) => one.kind === 'server');
  return context?.kind === 'server' ? context.credential : undefined;
}

function numbersShown(console: TestTerminal): readonly number[] {
  return [...console.screen().matchAll(/^count (\d+) *$/gm)].map(([, number]) => Number(number));
}

test('revoked in the middle of a log: sign in again, and no line is missing or doubled', async () => {
  const script = 'i=0; while true; do i=$((i+1)); echo "count $i"; sleep 0.2; done';
  await engine.docker('run', '-d', '--init', '--name', 'counter', 'busybox', 'sh', '-c', script);
  const { server, config } = fleet;
  await using console = await fleet.console({ cols: 100, rows: 250 });
  await console.sees('counter');
  console.press('l');
  await console.sees(/count \d+/);
  const before = await keyOfConsole();
  const gone = await server.api('DELETE', `/api/users/${before?.userId}/tokens/${before?.tokenId}`);
  expect(gone.status).toBe(204);
  await console.sees('does not accept the saved key');
  // What is typed in its first moments was meant for the log.
  const takesText = () => {
    console.type('x');
    return /> password +\*/.test(console.screen());
  };
  await console.until(takesText, 'the form to take text');
  console.press('enter');
  await console.sees('does not accept this user name and password');
  console.type(server.adminPassword);
  console.press('enter');
  await console.sees('Signed in again.', { timeoutMs: 20_000 });
  const last = () => numbersShown(console).at(-1) ?? 0;
  const reached = last();
  await console.until(() => last() > reached + 5, 'the log to go on', { timeoutMs: 20_000 });
  const numbers = numbersShown(console);
  const first = numbers[0] ?? 0;
  expect(numbers, console.screen()).toEqual(numbers.map((_, index) => first + index));
  expect(console.written).not.toContain(server.adminPassword);
  const after = await keyOfConsole();
  expect(after?.token).toBeDefined();
  expect(after?.token).not.toBe(before?.token);
  const saved = await readFile(join(config, 'contexts.json'), 'utf8');
  expect(saved).not.toContain(server.adminPassword);
}, 90_000);
