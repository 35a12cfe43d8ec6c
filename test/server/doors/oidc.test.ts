/** Signing in by a real OIDC provider: browsers by code and PKCE, consoles by the device flow, and who becomes which account. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Closing } from '../../support/closing.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  type OidcProviderRig,
  REDIRECT_URI,
  startOidcProvider,
} from '../../support/oidc-provider.ts';
import { patientCall } from '../../support/patient-call.ts';
import { until } from '../../support/until.ts';

const PASSWORD = 'a long enough password';
const closing = new Closing();
let provider: OidcProviderRig;
let server: InProcessServer;
let names = 0;

beforeAll(async () => {
  provider = closing.use(await startOidcProvider());
  server = closing.use(await startInProcessServer());
});
afterAll(() => closing.close());

const settings = () => ({
  Issuer: provider.issuer,
  ClientID: CLIENT_ID,
  ClientSecret: CLIENT_SECRET,
  RedirectURI: REDIRECT_URI,
  OAuthAutoCreateUsers: false,
  DefaultTeamID: 0,
  TeamMemberships: { OAuthClaimName: '', OAuthClaimMappings: [], AdminClaimValues: [] },
});
const put = (change: object = {}, AuthenticationMethod = 3) =>
  server.api('PUT', '/api/settings', {
    AuthenticationMethod,
    OAuthSettings: { ...settings(), ...change },
  });

beforeEach(async () => {
  expect((await put()).status).toBe(200);
});

const newName = () => {
  names += 1;
  return `visitor${names}`;
};

const patiently = (path: string, call: object = {}) => patientCall(server.url, path, call);

/** As a web client does it: the page of the provider, then the code that came back. */
async function bySite(person: string) {
  const started = await patiently('/api/auth/oauth/login?response_type=code&state=of-the-page');
  expect(started.status).toBe(302);
  const [cookie = ''] = String(started.headers['set-cookie']).split(';');
  const back = new URL(await provider.agree(String(started.headers.location), person));
  expect(back.searchParams.get('state')).toBe('of-the-page');
  const Code = back.searchParams.get('code');
  const validate = () =>
    patiently('/api/auth/oauth/validate', {
      method: 'POST',
      headers: { Cookie: cookie },
      body: { Code },
    });
  return { validate, Code, location: String(started.headers.location) };
}

const ask = (Handle: string) =>
  patiently('/api/fleet/auth/device/ask', { method: 'POST', body: { Handle } });

const meOf = async (jwt: string) =>
  (await server.call('/api/users/me', { headers: { Authorization: `Bearer ${jwt}` } })).body;

const signInAs = async (person: string) => {
  const { validate } = await bySite(person);
  return await validate();
};

test('settings: the provider is asked before it is relied upon, and the secret is never told', async () => {
  const wrong = await put({ Issuer: 'http://127.0.0.1:1' });
  expect(wrong.status).toBe(400);
  expect(wrong.body.details).toContain("can't be asked who it is");
  expect((await put({ Issuer: 'http://example.com' })).status).toBe(400);
  const told = await server.api('GET', '/api/settings');
  expect(told.body).toMatchObject({
    AuthenticationMethod: 3,
    OAuthSettings: { ClientID: CLIENT_ID, ClientSecret: '', Issuer: provider.issuer },
  });
  expect((await put({ ClientSecret: '' })).status).toBe(200);
  const open = await server.call('/api/settings/public');
  expect(open.body).toMatchObject({
    AuthenticationMethod: 3,
    OAuthLoginURI: 'https://console.example/api/auth/oauth/login?response_type=code',
  });
  expect(open.text + server.logged.join('')).not.toContain(CLIENT_SECRET);
});

test('by code and PKCE: who is new gets no account unless the settings say so', async () => {
  const name = newName();
  const refused = await signInAs(name);
  expect([refused.status, refused.body.message]).toEqual([
    403,
    'Unable to authenticate through OAuth',
  ]);
  expect(refused.body.details).toContain(`There is no account ${name} here`);
  await put({ OAuthAutoCreateUsers: true });
  const { validate, Code, location } = await bySite(name);
  expect(new URL(location).searchParams.get('code_challenge_method')).toBe('S256');
  const foreign = { method: 'POST', body: { Code } };
  expect((await patiently('/api/auth/oauth/validate', foreign)).status).toBe(401);
  const { status, body, headers } = await validate();
  expect(status).toBe(200);
  expect(String(headers['set-cookie'])).toContain('portainer_api_key=');
  expect(await meOf(body.jwt)).toMatchObject({ Username: name, Role: 2 });
  const seen = await server.call('/api/endpoints', {
    headers: { Authorization: `Bearer ${body.jwt}` },
  });
  expect(seen.body).toEqual([]);
  expect((await validate()).status).toBe(401);
});

test('an account made beforehand without a password is the one of that name, and stays it under another', async () => {
  const name = newName();
  const made = await server.api('POST', '/api/users', { Username: name, Role: 2 });
  expect(made.status).toBe(200);
  expect(await meOf((await signInAs(name)).body.jwt)).toMatchObject({ Id: made.body.Id });
  provider.people.set(name, { preferred_username: 'renamed-there' });
  expect(await meOf((await signInAs(name)).body.jwt)).toMatchObject({ Id: made.body.Id });
  const impostor = newName();
  provider.people.set(impostor, { preferred_username: name });
  expect((await signInAs(impostor)).body.details).toContain('Another account here');
});

test('a name at the provider never opens an account that has a password', async () => {
  await put({ OAuthAutoCreateUsers: true });
  provider.people.set('mallory', { preferred_username: 'admin' });
  expect(await signInAs('mallory')).toMatchObject({
    status: 403,
    body: { details: 'Another account here is called admin; ask an administrator.' },
  });
  expect(
    (
      await server.call('/api/auth', {
        method: 'POST',
        body: { Username: newName(), Password: 'x' },
      })
    ).status,
  ).toBe(422);
});

test('claims become teams and administrators, and stop being so', async () => {
  const name = newName();
  const teamOf = async (Name: string) => (await server.api('POST', '/api/teams', { Name })).body.Id;
  const [operators, newcomers] = [await teamOf(`ops-${name}`), await teamOf(`new-${name}`)];
  await put({
    OAuthAutoCreateUsers: true,
    DefaultTeamID: newcomers,
    TeamMemberships: {
      OAuthClaimName: 'groups',
      OAuthClaimMappings: [{ ClaimValue: 'ops', Team: operators }],
      AdminClaimValues: ['root'],
    },
  });
  provider.people.set(name, { groups: ['ops', 'root', 'others'] });
  const state = async () => {
    const me = await meOf((await signInAs(name)).body.jwt);
    const places = (await server.api('GET', `/api/users/${me.Id}/memberships`)).body;
    const teams = places.map(({ TeamID }: { TeamID: number }) => TeamID);
    return { role: me.Role, teams: teams.sort((a: number, b: number) => a - b) };
  };
  expect(await state()).toEqual({ role: 1, teams: [operators, newcomers] });
  provider.people.set(name, { groups: 'others' });
  expect(await state()).toEqual({ role: 2, teams: [newcomers] });
});

test('device flow: pending until somebody agrees in a browser, then a session that makes a key', async () => {
  await put({ OAuthAutoCreateUsers: true });
  const name = newName();
  const { status, body } = await patiently('/api/fleet/auth/device', { method: 'POST' });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    userCode: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/),
    verificationUri: `${provider.issuer}/device`,
    verificationUriComplete: expect.stringContaining('user_code='),
  });
  expect((await ask(body.handle)).status).toBe(202);
  await provider.agree(body.verificationUriComplete, name);
  let jwt = '';
  await until(async () => {
    const answer = await ask(body.handle);
    if (answer.status === 200) jwt = answer.body.jwt;
    return jwt;
  }, 30_000);
  const me = await meOf(jwt);
  expect(me.Username).toBe(name);
  expect((await ask(body.handle)).status).toBe(401);
  const made = await server.call(`/api/users/${me.Id}/tokens`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${jwt}` },
    body: { description: 'fleet-tui' },
  });
  expect(made.status).toBe(201);
  const rows = await server.server.services.audit.list(Number.MAX_SAFE_INTEGER, 50);
  const signIns = rows.filter(({ action, user }) => action === 'sign-in' && user === name);
  expect(signIns.map(({ path, status: ended }) => [path, ended])).toEqual([
    ['/api/fleet/auth/device/ask', 200],
  ]);
}, 60_000);

const beginDevice = () => patiently('/api/fleet/auth/device', { method: 'POST' });

test('device flow: a no at the provider is told, and a fifth one who waits from one address is the last', async () => {
  const { body } = await beginDevice();
  await provider.refuse(body.verificationUriComplete);
  let refused: { status: number; body: { details?: string } } = { status: 202, body: {} };
  await until(async () => {
    refused = await ask(body.handle);
    return refused.status !== 202;
  }, 30_000);
  expect(refused).toMatchObject({
    status: 401,
    body: { details: 'It was refused at the provider.' },
  });
  for (let count = 0; count < 5; count += 1) expect((await beginDevice()).status).toBe(200);
  expect(await beginDevice()).toMatchObject({ status: 429, headers: { 'retry-after': '60' } });
}, 60_000);

test('turned off: no way in by it, and the accounts with a password go on', async () => {
  await put({}, 1);
  expect((await patiently('/api/auth/oauth/login')).status).toBe(404);
  expect((await beginDevice()).status).toBe(404);
  const nobody = await server.api('POST', '/api/users', { Username: newName(), Role: 2 });
  expect(nobody.status).toBe(400);
  const user = { Username: newName(), Password: PASSWORD, Role: 2 };
  expect((await server.api('POST', '/api/users', user)).status).toBe(200);
});
