/** An account that came by OIDC has no password: its API keys are made by agreeing at the provider anew, in the console too. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readContexts, saveContext } from '../../src/client/contexts.ts';
import { carryOut } from '../../src/client/people-deeds.ts';
import { parseServerAddress } from '../../src/client/server-address.ts';
import { makeKey } from '../../src/client/sign-in.ts';
import { Closing } from '../support/closing.ts';
import { FLEET_TUI, type TuiHome, tuiHome } from '../support/fleet-tui.ts';
import { type InProcessServer, startInProcessServer } from '../support/in-process-server.ts';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  type OidcProviderRig,
  REDIRECT_URI,
  startOidcProvider,
} from '../support/oidc-provider.ts';
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts';

const closing = new Closing();
const NEVER = new AbortController().signal;
let server: InProcessServer;
let provider: OidcProviderRig;
let home: TuiHome;

beforeAll(async () => {
  [server, provider, home] = await Promise.all([
    startInProcessServer(),
    startOidcProvider(),
    tuiHome(),
  ]);
  for (const one of [server, provider, home]) closing.use(one);
  const OAuthSettings = {
    Issuer: provider.issuer,
    ClientID: CLIENT_ID,
    ClientSecret: CLIENT_SECRET,
    RedirectURI: REDIRECT_URI,
    OAuthAutoCreateUsers: true,
  };
  await server.api('PUT', '/api/settings', { AuthenticationMethod: 3, OAuthSettings });
  await keepKeyOf('grace');
}, 60_000);
afterAll(() => closing.close());

const fingerprint = () => server.server.fingerprint;

async function openTui(...args: string[]): Promise<TestTerminal> {
  return await openTestTerminal({
    command: process.execPath,
    args: [FLEET_TUI, ...args],
    env: home.env,
    cols: 160,
  });
}

const reach = () => ({
  address: parseServerAddress(server.url),
  pin: fingerprint(),
  signal: NEVER,
});

/** An account without a password, and a console that has a key of it. */
async function keepKeyOf(name: string): Promise<void> {
  const { accounts, sessions } = server.server.services;
  const user = await accounts.createWithoutPassword(name);
  const credential = await makeKey(reach(), await sessions.issue(user), undefined);
  const place = { kind: 'server', name: 'here', url: server.url } as const;
  const context = { ...place, fingerprint: fingerprint(), credential };
  await saveContext(context, { makeCurrent: true, folder: home.config });
}

async function sessionOfGrace() {
  const [context] = (await readContexts(home.config)).contexts;
  const { token = '', userId = 0 } = (context?.kind === 'server' && context.credential) || {};
  return { session: { reach: reach(), headers: { 'x-api-key': token } }, userId };
}

/** A wish for a key, for which this person agrees. */
async function keyFor(person: string) {
  const { session, userId } = await sessionOfGrace();
  const user = { id: userId, name: 'grace' };
  const deed = { kind: 'create-key', user, description: 'ci', endsAtS: null } as const;
  return await carryOut(session, deed, {
    signal: NEVER,
    invited: ({ completeAddress }) => void provider.agree(completeAddress, person),
  });
}

// Each waits for the pace of the provider.
test.concurrent('in the console: the form says where to agree, and the key is shown once somebody has', async () => {
  await using console = await openTui();
  await console.sees('as grace');
  await console.sees('live');
  console.type(':tokens\r');
  await console.sees('API keys of grace');
  await console.sees('fleet-tui ');
  console.type('n');
  await console.sees('proved by');
  console.type('deploy');
  for (const key of ['down', 'down', 'right']) console.press(key);
  await console.sees('[OIDC provider]');
  console.press('enter');
  await console.sees('you agree at the OIDC provider first');
  await console.until(() => {
    console.press('y');
    return console.screen().includes('Waiting until somebody agrees');
  }, 'the invitation');
  const shown = console.screen();
  const address = /Open (\S+) in/.exec(shown)?.[1];
  const code = /and enter (\S+) there/.exec(shown)?.[1];
  await provider.agree(`${address}?user_code=${code}`, 'grace');
  await console.sees('The key is shown only this once', { timeoutMs: 30_000 });
  const key = /ptr_\S+/.exec(console.screen())?.[0] ?? '';
  const me = await server.call('/api/users/me', { headers: { 'X-API-Key': key } });
  expect(me.body).toMatchObject({ Username: 'grace' });
}, 60_000);

test.concurrent('who agrees as another makes no key, for nobody', async () => {
  await expect(keyFor('edsger')).rejects.toThrow(
    "You agreed as edsger, and the key is to be grace's.",
  );
  const { userId } = await sessionOfGrace();
  const { body } = await server.api('GET', `/api/users/${userId}/tokens`);
  expect(body.map(({ description }: { description: string }) => description)).not.toContain('ci');
}, 60_000);
