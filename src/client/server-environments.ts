/**
 * What a console asks a server about environments: how a link fares (GET /api/fleet/environments/{id}/link), and to add
 * one (Portainer API: POST /api/endpoints).
 */
import { z } from 'zod';
import { FAULTS, Fault, type FaultCode } from '../protocol/fault.ts';
import type { LinkStatus } from '../protocol/link-api.ts';
import type {
  AddableKind,
  AddedEnvironment,
  EnvironmentDraft,
} from '../protocol/new-environment.ts';
import { callServer, jsonOf, type ServerAnswer, type ServerReach } from './server-call.ts';

export interface ServerSession {
  readonly reach: ServerReach;
  /** With the credential. */
  readonly headers: Readonly<Record<string, string>>;
}

const codes = Object.keys(FAULTS) as [FaultCode, ...FaultCode[]];
const moment = z.number().nullable();

const endSchema = z.object({
  atMs: z.number(),
  upMs: z.number(),
  sentence: z.string(),
  side: z.enum(['server', 'agent']),
});

const refusalSchema = z.object({
  atMs: z.number(),
  address: z.string(),
  // A newer server may know more of them.
  code: z.enum(codes).catch('internal'),
  sentence: z.string(),
});

const waitingSchema = z.object({
  fingerprint: z.string(),
  address: z.string(),
  product: z.string(),
  sinceMs: z.number(),
  lastAtMs: z.number(),
});

const linkStatusSchema = z.object({
  environmentId: z.number(),
  name: z.string(),
  trust: z.enum(['link', 'legacy', 'none']),
  isEdge: z.boolean(),
  state: z.enum(['connecting', 'up', 'down', 'waiting']),
  sinceMs: z.number(),
  agentFingerprint: z.string().nullable(),
  serverFingerprint: z.string(),
  agentProduct: z.string().nullable(),
  peerAddress: z.string().nullable(),
  roundTripMs: z.number().nullable(),
  clockOffsetMs: z.number().nullable(),
  joinExpiresAtMs: moment,
  rotatedAtMs: moment,
  ends: z.array(endSchema).max(1_000),
  waiting: z.array(waitingSchema).max(1_000).default([]),
  refused: z.array(refusalSchema).max(10_000),
}) satisfies z.ZodType<LinkStatus>;

/** They are put into a command line: printable and without blanks, as every server makes them. */
const wireWord = z.string().regex(/^[\x21-\x7e]{1,2000}$/);

const createdSchema = z.object({
  Id: z.int().positive(),
  EdgeKey: z.string().optional(),
  EdgeID: z.string().optional(),
});

const joinSchema = z.object({ EdgeKey: wireWord, EdgeID: wireWord });

/** EndpointCreationType of Portainer's API. */
const CREATION_TYPES: Readonly<Record<AddableKind, number>> = { agent: 2, 'edge-agent': 4 };

/** The server asks a direct agent for a sign of life before it answers. */
const CREATION_DEADLINE_MS = 45_000;

/** How the link of an environment fares; Fault with the server's own words when it does not say. */
export async function fetchLinkStatus(
  { reach, headers }: ServerSession,
  environmentId: number,
): Promise<LinkStatus> {
  const path = `/api/fleet/environments/${environmentId}/link`;
  const answer = await callServer(reach, { method: 'GET', path, headers });
  return linkStatusOf(reach, 'tell about this link', answer);
}

function linkStatusOf(reach: ServerReach, wish: string, answer: ServerAnswer): LinkStatus {
  if (answer.status !== 200) throw refused(reach, wish, answer);
  const parsed = linkStatusSchema.safeParse(jsonOf(answer));
  if (parsed.success) return parsed.data;
  throw strange(reach, 'the state of a link', parsed.error);
}

/** Lets the agent with this key in that waits for a word; Fault with the server's own words when it refuses. */
export async function acceptAgent(
  { reach, headers }: ServerSession,
  environmentId: number,
  fingerprint: string,
): Promise<LinkStatus> {
  const path = `/api/fleet/environments/${environmentId}/link/accept`;
  const answer = await callServer(reach, { method: 'POST', path, headers, body: { fingerprint } });
  return linkStatusOf(reach, 'accept this agent', answer);
}

/** Adds it; Fault with the server's own words when it refuses. What it answers is a secret for an edge agent. */
export async function createEnvironment(
  { reach, headers }: ServerSession,
  draft: EnvironmentDraft,
): Promise<Omit<AddedEnvironment, 'isOwnCertificate'>> {
  const answer = await callServer(
    { ...reach, deadlineMs: CREATION_DEADLINE_MS },
    {
      method: 'POST',
      path: '/api/endpoints',
      headers,
      body: {
        Name: draft.name,
        EndpointCreationType: CREATION_TYPES[draft.kind],
        URL: draft.url,
      },
    },
  );
  if (answer.status !== 200) {
    const fault = refused(reach, 'add the environment', answer);
    throw answer.status === 422 ? new Fault('wrong-address', fault.message) : fault;
  }
  const created = createdSchema.safeParse(jsonOf(answer));
  if (!created.success) throw strange(reach, 'the new environment', undefined);
  const environmentId = created.data.Id;
  if (draft.kind === 'agent') return { environmentId };
  const join = joinSchema.safeParse(created.data);
  if (!join.success) throw withoutJoin(reach, environmentId);
  return { environmentId, edgeKey: join.data.EdgeKey, edgeId: join.data.EdgeID };
}

function withoutJoin({ address }: ServerReach, environmentId: number): Fault {
  return new Fault(
    'bad-peer',
    `${address.where} added environment ${environmentId}, but did not answer with EDGE_KEY and EDGE_ID; is it a fleet-server?`,
  );
}

/** An answer that may hold a secret is never quoted. */
export function strange({ address }: ServerReach, what: string, cause: unknown): Fault {
  const sentence = `${address.where} does not answer ${what} in a form that this console knows; update the older of the two.`;
  return new Fault('bad-peer', sentence, { cause });
}

const REFUSALS: Readonly<Record<number, FaultCode>> = {
  400: 'bad-request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
};

/** The server's own words about a call that it refused. */
export function refused({ address }: ServerReach, what: string, answer: ServerAnswer): Fault {
  const body = jsonOf(answer);
  const { message, details } = (typeof body === 'object' && body !== null ? body : {}) as Readonly<
    Record<string, unknown>
  >;
  const said = [message, details].filter((part) => typeof part === 'string' && part !== '');
  const words = said.length > 0 ? said.join(': ').slice(0, 500) : `status ${answer.status}`;
  const code = REFUSALS[answer.status] ?? (answer.status >= 500 ? 'unreachable' : 'bad-peer');
  return new Fault(code, `${address.where} did not ${what}: ${words}`);
}
