/** Signing in on a real terminal with a second factor and by a real OIDC provider; and again where a key was revoked. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readContexts } from '../../src/client/contexts.ts';
import { Closing } from '../support/closing.ts';
import { FLEET_TUI, type TuiHome, tuiHome } from '../support/fleet-tui.ts';
import { httpsCall } from '../support/https-call.ts';
import { type InProcessServer, startInProcessServer } from '../support/in-process-server.ts';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  type OidcProviderRig,
  REDIRECT_URI,
  startOidcProvider,
} from '../support/oidc-provider.ts';

import { openTestTerminal, type TestTerminal } from '../support/terminal.ts';
import { until } from '../support/until.ts';

const STEP_MS = 30_000;
const PASSWORD = 'a long enough password';
const closing = new Closing();
const clock = { ms: Date.now() };
let server: InProcessServer;
let provider: OidcProviderRig;
let userId: number;
let secret: string;

beforeAll(async () => {
  server = closing.use(await startInProcessServer({ now: () => clock.ms }));
  provider = closing.use(await startOidcProvider());
  const { body } = await server.api('POST', '/api/users', {
    Username: 'ada',
    Password: PASSWORD,
    Role: 1,
  });
  userId = body.Id;
  secret = await turnOn();
}, 60_000);
afterAll(() => closing.close());

/** Of the next half minute of the server's clock: each code is good once. */
function nextCode(): string {
  clock.ms += STEP_MS;
  return TOTP.generate({ secret: new TOTP({ secret }).secret, timestamp: clock.ms });
}

async function turnOn(): Promise<string> {
  const call = async (method: string, path: string, token: string, body: object) => {
    const headers = { Authorization: `Bearer ${token}` };
    return (await httpsCall(server.url, path, { method, headers, body })).body;
  };
  const login = { Username: 'ada', Password: PASSWORD };
  const { jwt } = await call('POST', '/api/auth', '', login);
  const path = `/api/fleet/users/${userId}/second-factor`;
  const begun = await call('POST', path, jwt, { Password: PASSWORD });
  secret = begun.secret;
  const told = await call('POST', `${path}/confirm`, jwt, { Code: nextCode() });
  expect(told.recoveryCodes).toHaveLength(10);
  return begun.secret;
}

async function openTui(home: TuiHome, ...args: string[]): Promise<TestTerminal> {
  return await openTestTerminal({
    command: process.execPath,
    args: [FLEET_TUI, ...args],
    env: home.env,
    cols: 160,
  });
}

const loginArgs = () => ['login', server.url, '--trust', server.server.fingerprint];

async function savedKey(home: TuiHome) {
  const { contexts } = await readContexts(home.config);
  const [context] = contexts;
  return context?.kind === 'server' ? context.credential : undefined;
}

test('the code is asked for after the password, and again when it is wrong', async () => {
  await using home = await tuiHome();
  await using terminal = await openTui(home, ...loginArgs(), '--username', 'ada');
  await terminal.sees('Password of ada:');
  terminal.type(`${PASSWORD}\r`);
  await terminal.sees('Code of your authenticator app');
  terminal.type('000000\r');
  await terminal.sees('does not accept this code');
  terminal.type(`${nextCode()}\r`);
  await terminal.sees('Signed in to', { timeoutMs: 30_000 });
  expect(await terminal.exit).toMatchObject({ code: 0 });
  expect(await savedKey(home)).toMatchObject({ username: 'ada', userId });
}, 60_000);

test('where the server requires a second factor, signing in turns it on first', async () => {
  await using strict = await startInProcessServer({ now: () => clock.ms });
  await strict.api('POST', '/api/users', { Username: 'eve', Password: PASSWORD, Role: 1 });
  const required = { InternalAuthSettings: { RequiredSecondFactor: 'administrators' } };
  expect((await strict.api('PUT', '/api/settings', required)).status).toBe(200);
  await using home = await tuiHome();
  const args = ['login', strict.url, '--trust', strict.server.fingerprint, '--username', 'eve'];
  await using terminal = await openTui(home, ...args);
  await terminal.sees('Password of eve:');
  terminal.type(`${PASSWORD}\r`);
  await terminal.sees('Its code:', { timeoutMs: 30_000 });
  const shown = /^ +((?:[A-Z2-7]{4} ?){8})$/m.exec(terminal.screen())?.[1] ?? '';
  clock.ms += STEP_MS;
  const its = new TOTP({ secret: shown.replaceAll(' ', '') }).secret;
  terminal.type(`${TOTP.generate({ secret: its, timestamp: clock.ms })}\r`);
  await terminal.sees('The second factor is on', { timeoutMs: 30_000 });
  await terminal.sees('Signed in to', { timeoutMs: 30_000 });
  const headers = { 'X-API-Key': (await savedKey(home))?.token ?? '' };
  expect((await strict.call('/api/endpoints', { headers })).status).toBe(200);
}, 60_000);

test('by the OIDC provider: the terminal says where, and goes on when somebody has agreed', async () => {
  const settings = {
    Issuer: provider.issuer,
    ClientID: CLIENT_ID,
    ClientSecret: CLIENT_SECRET,
    RedirectURI: REDIRECT_URI,
    OAuthAutoCreateUsers: true,
  };
  const put = { AuthenticationMethod: 3, OAuthSettings: settings };
  expect((await server.api('PUT', '/api/settings', put)).status).toBe(200);
  await using home = await tuiHome();
  await using terminal = await openTui(home, ...loginArgs());
  await terminal.sees('User name (empty: by the OIDC provider):');
  terminal.type('\r');
  await terminal.sees('Waiting until somebody agrees');
  const address = /or open (\S+)/.exec(terminal.screen())?.[1] ?? '';
  await provider.agree(address, 'grace');
  await terminal.sees('Signed in to', { timeoutMs: 30_000 });
  expect(await savedKey(home)).toMatchObject({ username: 'grace' });
  expect(terminal.written).not.toContain('ptr_');
}, 60_000);

test('without a terminal: --oidc says the address on stderr, and nothing is asked', async () => {
  await using home = await tuiHome();
  const child = spawn(process.execPath, [FLEET_TUI, ...loginArgs(), '--oidc'], {
    env: home.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(child, 'exit');
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  await until(() => /or open (\S+)\n/.test(told));
  await provider.agree(/or open (\S+)/.exec(told)?.[1] ?? '', 'edsger');
  expect(await exit).toEqual([0, null]);
  expect(await savedKey(home)).toMatchObject({ username: 'edsger' });
}, 60_000);

test('in the console: a revoked key, the password, the code', async () => {
  await using home = await tuiHome();
  await using login = await openTui(home, ...loginArgs(), '--username', 'ada');
  await login.sees('Password of ada:');
  login.type(`${PASSWORD}\r`);
  await login.sees('Code of your authenticator app');
  login.type(`${nextCode()}\r`);
  await login.sees('Signed in to', { timeoutMs: 30_000 });
  const before = await savedKey(home);
  await using console = await openTui(home);
  await console.sees('as ada');
  await console.sees('live');
  await server.api('DELETE', `/api/users/${userId}/tokens/${before?.tokenId}`);
  await console.sees('does not accept the saved key');
  const takesText = () => {
    console.type('x');
    return /> password +\*/.test(console.screen());
  };
  await console.until(takesText, 'the form to take text');
  console.press('ctrl-u');
  console.type(PASSWORD);
  console.press('enter');
  await console.sees(/> code/);
  console.type(nextCode());
  console.press('enter');
  await console.sees('Signed in again.', { timeoutMs: 30_000 });
  expect(await savedKey(home)).not.toEqual(before);
}, 60_000);
