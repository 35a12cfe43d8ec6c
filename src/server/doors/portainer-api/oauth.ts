/**
 * Signing in by the OIDC provider. Browsers as Portainer's own page does it (OAuthLoginURI, then POST /api/auth/oauth/validate with the
 * code), consoles by the device flow under /api/fleet/auth/device: the client's secret stays on the server either way.
 */
import { z } from 'zod';
import type { User } from '../../fleet/accounts.ts';
import { type Answer, ok } from '../answer.ts';
import { notedOnce } from '../audit-trail.ts';
import { caseless, readJson } from '../body.ts';
import { type PublicExchange, publicRoute, type Route } from '../route-table.ts';
import type { Services } from '../services.ts';
import { cookieOf, sessionCookie } from '../session-cookie.ts';

const LOGIN_COOKIE = 'fleet_oauth';
/** Lax: the provider's page leads back to us. */
const LOGIN_ATTRIBUTES = 'Path=/api/auth; HttpOnly; Secure; SameSite=Lax';
const MAX_STATE = 256;

const codeSchema = caseless({ Code: z.string().min(1).max(4_096) });
const handleSchema = caseless({ Handle: z.string().min(1).max(128) });

/** GET /api/auth/oauth/login, POST /api/auth/oauth/validate, POST /api/fleet/auth/device and …/device/ask. */
export function oauthRoutes(services: Services): Route[] {
  const { oidc, tryLimit } = services;
  const login = async ({ query, address }: PublicExchange): Promise<Answer> => {
    await tryLimit.count(address);
    const state = query.get('state')?.slice(0, MAX_STATE) || undefined;
    const { url, handle } = await oidc.begin(state);
    const cookie = `${LOGIN_COOKIE}=${handle}; Max-Age=600; ${LOGIN_ATTRIBUTES}`;
    return { status: 302, headers: { Location: url, 'Set-Cookie': cookie } };
  };
  const validate = async ({ request, address }: PublicExchange): Promise<Answer> => {
    const { Code } = await readJson(request, codeSchema);
    await tryLimit.count(address);
    const path = '/api/auth/oauth/validate';
    const handle = cookieOf(request, LOGIN_COOKIE) ?? '';
    return await signedIn(services, { request, address, path }, () => oidc.finish(handle, Code));
  };
  const beginDevice = async ({ address }: PublicExchange): Promise<Answer> => {
    await tryLimit.count(address);
    return ok(await oidc.beginDevice(address));
  };
  const askDevice = async ({ request, address }: PublicExchange): Promise<Answer> => {
    const { Handle } = await readJson(request, handleSchema);
    const path = '/api/fleet/auth/device/ask';
    const user = await oidc.askDevice(Handle);
    if (user === undefined) return { status: 202, body: {} };
    return await signedIn(services, { request, address, path }, async () => user);
  };
  return [
    publicRoute('GET', '/api/auth/oauth/login', login),
    publicRoute('POST', '/api/auth/oauth/validate', validate),
    publicRoute('POST', '/api/fleet/auth/device', beginDevice),
    publicRoute('POST', '/api/fleet/auth/device/ask', askDevice),
  ];
}

/** Notes in the audit trail who it was, whether it went well or not. */
async function signedIn(
  { sessions, audit, log }: Services,
  where: Pick<PublicExchange, 'request' | 'address'> & { readonly path: string },
  recognise: () => Promise<User>,
): Promise<Answer> {
  const { request, address, path } = where;
  const noted = { request, path, user: '' };
  return await notedOnce(audit, noted, 'sign-in', async () => {
    const user = await recognise();
    noted.user = user.username;
    log.info({ user: user.username, address, by: 'oidc' }, 'signed in');
    const jwt = await sessions.issue(user);
    return ok({ jwt }, { 'Set-Cookie': sessionCookie(jwt) });
  });
}

/** What the routes read, for docs/openapi.json. */
export const oauthBodies = {
  'POST /api/auth/oauth/validate': codeSchema,
  'POST /api/fleet/auth/device/ask': handleSchema,
};
