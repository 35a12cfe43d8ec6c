/** An administrator makes a user, a team and access by keys; the user sees only that, may only that, and the trail has it all. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../support/closing.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { httpsCall } from '../support/https-call.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { signedInFolder } from '../support/signed-in.ts';
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts';

const PASSWORD = 'plenty of sea horses at noon';
const PATIENCE = { timeoutMs: 30_000 };
const closing = new Closing();
let near: TestEngine;
let server: TestServer;
let admin: TestTerminal;

beforeAll(async () => {
  const [here, far] = await Promise.all([
    startEngine({ version: 'new', name: 'people-near' }).then((engine) => closing.use(engine)),
    startEngine({ version: 'old', name: 'people-far' }).then((engine) => closing.use(engine)),
  ]);
  near = here;
  await near.docker('run', '-d', '--name', 'box-near', 'busybox', 'sleep', '10000');
  await far.docker('run', '-d', '--name', 'box-far', 'busybox', 'sleep', '10000');
  server = closing.use(await startServer({ args: ['-H', `unix://${near.socketPath}`] }));
  const other = { Name: 'far-away', EndpointCreationType: 1, URL: `unix://${far.socketPath}` };
  expect((await server.api('POST', '/api/endpoints', other)).status).toBe(200);
  await server.api('PUT', '/api/endpoints/1', { Name: 'near-by' });
  admin = await openConsole(await signedInFolder(server, closing));
}, 120_000);
afterAll(() => closing.close());

async function openConsole(folder: string): Promise<TestTerminal> {
  const env = { FLEET_TUI_CONFIG_DIR: folder };
  const command = { command: process.execPath, args: ['dist/fleet-tui.js'] };
  return closing.use(await openTestTerminal({ ...command, env, cols: 120, rows: 40 }));
}

async function command(console: TestTerminal, line: string, sees: string | RegExp): Promise<void> {
  console.type(`:${line}`);
  await console.sees(`:${line}`);
  console.press('enter');
  await console.sees(sees, PATIENCE);
}

/** Sends the form; y is pressed until the question, deaf in its first moments, has heard it. */
async function send(console: TestTerminal, question: string, told: string): Promise<void> {
  console.press('enter');
  await console.sees(question, PATIENCE);
  const isAnswered = () => {
    if (!console.screen().includes(question)) return true;
    console.press('y');
    return false;
  };
  await console.until(isAnswered, 'the question to be answered', PATIENCE);
  await console.sees(told, PATIENCE);
}

async function field(console: TestTerminal, label: string, text: string, shown = text) {
  await console.sees(`> ${label}`, PATIENCE);
  console.type(text);
  await console.sees(shown, PATIENCE);
}

test('a user, a team with the user in it, and access of the team, all by keys', async () => {
  await admin.sees('box-far', PATIENCE);
  await admin.sees('box-near', PATIENCE);
  await command(admin, 'users', /users .* 1 of 1/);
  admin.press('n');
  await field(admin, 'name', 'sam');
  admin.press('tab');
  await field(admin, 'password', PASSWORD, '*'.repeat(PASSWORD.length));
  admin.press('tab');
  await field(admin, 'again', PASSWORD, '*'.repeat(PASSWORD.length));
  await send(admin, 'Create the user sam?', 'Created sam.');
  await admin.sees(/sam +user/, PATIENCE);

  await command(admin, 'teams', 'There are no teams');
  admin.press('n');
  await field(admin, 'name', 'desk');
  await send(admin, 'Create the team desk?', 'Created the team desk.');
  await admin.sees(/> desk +0/, PATIENCE);
  admin.press('enter');
  await admin.sees('Nobody is in this team', PATIENCE);
  admin.press('n');
  await field(admin, 'who', 'sam', '[sam]');
  await send(admin, 'Put sam into desk?', 'sam is a member of desk now.');

  await command(admin, 'access near-by', 'Nobody but administrators has access here');
  admin.press('n');
  await field(admin, 'who', 'team', '[team desk]');
  admin.press('tab');
  await field(admin, 'role', 'help', '[Helpdesk]');
  await send(admin, 'Give the team desk this access?', 'the team desk in near-by: Helpdesk.');
  await admin.sees(/desk +team +Helpdesk/, PATIENCE);
  expect(admin.written).not.toContain(PASSWORD);
});

test('the user sees only that; helpdesk restarts, and a role taken down is followed at once', async () => {
  const who = { username: 'sam', password: PASSWORD };
  const user = await openConsole(await signedInFolder(server, closing, who));
  await user.sees('box-near', PATIENCE);
  expect(user.screen()).toContain('1 environment');
  expect(user.screen()).not.toContain('box-far');
  user.press('x');
  await user.sees('Actions on near-by/box-near');
  expect(user.screen()).toMatch(/ restart /);
  expect(user.screen()).not.toMatch(/ remove | a shell | kill the /);
  user.press('esc');
  await user.seesNo('Actions on near-by');
  user.press('ctrl-x');
  await user.sees('your role in near-by does not include destroy', PATIENCE);
  await command(user, 'audit', 'only administrators may, and sam is none');
  await command(user, 'teams', 'sam leads none');

  admin.press('e');
  await field(admin, 'role', 'read', '[Read-only user]');
  await send(admin, 'Give the team desk this access?', 'the team desk in near-by: Read-only user.');
  await user.seesNo('ctrl-r restart', PATIENCE);
  user.press('x');
  await user.sees('Actions on near-by/box-near', PATIENCE);
  expect(user.screen()).not.toMatch(/ restart /);
  expect(user.screen()).toMatch(/ metrics/);
});

test('who is made leader of the team says by keys who is in it', async () => {
  expect(
    await server.api('POST', '/api/users', { Username: 'lou', Password: PASSWORD, Role: 2 }),
  ).toMatchObject({ status: 200 });
  const who = { username: 'sam', password: PASSWORD };
  const [place] = (await server.api('GET', '/api/team_memberships')).body;
  await server.api('PUT', `/api/team_memberships/${place.Id}`, { ...place, Role: 1 });
  const user = await openConsole(await signedInFolder(server, closing, who));
  await user.sees('box-near', PATIENCE);
  await command(user, 'teams', /> desk +1 +sam/);
  user.press('enter');
  await user.sees(/sam +leader +user/, PATIENCE);
  user.press('n');
  await field(user, 'who', 'lou', '[lou]');
  await send(user, 'Put lou into desk?', 'lou is a member of desk now.');
  await user.sees(/lou +member +user/, PATIENCE);
});

test('a standard user is shown what is its own or shared, with everything that can be done to it', async () => {
  const account = { Username: 'ina', Password: PASSWORD, Role: 2 };
  const { Id } = (await server.api('POST', '/api/users', account)).body;
  await server.api('PUT', '/api/endpoints/1', { UserAccessPolicies: { [Id]: { RoleId: 3 } } });
  const shared = ['--name', 'box-shared', '--label', 'io.portainer.accesscontrol.users=ina'];
  await near.docker('run', '-d', ...shared, 'busybox', 'sleep', '10000');
  const { body: session } = await httpsCall(server.url, '/api/auth', {
    method: 'POST',
    body: { username: 'ina', password: PASSWORD },
  });
  const made = await httpsCall(
    server.url,
    '/api/endpoints/1/docker/containers/create?name=box-own',
    {
      method: 'POST',
      headers: { Authorization: `Bearer ${session.jwt}` },
      body: { Image: 'busybox', Cmd: ['sleep', '10000'] },
    },
  );
  expect(made.status).toBe(200);
  const who = { username: 'ina', password: PASSWORD };
  const user = await openConsole(await signedInFolder(server, closing, who));
  await user.sees('box-own', PATIENCE);
  await user.sees('box-shared', PATIENCE);
  expect(user.screen()).not.toContain('box-near');
  user.press('j');
  await user.sees(/> .*box-shared/, PATIENCE);
  user.press('x');
  await user.sees(
    /Actions on near-by\/box-shared[\s\S]* a shell [\s\S]* restart [\s\S]* remove /,
    PATIENCE,
  );
});

test('the trail has every change and who made it, and is whole', async () => {
  await command(admin, 'audit user:admin action:manage', 'chain whole');
  const rows = [/admin +manage +.*200 +PUT \/api\/endpoints\/1/, /POST \/api\/team_memberships/];
  for (const row of [...rows, /POST \/api\/teams/, /POST \/api\/users *$/m]) {
    await admin.sees(row, PATIENCE);
  }
  expect(admin.screen()).not.toContain(' sam ');
});
