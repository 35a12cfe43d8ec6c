/** In the console, where its key was revoked: a second factor that the server requires is turned on, and a key of somebody else's making is taken. */
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readContexts } from '../../src/client/contexts.ts';
import { Closing } from '../support/closing.ts';
import { FLEET_TUI, type TuiHome, tuiHome } from '../support/fleet-tui.ts';
import { type InProcessServer, startInProcessServer } from '../support/in-process-server.ts';
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts';

const STEP_MS = 30_000;
const PASSWORD = 'a long enough password';
const closing = new Closing();
const clock = { ms: Date.now() };
let server: InProcessServer;
let home: TuiHome;
let userId: number;

beforeAll(async () => {
  server = closing.use(await startInProcessServer({ now: () => clock.ms }));
  home = closing.use(await tuiHome());
  const user = { Username: 'eve', Password: PASSWORD, Role: 1 };
  userId = (await server.api('POST', '/api/users', user)).body.Id;
  const { fingerprint } = server.server;
  const args = ['login', server.url, '--trust', fingerprint, '--username', 'eve'];
  await using login = await openTui(...args);
  await login.sees('Password of eve:');
  login.type(`${PASSWORD}\r`);
  await login.sees('Signed in to', { timeoutMs: 30_000 });
}, 60_000);
afterAll(() => closing.close());

async function openTui(...args: string[]): Promise<TestTerminal> {
  const size = { cols: 110, rows: 30 };
  return await openTestTerminal({
    command: process.execPath,
    args: [FLEET_TUI, ...args],
    env: home.env,
    ...size,
  });
}

async function savedKey() {
  const [context] = (await readContexts(home.config)).contexts;
  return context?.kind === 'server' ? context.credential : undefined;
}

/** The console, whose key is taken away; its form takes text. */
async function refusedConsole(): Promise<TestTerminal> {
  const console = await openTui();
  await console.sees('live');
  const key = await savedKey();
  const own = (await server.api('GET', `/api/users/${userId}/tokens`)).body as { id: number }[];
  expect(key).toBeDefined();
  for (const { id } of own) await server.api('DELETE', `/api/users/${userId}/tokens/${id}`);
  await console.sees('does not accept the saved key');
  const takesText = () => {
    console.type('x');
    return /> password +\*/.test(console.screen());
  };
  await console.until(takesText, 'the form to take text');
  console.press('ctrl-u');
  return console;
}

async function isAccepted(): Promise<boolean> {
  const headers = { 'X-API-Key': (await savedKey())?.token ?? '' };
  return (await server.call('/api/endpoints', { headers })).status === 200;
}

const codeOf = (secret: string): string => {
  clock.ms += STEP_MS;
  return TOTP.generate({ secret: new TOTP({ secret }).secret, timestamp: clock.ms });
};

test('a key that was made on the server is taken and kept', async () => {
  await using console = await refusedConsole();
  const jwt = await server.signIn('eve', PASSWORD);
  const { body } = await server.call(`/api/users/${userId}/tokens`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${jwt}` },
    body: { password: PASSWORD, description: 'by hand' },
  });
  for (const key of ['up', 'up', 'right', 'down']) console.press(key);
  await console.sees(/> API key/);
  console.type(body.rawAPIKey);
  console.press('enter');
  await console.sees('Signed in again.', { timeoutMs: 30_000 });
  await console.sees('live');
  expect((await savedKey())?.token).toBe(body.rawAPIKey);
  expect(console.written).not.toContain(body.rawAPIKey);
}, 60_000);

test('where a second factor is required, the form turns it on: secret, code, recovery codes, signed in', async () => {
  await using console = await refusedConsole();
  const required = { InternalAuthSettings: { RequiredSecondFactor: 'everybody' } };
  expect((await server.api('PUT', '/api/settings', required)).status).toBe(200);
  console.type(PASSWORD);
  console.press('enter');
  await console.sees('The server requires a second factor', { timeoutMs: 30_000 });
  expect(console.screen()).toMatch(/█▀▀|▄▄▄▄▄/);
  const secret = /((?:[A-Z2-7]{4} ?){8})/.exec(console.screen())?.[1]?.replaceAll(' ', '') ?? '';
  console.type('000000');
  console.press('enter');
  await console.sees('The code is wrong', { timeoutMs: 30_000 });
  console.type(codeOf(secret));
  console.press('enter');
  await console.sees('The second factor is on. Signed in again.', { timeoutMs: 30_000 });
  expect(console.screen().match(/[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}/g)).toHaveLength(10);
  await console.sees('live');
  expect(await isAccepted()).toBe(true);
}, 60_000);
