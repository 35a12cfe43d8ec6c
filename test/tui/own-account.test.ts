/** The own account on a real terminal: another password, a second factor by a QR code, new recovery codes, and off again. */
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { FLEET_TUI, type TuiHome, tuiHome } from '../support/fleet-tui.ts';
import { type InProcessServer, startInProcessServer } from '../support/in-process-server.ts';
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts';

const PASSWORD = 'a long enough password';
const NEW_PASSWORD = 'quite another one here';
const STEP_MS = 30_000;
const closing = new Closing();
const clock = { ms: Date.now() };
let server: InProcessServer;
let home: TuiHome;
let secret = '';

beforeAll(async () => {
  server = closing.use(await startInProcessServer({ now: () => clock.ms }));
  home = closing.use(await tuiHome());
  await server.api('POST', '/api/users', { Username: 'ada', Password: PASSWORD, Role: 1 });
  await using login = await openTui('login', server.url, '--username', 'ada');
  await login.sees('[y/N]');
  login.type('y\r');
  await login.sees('Password of ada:');
  login.type(`${PASSWORD}\r`);
  await login.sees('Signed in to');
}, 60_000);
afterAll(() => closing.close());

async function openTui(...args: string[]): Promise<TestTerminal> {
  return await openTestTerminal({
    command: process.execPath,
    args: [FLEET_TUI, ...args],
    env: home.env,
    cols: 120,
    rows: 60,
  });
}

/** Of the next half minute: each code is good once. */
function nextCode(): string {
  clock.ms += STEP_MS;
  return TOTP.generate({ secret: new TOTP({ secret }).secret, timestamp: clock.ms });
}

const recoveryCodes = (terminal: TestTerminal): readonly string[] =>
  terminal.screen().match(/[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}/g) ?? [];

async function begun(password: string, ...args: string[]): Promise<TestTerminal> {
  const terminal = await openTui(...args);
  await terminal.sees('Password of ada:');
  terminal.type(`${password}\r`);
  return terminal;
}

test('on: a QR code, the secret for typing, a code to confirm, recovery codes', async () => {
  await using terminal = await begun(PASSWORD, 'second-factor', 'on');
  await terminal.sees('Its code:');
  expect(terminal.screen()).toMatch(/█▀▀|▄▄▄▄▄/);
  secret = (/^ +((?:[A-Z2-7]{4} ?){8})$/m.exec(terminal.screen())?.[1] ?? '').replaceAll(' ', '');
  expect(secret).toHaveLength(32);
  terminal.type('000000\r');
  await terminal.sees('The code is wrong');
  terminal.type(`${nextCode()}\r`);
  await terminal.sees('The second factor is on');
  expect(recoveryCodes(terminal)).toHaveLength(10);
  expect(await terminal.exit).toMatchObject({ code: 0 });
}, 60_000);

test('a second time it says how to turn it off', async () => {
  await using terminal = await begun(PASSWORD, 'second-factor', 'on');
  await terminal.sees('Code of your authenticator app');
  terminal.type(`${nextCode()}\r`);
  await terminal.sees('fleet-tui second-factor off');
  expect((await terminal.exit).code).not.toBe(0);
}, 60_000);

test('the password is changed with the code; what is weak is refused with the reason', async () => {
  await using terminal = await begun(PASSWORD, 'password');
  await terminal.sees('Code of your authenticator app');
  terminal.type(`${nextCode()}\r`);
  await terminal.sees('New password:');
  terminal.type('password1234!\rpassword1234!\r');
  await terminal.sees('known from breaches');
  terminal.type(`${NEW_PASSWORD}\r${NEW_PASSWORD}\r`);
  await terminal.sees('Changed; every session has ended');
  expect(await terminal.exit).toMatchObject({ code: 0 });
  expect(terminal.written).not.toContain(NEW_PASSWORD);
}, 60_000);

test('new recovery codes, and off by one of them', async () => {
  await using terminal = await begun(NEW_PASSWORD, 'second-factor', 'codes');
  await terminal.sees('Code of your authenticator app');
  terminal.type(`${nextCode()}\r`);
  await terminal.sees('The next code');
  terminal.type(`${nextCode()}\r`);
  await terminal.sees('Recovery codes');
  await terminal.exit;
  const [code = ''] = recoveryCodes(terminal);
  await using off = await begun(NEW_PASSWORD, 'second-factor', 'off');
  await off.sees('Code of your authenticator app');
  off.type(`${nextCode()}\r`);
  await off.sees('The next code');
  off.type(`${code}\r`);
  await off.sees('The second factor is off');
  expect(await server.signIn('ada', NEW_PASSWORD)).toBeTypeOf('string');
}, 60_000);

test('from the console: it steps aside for the conversation and says what came of it', async () => {
  await using console = await openTui();
  await console.sees('as ada');
  console.type(':password');
  console.press('enter');
  await console.sees('Password of ada:');
  console.type(`${NEW_PASSWORD}\r`);
  await console.sees('New password:');
  console.type(`${PASSWORD}\r${PASSWORD}\r`);
  await console.sees('enter goes back to the console');
  console.type('\r');
  await console.sees('The password is changed; this console goes on');
  console.type(':second-factor off');
  console.press('enter');
  // The one before still stands above it.
  await console.sees(/Password of ada:[\s\S]*Password of ada:/);
  console.type(`${NEW_PASSWORD}\r`);
  await console.sees('does not accept this user name and password');
  await console.sees('enter goes back to the console');
  console.type('\r');
  await console.sees('Nothing of the account was changed.');
  expect(console.written).not.toContain(NEW_PASSWORD);
}, 60_000);
