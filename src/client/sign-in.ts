/**
 * A password becomes an API key of this console, once; the password itself is never kept.
 * Portainer API: POST /api/auth, GET /api/users/me, POST and DELETE /api/users/{id}/tokens.
 */
import { hostname, userInfo } from 'node:os';
import { FAULT_HEADER, Fault } from '../protocol/fault.ts';
import type { Credential } from './context-shape.ts';
import {
  callServer,
  jsonOf,
  type ServerAnswer,
  type ServerCall,
  type ServerReach,
} from './server-call.ts';

export interface Login {
  readonly username: string;
  readonly password: string;
  /** Of the second factor, where the account has one. */
  readonly code?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** The fields of a JSON object; none of anything else. */
export function fieldsOf(answer: ServerAnswer): Fields {
  const body = jsonOf(answer);
  return typeof body === 'object' && body !== null ? (body as Fields) : {};
}

/** The server's own words about a refused call, as a Fault. */
export function refused(reach: ServerReach, what: string, answer: ServerAnswer): Fault {
  const { message, details } = fieldsOf(answer);
  const words = [message, details].filter((part) => typeof part === 'string').join(': ');
  const code = answer.status === 401 || answer.status === 403 ? 'forbidden' : 'bad-peer';
  return new Fault(
    code,
    `${reach.address.where} did not ${what} (status ${answer.status}${words ? `, ${words.slice(0, 300)}` : ''}).`,
  );
}

/** The server asks to come again later. */
export function tooMany(reach: ServerReach, answer: ServerAnswer): Fault {
  const retryAfterS = Number(answer.headers['retry-after']) || 60;
  const { message } = fieldsOf(answer);
  const words = typeof message === 'string' ? ` (${message.slice(0, 100).toLowerCase()})` : '';
  return new Fault(
    'too-many',
    `${reach.address.where} takes no more attempts now${words}; try again in ${retryAfterS} s.`,
    { retryAfterS },
  );
}

/** Signed in with an API key that somebody made on the server (ptr_…); Fault unauthorized when it is not known there. */
export async function signInWithKey(reach: ServerReach, key: string): Promise<Credential> {
  const me = await callServer(reach, {
    method: 'GET',
    path: '/api/users/me',
    headers: credentialHeaders({ token: key }),
  });
  if (me.status === 401) {
    throw new Fault(
      'unauthorized',
      `${reach.address.where} does not know this API key; make a new one in your account there.`,
    );
  }
  const { Id: userId, Username: username } = fieldsOf(me);
  return {
    token: key,
    ...(typeof userId === 'number' ? { userId } : {}),
    ...(typeof username === 'string' ? { username } : {}),
  };
}

/** A session token; Fault wrong-password, second-factor, too-many, forbidden or bad-peer. */
export async function openSession(reach: ServerReach, login: Login): Promise<string> {
  const answer = await callServer(reach, { method: 'POST', path: '/api/auth', body: login });
  if (answer.headers[FAULT_HEADER.toLowerCase()] === 'second-factor') {
    const why = login.code ? 'does not accept this code; take the next one' : 'asks for a code';
    throw new Fault(
      'second-factor',
      `${reach.address.where} ${why}: the six digits of your authenticator app, or a recovery code.`,
    );
  }
  if (answer.status === 422)
    throw new Fault(
      'wrong-password',
      `${reach.address.where} does not accept this user name and password; check both.`,
    );
  if (answer.status === 429) throw tooMany(reach, answer);
  const { jwt } = fieldsOf(answer);
  if (answer.status !== 200 || typeof jwt !== 'string') throw refused(reach, 'sign in', answer);
  return jwt;
}

/** An account without a passwd entry (a container run with any uid) has no name. */
function whoAmI(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return hostname();
  }
}

/** Older Portainers have no /api/users/me, but say it in the token of the session. */
function idInToken(token: string): unknown {
  try {
    const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
    return (JSON.parse(claims) as Fields).id;
  } catch {
    return undefined;
  }
}

/** Signs in and makes a key; Fault wrong-password, second-factor, too-many, forbidden or bad-peer. */
export async function signIn(reach: ServerReach, login: Login): Promise<Credential> {
  const { username, password } = login;
  return { ...(await makeKey(reach, await openSession(reach, login), password)), username };
}

const isFactorDue = ({ headers }: ServerAnswer): boolean =>
  headers[FAULT_HEADER.toLowerCase()] === 'second-factor-due';

const factorDue = ({ address }: ServerReach): Fault =>
  new Fault(
    'second-factor-due',
    `${address.where} requires a second factor of this account; turn it on first, on a terminal: fleet-tui login ${address.url}`,
  );

/** An API key named `fleet-tui USER@HOST`, made in a session; the password is undefined where the account has none. */
export async function makeKey(
  reach: ServerReach,
  token: string,
  password: string | undefined,
): Promise<Credential> {
  const headers = { authorization: `Bearer ${token}` };
  const me = await callServer(reach, { method: 'GET', path: '/api/users/me', headers });
  const { Id, Username: username } = fieldsOf(me);
  const userId = me.status === 200 ? Id : idInToken(token);
  if (typeof userId !== 'number') throw refused(reach, 'say who signed in', me);
  const created = await callServer(reach, {
    method: 'POST',
    path: `/api/users/${userId}/tokens`,
    headers,
    body: { password, description: `fleet-tui ${whoAmI()}` },
  });
  const { rawAPIKey, apiKey } = fieldsOf(created);
  if (created.status >= 300 || typeof rawAPIKey !== 'string')
    throw isFactorDue(created) ? factorDue(reach) : refused(reach, 'make an API key', created);
  const tokenId = (apiKey as Fields | undefined)?.id;
  return {
    token: rawAPIKey,
    userId,
    ...(typeof username === 'string' ? { username } : {}),
    ...(typeof tokenId === 'number' ? { tokenId } : {}),
  };
}

/** The headers that carry the credential. */
export function credentialHeaders(credential: Credential): Readonly<Record<string, string>> {
  return { 'x-api-key': credential.token };
}

/** Makes the server forget the API key; one it does not know any more counts as forgotten. */
export async function signOut(reach: ServerReach, credential: Credential): Promise<void> {
  const { userId, tokenId } = credential;
  if (userId === undefined || tokenId === undefined)
    throw new Fault('not-found', 'This API key was not made here; remove it on the server.');
  const call: ServerCall = {
    method: 'DELETE',
    path: `/api/users/${userId}/tokens/${tokenId}`,
    headers: credentialHeaders(credential),
  };
  const answer = await callServer(reach, call);
  if (answer.status >= 300 && answer.status !== 401 && answer.status !== 404)
    throw refused(reach, 'revoke the API key', answer);
}

/** Whether the server waits for its first administrator: GET /api/users/admin/check. */
export async function hasAdministrator(reach: ServerReach): Promise<boolean> {
  const answer = await callServer(reach, { method: 'GET', path: '/api/users/admin/check' });
  return answer.status !== 404;
}

/** Creates the first administrator; Fault conflict when somebody was faster, bad-request when the password is too weak. */
export async function createAdministrator(reach: ServerReach, login: Login): Promise<void> {
  const answer = await callServer(reach, {
    method: 'POST',
    path: '/api/users/admin/init',
    body: login,
  });
  if (answer.status === 409)
    throw new Fault(
      'conflict',
      `${reach.address.where} has an administrator meanwhile; sign in with that account.`,
    );
  if (answer.status === 400)
    throw new Fault(
      'bad-request',
      `${reach.address.where} wants another password. ${String(fieldsOf(answer).details ?? '').slice(0, 300)}`,
    );
  if (answer.status >= 300) throw refused(reach, 'create the administrator', answer);
}
