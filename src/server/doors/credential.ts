/**
 * Finds the credential of a request in the order Portainer looks: API key (header, or query in any case), then `?token=`, then Authorization.
 * The first one present decides. Cookies are not accepted, so no other site can act through a browser.
 */
import type { IncomingMessage } from 'node:http';
import { Fault } from '../../protocol/fault.ts';
import type { ApiKeys } from '../fleet/api-keys.ts';
import type { Grant, Proof } from '../fleet/grant.ts';
import type { Sessions } from '../fleet/sessions.ts';
import type { Teams } from '../fleet/teams.ts';

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

/** The grant behind a request; Fault unauthorized or forbidden in Portainer's words. */
export async function authenticate(
  request: IncomingMessage,
  query: URLSearchParams,
  parts: { readonly sessions: Sessions; readonly apiKeys: ApiKeys; readonly teams: Teams },
): Promise<Grant> {
  const proof = await proofOf(request, query, parts);
  return { ...proof, teamIds: parts.teams.idsOf(proof.user.id) };
}

async function proofOf(
  request: IncomingMessage,
  query: URLSearchParams,
  parts: { readonly sessions: Sessions; readonly apiKeys: ApiKeys },
): Promise<Proof> {
  const { authorization } = request.headers;
  if (request.headers['x-api-key'] !== undefined && authorization !== undefined) {
    throw new Fault('forbidden', 'api key and auth header are not allowed at the same time', {
      details: 'Access denied to resource',
    });
  }
  const apiKey = apiKeyOf(request, query);
  if (apiKey !== undefined) return parts.apiKeys.check(apiKey);
  const token = query.get('token') || authorization?.replace(/^Bearer\s+/i, '').trim();
  if (token === undefined || token === '') {
    throw new Fault('unauthorized', 'A valid authorization token is missing', {
      details: 'Unauthorized',
    });
  }
  return parts.sessions.check(token);
}
