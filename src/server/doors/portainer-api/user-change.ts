/** PUT /api/users/{id} (Portainer API): an administrator makes an account an administrator, or a user again. */
import { z } from 'zod';
import { Fault } from '../../../protocol/fault.ts';
import { ok } from '../answer.ts';
import { caseless, readJson } from '../body.ts';
import { type Exchange, idOf, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';
import { userJson } from './users.ts';

const changeSchema = caseless({
  Role: z.union([z.literal(1), z.literal(2)]),
});

/** Everything of the account that is open ends, and begins anew with what it may now. */
export function userChangeRoute({ accounts, heldGrants, log }: Services): Route {
  const change = async (exchange: Exchange) => {
    const id = idOf(exchange, 'user');
    const { Role } = await readJson(exchange.request, changeSchema);
    if (exchange.grant.user.id === id) {
      throw new Fault('forbidden', 'Permission denied to update user', {
        details: 'Nobody changes the role of the own account; ask another administrator.',
      });
    }
    const user = await accounts.setRole(id, Role);
    heldGrants.end((held) => held.user.id === id);
    log.info({ user: user.username, role: Role, by: exchange.grant.user.username }, 'role changed');
    return ok(userJson(user));
  };
  return route('PUT', '/api/users/:id', change, 'administrator');
}

/** What the routes read, for docs/openapi.json. */
export const userChangeBodies = {
  'PUT /api/users/:id': changeSchema,
};
