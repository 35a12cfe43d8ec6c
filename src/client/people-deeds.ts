/** Carries out what a person asked for of users, teams, access and API keys (Portainer API), one call for each but access. */
import { Fault } from '../protocol/fault.ts';
import type { DeedAnswer, Named, PeopleDeed } from '../protocol/people.ts';
import type { ProviderInvitation } from './provider-sign-in.ts';
import { callServer, type ServerAnswer, type ServerReach } from './server-call.ts';
import { refused, type ServerSession, strange } from './server-environments.ts';
import { readPlace } from './server-people.ts';
import { fieldsOf, openSession } from './sign-in.ts';

type Deed<Kind extends PeopleDeed['kind']> = Extract<PeopleDeed, { kind: Kind }>;

interface Call {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** What the server is asked to do, after "did not". */
  readonly what: string;
}

const roleOf = (isAdministrator: boolean) => (isAdministrator ? 1 : 2);
const placeIn = (isLeader: boolean) => (isLeader ? 1 : 2);

/** The call of each deed that is one. */
function callOf(deed: Exclude<PeopleDeed, Deed<'set-access' | 'create-key'>>): Call {
  switch (deed.kind) {
    case 'create-user': {
      const { name: Username, password: Password, isAdministrator } = deed;
      const body = { Username, Password, Role: roleOf(isAdministrator) };
      return { method: 'POST', path: '/api/users', body, what: `create ${Username}` };
    }
    case 'set-role': {
      const { user, isAdministrator } = deed;
      const body = { Role: roleOf(isAdministrator) };
      const what = `change the role of ${user.name}`;
      return { method: 'PUT', path: `/api/users/${user.id}`, body, what };
    }
    case 'set-password': {
      const { user, password: NewPassword } = deed;
      const what = `set a new password for ${user.name}`;
      const path = `/api/users/${user.id}/passwd`;
      return { method: 'PUT', path, body: { NewPassword }, what };
    }
    case 'delete-user': {
      const { user } = deed;
      return { method: 'DELETE', path: `/api/users/${user.id}`, what: `delete ${user.name}` };
    }
    case 'create-team': {
      const body = { Name: deed.name };
      return { method: 'POST', path: '/api/teams', body, what: `create the team ${deed.name}` };
    }
    case 'delete-team': {
      const { team } = deed;
      const what = `delete the team ${team.name}`;
      return { method: 'DELETE', path: `/api/teams/${team.id}`, what };
    }
    case 'join-team':
    case 'set-leader':
    case 'leave-team':
      return membershipCall(deed);
    case 'require-factor': {
      const body = { InternalAuthSettings: { RequiredSecondFactor: deed.of } };
      const what = 'change whose second factor is required';
      return { method: 'PUT', path: '/api/settings', body, what };
    }
    case 'delete-key': {
      const { user, key } = deed;
      const path = `/api/users/${user.id}/tokens/${key.id}`;
      return { method: 'DELETE', path, what: `delete the API key ${key.description}` };
    }
  }
}

function membershipCall(deed: Deed<'join-team' | 'set-leader' | 'leave-team'>): Call {
  const { team, user } = deed;
  const path = '/api/team_memberships';
  if (deed.kind === 'leave-team') {
    const what = `take ${user.name} out of ${team.name}`;
    return { method: 'DELETE', path: `${path}/${deed.membershipId}`, what };
  }
  const body = { UserID: user.id, TeamID: team.id, Role: placeIn(deed.isLeader) };
  if (deed.kind === 'join-team') {
    return { method: 'POST', path, body, what: `put ${user.name} into ${team.name}` };
  }
  const what = `change what ${user.name} is in ${team.name}`;
  return { method: 'PUT', path: `${path}/${deed.membershipId}`, body, what };
}

/** For what somebody has to agree to at the server's OIDC provider. */
export interface Agreement {
  /** Hears at once how. */
  readonly invited: (invitation: ProviderInvitation) => void;
  /** Ends the waiting; what is sent afterwards goes on. */
  readonly signal: AbortSignal;
}

/** Does it; Fault with the server's own words when it refuses. */
export async function carryOut(
  session: ServerSession,
  deed: PeopleDeed,
  agreement?: Agreement,
): Promise<DeedAnswer> {
  if (deed.kind === 'create-key') return await createKey(session, deed, agreement);
  if (deed.kind === 'set-access') await setAccess(session, deed);
  else await send(session, callOf(deed));
  return {};
}

async function send(
  { reach, headers }: ServerSession,
  { method, path, body, what }: Call,
): Promise<ServerAnswer> {
  const call = { method, path, headers, ...(body !== undefined && { body }) };
  const answer = await callServer(reach, call);
  if (answer.status >= 300) throw refused(reach, what, answer);
  return answer;
}

/** The policies as they are now with this one changed: what others changed meanwhile stays. */
async function setAccess(session: ServerSession, deed: Deed<'set-access'>): Promise<void> {
  const { place, member, roleId } = deed;
  const now = await readPlace(session, place);
  const field = member.kind === 'user' ? 'UserAccessPolicies' : 'TeamAccessPolicies';
  const { [String(member.id)]: _before, ...others } = now[field] ?? {};
  const changed = roleId === null ? others : { ...others, [member.id]: { RoleId: roleId } };
  const folder = place.of === 'environment' ? 'endpoints' : 'endpoint_groups';
  await send(session, {
    method: 'PUT',
    path: `/api/${folder}/${place.id}`,
    body: { [field]: changed },
    what: `change what ${member.name} may in ${place.name}`,
  });
}

/** A key is made in a session of its own, which ends with it. */
async function createKey(
  { reach }: ServerSession,
  deed: Deed<'create-key'>,
  agreement: Agreement | undefined,
): Promise<DeedAnswer> {
  const token = await sessionFor(reach, deed, agreement);
  const headers = { authorization: `Bearer ${token}` };
  const made = makeKeyIn({ reach, headers }, deed);
  const answer = await made.finally(() =>
    // Best effort: it ends by itself in hours.
    callServer(reach, { method: 'POST', path: '/api/auth/logout', headers }).catch(() => undefined),
  );
  const secret = fieldsOf(answer).rawAPIKey;
  if (typeof secret === 'string') return { secret };
  throw strange(reach, 'the new API key', new Fault('bad-peer', 'No key in the answer.'));
}

/** By the password, or, for an account that has none, by whoever agrees at the provider: the server takes that for ten minutes. */
async function sessionFor(
  reach: ServerReach,
  { user, password, code }: Deed<'create-key'>,
  agreement: Agreement | undefined,
): Promise<string> {
  if (password !== undefined) {
    return await openSession(reach, {
      username: user.name,
      password,
      ...(code !== undefined && { code }),
    });
  }
  if (!agreement) throw new Fault('bad-request', 'Nobody can agree at the provider here.');
  const signal = AbortSignal.any([reach.signal, agreement.signal]);
  const { sessionByProvider } = await import('./provider-sign-in.ts');
  return await sessionByProvider({ ...reach, signal }, agreement.invited);
}

async function makeKeyIn(
  session: ServerSession,
  { user, password, description, endsAtS }: Deed<'create-key'>,
): Promise<ServerAnswer> {
  if (password === undefined) await checkIsOf(session, user);
  return await send(session, {
    method: 'POST',
    path: `/api/users/${user.id}/tokens`,
    body: { password, description, ...(endsAtS !== null && { expiresAt: endsAtS }) },
    what: 'make an API key',
  });
}

/** In a browser somebody may be signed in as another than in the console. */
async function checkIsOf({ reach, headers }: ServerSession, user: Named): Promise<void> {
  const me = await callServer(reach, { method: 'GET', path: '/api/users/me', headers });
  const { Id, Username } = fieldsOf(me);
  if (Id === user.id) return;
  const who = typeof Username === 'string' ? Username : 'somebody else';
  throw new Fault('forbidden', `You agreed as ${who}, and the key is to be ${user.name}'s.`);
}
