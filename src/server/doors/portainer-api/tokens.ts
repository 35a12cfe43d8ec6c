/**
 * API keys of a user (Portainer API, access tokens). A key can't make another key, so a stolen one can't outlive its removal.
 * Beyond Portainer a key may have an end and a scope; a key without them is told in Portainer's own shape.
 */
import { z } from 'zod';
import { Fault } from '../../../protocol/fault.ts';
import { ROLES } from '../../../protocol/permission.ts';
import type { ApiKey } from '../../fleet/api-keys.ts';
import { checkUnscoped } from '../../fleet/grant.ts';
import { NO_CONTENT, ok } from '../answer.ts';
import { caseless, readJson } from '../body.ts';
import { idOf, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';
import { checkSelfOrAdministrator } from './users.ts';

const roleIds = ROLES.flatMap(({ id }) => (id === null ? [] : [id]));
const tokenSchema = caseless({
  Password: z.string().default(''),
  Description: z.string(),
  ExpiresAt: z.int().positive().optional(),
  EnvironmentIds: z.array(z.int().positive()).min(1).max(10_000).optional(),
  RoleId: z
    .int()
    .refine((id) => roleIds.includes(id), 'is the number of one of /api/roles')
    .optional(),
});

const toJson = (key: ApiKey) => ({
  id: key.id,
  userId: key.userId,
  description: key.description,
  prefix: key.prefix,
  dateCreated: key.dateCreated,
  lastUsed: key.lastUsed,
  ...(key.expiresAt !== null && { expiresAt: key.expiresAt }),
  ...(key.environmentIds !== null && { environmentIds: key.environmentIds }),
  ...(key.roleId !== null && { roleId: key.roleId }),
});

function createRoute({ accounts, sessions, apiKeys, tryLimit, log }: Services): Route {
  return route('POST', '/api/users/:id/tokens', async (exchange) => {
    const { grant, request, address } = exchange;
    const id = idOf(exchange, 'user');
    if (grant.via !== 'session') {
      throw new Fault('forbidden', 'Auth not supported', {
        details: 'An API key can not make another; sign in with a password first.',
      });
    }
    if (grant.user.id !== id) {
      throw new Fault('forbidden', "Couldn't verify user identity", {
        details: 'Only the user can make an access token for the account.',
      });
    }
    const wish = await readJson(request, tokenSchema);
    await tryLimit.count(address);
    const isVouched = grant.user.passwordHash === '' && sessions.isFresh(grant);
    if (!isVouched && !(await accounts.verify(grant.user, wish.Password, address))) {
      throw new Fault('forbidden', "Current password doesn't match", {
        details: 'The current password is not the one given.',
      });
    }
    const { Description: description, ExpiresAt: expiresAt } = wish;
    const scope = { environmentIds: wish.EnvironmentIds, roleId: wish.RoleId };
    const { key, record } = await apiKeys.create(id, { description, expiresAt, ...scope });
    log.info({ user: grant.user.username, description, address }, 'API key created');
    const apiKey = { ...toJson(record), digest: record.digest };
    return { status: 201, body: { rawAPIKey: key, apiKey } };
  });
}

/** /api/users/{id}/tokens. */
export function tokenRoutes(services: Services): Route[] {
  const { apiKeys, heldGrants } = services;
  return [
    createRoute(services),
    route('GET', '/api/users/:id/tokens', async (exchange) => {
      const id = idOf(exchange, 'user');
      checkSelfOrAdministrator(exchange, id);
      return ok((await apiKeys.listOf(id)).map(toJson));
    }),
    route('DELETE', '/api/users/:id/tokens/:keyID', async (exchange) => {
      const id = idOf(exchange, 'user');
      const keyId = idOf(exchange, 'api-key', 'keyID');
      checkSelfOrAdministrator(exchange, id);
      const { grant } = exchange;
      // A key may always end itself: that is how a console signs out.
      if (grant.credentialId !== String(keyId)) checkUnscoped(grant);
      await apiKeys.remove(id, keyId);
      heldGrants.end((held) => held.via === 'api-key' && held.credentialId === String(keyId));
      return NO_CONTENT;
    }),
  ];
}

/** What the routes read, for docs/openapi.json. */
export const tokenBodies = {
  'POST /api/users/:id/tokens': tokenSchema,
};
