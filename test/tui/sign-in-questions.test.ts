/** A second factor that a real server requires, as the console's form has it turned on: given up, refused, and left at the last moment. */
import { setTimeout as pause } from 'node:timers/promises';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { serverFleet } from '../../src/client/server-fleet.ts';
import type { AppEvent } from '../../src/tui/model/event.ts';
import { SignInQuestions } from '../../src/tui/sign-in-questions.ts';
import { Closing } from '../support/closing.ts';
import { type InProcessServer, startInProcessServer } from '../support/in-process-server.ts';
import { until } from '../support/until.ts';

const STEP_MS = 30_000;
const PASSWORD = 'a long enough password';
const closing = new Closing();
const clock = { ms: Date.now() };
let server: InProcessServer;
/** Of an administrator; goes on whatever is required. */
let key: string;

beforeAll(async () => {
  server = closing.use(await startInProcessServer({ now: () => clock.ms }));
  const wish = { password: 'twelve characters and more', description: 'robot' };
  key = (await server.api('POST', '/api/users/1/tokens', wish)).body.rawAPIKey;
  const required = { InternalAuthSettings: { RequiredSecondFactor: 'everybody' } };
  await asRobot('PUT', '/api/settings', required);
}, 60_000);
afterAll(() => closing.close());
// Ten tries of a password a second are the server's limit for one address, and a test takes half of them.
beforeEach(() => pause(1_100));

const asRobot = (method: string, path: string, body?: unknown) =>
  server.call(path, { method, headers: { 'X-API-Key': key }, ...(body !== undefined && { body }) });

/** The form's questions about an account that has no second factor yet, and what they told. */
async function questionsOf(username: string) {
  const user = { Username: username, Password: PASSWORD, Role: 2 };
  const { Id } = (await asRobot('POST', '/api/users', user)).body;
  const told: AppEvent[] = [];
  const credential = { token: 'ptr_revoked', username };
  const { url } = server;
  const { fingerprint } = server.server;
  const fleet = serverFleet({ url, credential, fingerprint });
  const send = (event: AppEvent) => void told.push(event);
  const questions = new SignInQuestions({ fleet, send, now: () => clock.ms });
  const event = async <Kind extends AppEvent['kind']>(kind: Kind) => {
    const isIt = (one: AppEvent): one is Extract<AppEvent, { kind: Kind }> => one.kind === kind;
    await until(() => told.some(isIt));
    return told.findLast(isIt) as Extract<AppEvent, { kind: Kind }>;
  };
  const isOn = async () =>
    (await asRobot('GET', `/api/fleet/users/${Id}/second-factor`)).body.isOn === true;
  const [login, requestId] = [{ username, password: PASSWORD, code: '' }, 1];
  questions.rows['sign-in']({ kind: 'sign-in', requestId, ...login });
  const { secret } = await event('factor-begun');
  const close = async () => {
    questions[Symbol.dispose]();
    await fleet[Symbol.asyncDispose]();
  };
  return { questions, told, event, isOn, secret, [Symbol.asyncDispose]: close };
}

function codeOf(secret: string): string {
  clock.ms += STEP_MS;
  return TOTP.generate({ secret: new TOTP({ secret }).secret, timestamp: clock.ms });
}

/** How many sessions this account has signed out of. */
const signOuts = async (username: string) => {
  const { rows } = (await asRobot('GET', '/api/fleet/audit')).body;
  const isIt = (row: { user: string; path: string; status: number }) =>
    row.user === username && row.path === '/api/auth/logout' && row.status === 204;
  return rows.filter(isIt).length;
};

test('given up before the code: nothing is on, and its session is signed out of', async () => {
  await using asked = await questionsOf('ada');
  asked.questions.rows['stop-sign-in']({ kind: 'stop-sign-in' });
  await until(async () => (await signOuts('ada')) === 1);
  expect(await asked.isOn()).toBe(false);
});

test('a wrong code is told, and the next one is taken; the console is signed in', async () => {
  await using asked = await questionsOf('eve');
  const confirm = (code: string) =>
    asked.questions.rows['confirm-factor']({ kind: 'confirm-factor', requestId: 2, code });
  confirm('000000');
  expect((await asked.event('factor-confirmed')).answer.why).toContain('The code is wrong');
  asked.told.length = 0;
  confirm(codeOf(asked.secret));
  const { answer } = await asked.event('factor-confirmed');
  expect(answer).toEqual({ recoveryCodes: expect.any(Array), why: undefined });
  expect(await asked.isOn()).toBe(true);
});

test('left while the code is on its way: the recovery codes are told all the same', async () => {
  await using asked = await questionsOf('kim');
  const code = codeOf(asked.secret);
  asked.questions.rows['confirm-factor']({ kind: 'confirm-factor', requestId: 2, code });
  asked.questions.rows['stop-sign-in']({ kind: 'stop-sign-in' });
  const { answer } = await asked.event('factor-confirmed');
  expect(answer).toHaveProperty('recoveryCodes.9');
  expect(await asked.isOn()).toBe(true);
});
