/**
 * Finds the credential of a request in the order Portainer looks: API key (header, or query in any case), cookie, `?token=`, Authorization.
 * The first one present decides, so that nobody can mix one credential's rights with another's freedom from checks.
 */
import type { IncomingMessage } from 'node:http';
import { Fault } from '../../protocol/fault.ts';
import type { ApiKeys } from '../fleet/api-keys.ts';
import type { Grant, Proof } from '../fleet/grant.ts';
import type { Sessions } from '../fleet/sessions.ts';
import type { Teams } from '../fleet/teams.ts';
import type { CsrfTokens } from './cross-site.ts';
import { sessionTokenOf } from './session-cookie.ts';

/** Header names that carry a credential of this server; never passed on to an engine. */
export const CREDENTIAL_HEADERS = ['authorization', 'cookie', 'x-api-key'] as const;

/** Whether a query parameter may carry a credential of this server. */
export const isCredentialParameter = (name: string): boolean =>
  name === 'token' || name.toLowerCase() === 'x-api-key';

function apiKeyOf(request: IncomingMessage, query: URLSearchParams): string | undefined {
  const header = request.headers['x-api-key'];
  if (typeof header === 'string' && header !== '') return header;
  for (const [name, value] of query) {
    if (name.toLowerCase() === 'x-api-key' && value !== '') return value;
  }
  return undefined;
}

interface Credential {
  readonly kind: 'api-key' | 'cookie' | 'token';
  readonly value: string;
}

/** Undefined when none came. */
function credentialOf(request: IncomingMessage, query: URLSearchParams): Credential | undefined {
  const apiKey = apiKeyOf(request, query);
  if (apiKey !== undefined) return { kind: 'api-key', value: apiKey };
  const cookie = sessionTokenOf(request);
  if (cookie !== undefined) return { kind: 'cookie', value: cookie };
  const { authorization } = request.headers;
  const token = query.get('token') || authorization?.replace(/^Bearer\s+/i, '').trim();
  return token ? { kind: 'token', value: token } : undefined;
}

/** Whether it is the cookie that speaks for the request. */
export const isByCookie = (request: IncomingMessage, query: URLSearchParams): boolean =>
  credentialOf(request, query)?.kind === 'cookie';

export interface CredentialParts {
  readonly sessions: Sessions;
  readonly apiKeys: ApiKeys;
  readonly teams: Teams;
  readonly csrf: CsrfTokens;
}

/** The grant behind a request; Fault unauthorized, forbidden or cross-site in Portainer's words. */
export async function authenticate(
  request: IncomingMessage,
  query: URLSearchParams,
  parts: CredentialParts,
): Promise<Grant> {
  const provedAtMs = performance.now();
  const proof = await proofOf(request, query, parts);
  return { ...proof, teamIds: parts.teams.idsOf(proof.user.id), provedAtMs };
}

async function proofOf(
  request: IncomingMessage,
  query: URLSearchParams,
  { sessions, apiKeys, csrf }: CredentialParts,
): Promise<Proof> {
  const credential = credentialOf(request, query);
  const { 'x-api-key': keyHeader, authorization } = request.headers;
  const isBoth = keyHeader !== undefined && authorization !== undefined;
  if (isBoth && sessionTokenOf(request) === undefined) {
    throw new Fault('forbidden', 'api key and auth header are not allowed at the same time', {
      details: 'Access denied to resource',
    });
  }
  if (credential === undefined) {
    throw new Fault('unauthorized', 'A valid authorization token is missing', {
      details: 'Unauthorized',
    });
  }
  if (credential.kind === 'api-key') return apiKeys.check(credential.value);
  const proof = await sessions.check(credential.value);
  if (credential.kind === 'cookie') csrf.check(request, proof.credentialId);
  return proof;
}
