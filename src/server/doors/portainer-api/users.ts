/** Users: the first administrator, accounts, passwords (Portainer API, users). Hashes are never answered. */
import { z } from 'zod';
import { Fault } from '../../../protocol/fault.ts';
import type { User } from '../../fleet/accounts.ts';
import { checkUnscoped, isAdministrator } from '../../fleet/grant.ts';
import { NO_CONTENT, ok } from '../answer.ts';
import { caseless, readJson } from '../body.ts';
import { type Exchange, idOf, publicRoute, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';

const newUserSchema = caseless({
  Username: z.string(),
  /** Absent for an account that signs in by the OIDC provider. */
  Password: z.string().default(''),
  Role: z.union([z.literal(1), z.literal(2)]).default(2),
});
const ADMINISTRATOR = 1;
const firstAdministratorSchema = caseless({ Username: z.string(), Password: z.string() });
const passwordChangeSchema = caseless({
  Password: z.string().default(''),
  NewPassword: z.string(),
});

/** A user in Portainer's shape. */
export const userJson = (user: User) => ({
  Id: user.id,
  Username: user.username,
  Role: user.role,
  TokenIssueAt: user.tokensValidFromS,
  ThemeSettings: { color: '' },
  UseCache: false,
  PortainerAuthorizations: null,
  EndpointAuthorizations: null,
});

/** Fault forbidden unless it is the user's own id or an administrator asks. */
export function checkSelfOrAdministrator(exchange: Exchange, id: number): void {
  if (exchange.grant.user.id === id || isAdministrator(exchange.grant)) return;
  throw new Fault('forbidden', 'Permission denied to access this user', {
    details: 'Permission denied to access resource',
  });
}

/** Leaders put people into their teams by name; administrators are not told to them, as in Portainer. */
const listRefused = (): Fault =>
  new Fault('forbidden', 'Permission denied to access users list', {
    details: 'Only administrators and the leaders of teams may list users.',
  });

/** /api/users without its tokens. */
export function userRoutes(services: Services): Route[] {
  return [
    ...firstAdministratorRoutes(services),
    ...accountRoutes(services),
    passwordRoute(services),
  ];
}

function firstAdministratorRoutes({ accounts, tryLimit, log }: Services): Route[] {
  return [
    publicRoute('GET', '/api/users/admin/check', async () => {
      if (await accounts.hasAdministrator()) return NO_CONTENT;
      throw new Fault('not-found', 'No administrator account found inside the database', {
        details: 'Object not found inside the database',
      });
    }),
    publicRoute('POST', '/api/users/admin/init', async ({ request, address }) => {
      const { Username, Password } = await readJson(request, firstAdministratorSchema);
      await tryLimit.count(address);
      const user = await accounts.createFirstAdministrator(Username, Password);
      log.info({ user: user.username, address }, 'first administrator created');
      return ok(userJson(user));
    }),
  ];
}

function accountRoutes({ accounts, oidc, teams, heldGrants, log }: Services): Route[] {
  return [
    route('GET', '/api/users', async ({ grant }) => {
      const isAll = isAdministrator(grant);
      if (!isAll && !teams.leadsAny(grant)) throw listRefused();
      const users = (await accounts.list()).filter(({ role }) => isAll || role !== ADMINISTRATOR);
      return ok(
        users.map(({ id, username, role }) => ({ Id: id, Username: username, Role: role })),
      );
    }),
    route(
      'POST',
      '/api/users',
      async ({ request, grant }) => {
        const { Username, Password, Role } = await readJson(request, newUserSchema);
        const isVouched = Password === '' && oidc.isOn;
        const user = isVouched
          ? await accounts.createWithoutPassword(Username, Role)
          : await accounts.create(Username, Password, Role);
        log.info({ user: user.username, by: grant.user.username }, 'user created');
        return ok(userJson(user));
      },
      'administrator',
    ),
    route('GET', '/api/users/me', async ({ grant }) =>
      ok({ ...userJson(grant.user), forceChangePassword: false }),
    ),
    route('GET', '/api/users/:id', async (exchange) => {
      const id = idOf(exchange, 'user');
      checkSelfOrAdministrator(exchange, id);
      return ok(userJson(await accounts.get(id)));
    }),
    route(
      'DELETE',
      '/api/users/:id',
      async (exchange) => {
        const id = idOf(exchange, 'user');
        await accounts.remove(id, exchange.grant.user.id);
        teams.forgetUser(id);
        heldGrants.end((held) => held.user.id === id);
        log.info({ userId: id, by: exchange.grant.user.username }, 'user removed');
        return NO_CONTENT;
      },
      'administrator',
    ),
  ];
}

function passwordRoute({ accounts, tryLimit, heldGrants }: Services): Route {
  return route('PUT', '/api/users/:id/passwd', async (exchange) => {
    const id = idOf(exchange, 'user');
    checkSelfOrAdministrator(exchange, id);
    checkUnscoped(exchange.grant);
    const change = await readJson(exchange.request, passwordChangeSchema);
    await tryLimit.count(exchange.address);
    const user = await accounts.get(id);
    const isOwn = exchange.grant.user.id === id;
    if (isOwn && !(await accounts.verify(user, change.Password, exchange.address))) {
      throw new Fault('forbidden', 'Current password is invalid', {
        details: 'The current password is not the one given.',
      });
    }
    await accounts.setPassword(id, change.NewPassword);
    heldGrants.end((held) => held.user.id === id && held.via === 'session');
    return NO_CONTENT;
  });
}

/** What the routes read, for docs/openapi.json. */
export const userBodies = {
  'POST /api/users/admin/init': firstAdministratorSchema,
  'POST /api/users': newUserSchema,
  'PUT /api/users/:id/passwd': passwordChangeSchema,
};
