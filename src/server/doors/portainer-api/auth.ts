/** /api/auth: passwords become session tokens (Portainer API, authentication). Browsers get it as a cookie, too. */
import { z } from 'zod';
import { NO_CONTENT, ok } from '../answer.ts';
import { notedOnce } from '../audit-trail.ts';
import { caseless, readJson } from '../body.ts';
import { publicRoute, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';
import { NO_SESSION_COOKIE, sessionCookie } from '../session-cookie.ts';

const loginSchema = caseless({
  Username: z.string().min(1, 'Invalid username. Must not be empty.'),
  Password: z.string().min(1, 'Invalid password. Must not be empty.'),
  /** Beyond Portainer: the second factor's, asked for by 422 with the header Fleet-Fault: second-factor. */
  Code: z.string().max(64).optional(),
});

/** POST /api/auth and POST /api/auth/logout. */
export function authRoutes(services: Services): Route[] {
  const { accounts, secondFactors, sessions, heldGrants, tryLimit, audit, log } = services;
  return [
    publicRoute('POST', '/api/auth', async ({ request, address }) => {
      const { Username, Password, Code } = await readJson(request, loginSchema);
      await tryLimit.count(address);
      const noted = { request, path: '/api/auth', user: Username };
      return notedOnce(audit, noted, 'sign-in', async () => {
        const user = await accounts.signIn(Username, Password, address);
        await secondFactors.check(user.id, Code);
        log.info({ user: user.username, address }, 'signed in');
        const jwt = await sessions.issue(user);
        return ok({ jwt }, { 'Set-Cookie': sessionCookie(jwt) });
      });
    }),
    route('POST', '/api/auth/logout', async ({ grant }) => {
      await sessions.revoke(grant);
      if (grant.via === 'session') {
        heldGrants.end(
          (held) => held.credentialId === grant.credentialId && held.via === grant.via,
        );
      }
      return { ...NO_CONTENT, headers: { 'Set-Cookie': NO_SESSION_COOKIE } };
    }),
  ];
}

/** What the routes read, for docs/openapi.json. */
export const authBodies = {
  'POST /api/auth': loginSchema,
};
