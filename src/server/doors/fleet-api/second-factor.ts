/**
 * /api/fleet/users/{id}/second-factor, which Portainer CE has not: an account turns its own on and off, an administrator takes
 * one away whose owner has lost phone and recovery codes. Sessions only: a key was made to work without a person.
 */
import { z } from 'zod';
import { Fault } from '../../../protocol/fault.ts';
import { isAdministrator } from '../../fleet/grant.ts';
import { type Answer, NO_CONTENT, ok } from '../answer.ts';
import { caseless, readJson } from '../body.ts';
import { checkSelfOrAdministrator } from '../portainer-api/users.ts';
import { type Exchange, idOf, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';

const PATH = '/api/fleet/users/:id/second-factor';

const passwordSchema = caseless({ Password: z.string().default('') });
const codeSchema = caseless({ Code: z.string().max(64) });
const removalSchema = caseless({
  Password: z.string().default(''),
  Code: z.string().max(64).default(''),
});

function checkOwnSession({ grant }: Exchange, id: number): void {
  if (grant.via === 'session' && grant.user.id === id) return;
  throw new Fault('forbidden', 'Access denied', {
    details: 'Only the owner of the account can do this, signed in and without an API key.',
  });
}

/** Reading it, turning it on (begin, confirm) and off, and new recovery codes. */
export function secondFactorRoutes(services: Services): Route[] {
  return [...enrolmentRoutes(services), removalRoute(services)];
}

async function checkPassword(
  { accounts, tryLimit }: Services,
  { grant, address }: Exchange,
  password: string,
): Promise<void> {
  await tryLimit.count(address);
  if (await accounts.verify(grant.user, password, address)) return;
  throw new Fault('forbidden', "Current password doesn't match", {
    details: 'The current password is not the one given.',
  });
}

function enrolmentRoutes(services: Services): Route[] {
  const { secondFactors, tryLimit, log } = services;
  const state = async (exchange: Exchange): Promise<Answer> => {
    const id = idOf(exchange, 'user');
    checkSelfOrAdministrator(exchange, id);
    return ok(await secondFactors.stateOf(id));
  };
  const begin = async (exchange: Exchange): Promise<Answer> => {
    const id = idOf(exchange, 'user');
    checkOwnSession(exchange, id);
    const { Password } = await readJson(exchange.request, passwordSchema);
    await checkPassword(services, exchange, Password);
    return ok(await secondFactors.begin(exchange.grant.user));
  };
  const confirm = async (exchange: Exchange): Promise<Answer> => {
    const id = idOf(exchange, 'user');
    checkOwnSession(exchange, id);
    const { Code } = await readJson(exchange.request, codeSchema);
    await tryLimit.count(exchange.address);
    const recoveryCodes = await secondFactors.confirm(id, Code);
    log.info({ user: exchange.grant.user.username }, 'second factor turned on');
    return ok({ recoveryCodes });
  };
  const renew = async (exchange: Exchange): Promise<Answer> => {
    const id = idOf(exchange, 'user');
    checkOwnSession(exchange, id);
    const { Code } = await readJson(exchange.request, codeSchema);
    await tryLimit.count(exchange.address);
    if (!(await secondFactors.stateOf(id)).isOn) {
      throw new Fault('conflict', 'The second factor is off', { details: 'Turn it on first.' });
    }
    await secondFactors.check(id, Code);
    return ok({ recoveryCodes: await secondFactors.renewRecoveryCodes(id) });
  };
  return [
    route('GET', PATH, state),
    route('POST', PATH, begin),
    route('POST', `${PATH}/confirm`, confirm),
    route('POST', `${PATH}/recovery-codes`, renew),
  ];
}

/**
 * The owner proves password and code; for others an administrator's word is enough, and the audit trail keeps it. Streams of
 * an account that must have a factor end with it.
 */
function removalRoute(services: Services): Route {
  const { accounts, secondFactors, factorPolicy, heldGrants, log } = services;
  return route('DELETE', PATH, async (exchange) => {
    const { grant, request } = exchange;
    const { id, username } = await accounts.get(removable(exchange));
    if (id === grant.user.id) {
      checkOwnSession(exchange, id);
      const { Password, Code } = await readJson(request, removalSchema);
      await checkPassword(services, exchange, Password);
      await secondFactors.check(id, Code);
    }
    await secondFactors.remove(id);
    heldGrants.end((held) => held.user.id === id && factorPolicy.concerns(held));
    log.info({ user: username, by: grant.user.username }, 'second factor removed');
    return NO_CONTENT;
  });
}

function removable(exchange: Exchange): number {
  const id = idOf(exchange, 'user');
  if (id === exchange.grant.user.id || isAdministrator(exchange.grant)) return id;
  throw new Fault('forbidden', 'Permission denied to access this user', {
    details: 'Permission denied to access resource',
  });
}

/** What the routes read, for docs/openapi.json. */
export const secondFactorBodies = {
  'POST /api/fleet/users/:id/second-factor': passwordSchema,
  'POST /api/fleet/users/:id/second-factor/confirm': codeSchema,
  'POST /api/fleet/users/:id/second-factor/recovery-codes': codeSchema,
  'DELETE /api/fleet/users/:id/second-factor': removalSchema,
};
