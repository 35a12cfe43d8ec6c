/**
 * What of a proxied call is judged or covered by its content, for accounts that may not do everything: a body that reaches
 * for the host, and values of environment variables in an answer.
 */
import type { IncomingMessage } from 'node:http';
import type { EngineRoute } from '../../docker/route.ts';
import { callRoute } from '../../docker/route-call.ts';
import { actionOf, withoutVersion } from '../../protocol/docker-call.ts';
import { Fault } from '../../protocol/fault.ts';
import { bodyDecides, hostAccess } from '../../protocol/host-access.ts';
import type { Access } from '../fleet/access-book.ts';
import { type Grant, isAdministrator } from '../fleet/grant.ts';
import { type EngineCall, mayDo } from '../fleet/permissions.ts';
import { type Answer, ok } from './answer.ts';
import { parseJson, readBody } from './body.ts';

export interface GuardedCall extends EngineCall {
  readonly grant: Grant;
  readonly access: Access;
}

const INSPECT_MS = 30_000;
const TELLS_VARIABLES = /^\/(?:containers\/[^/]+\/json|services(?:\/[^/]+)?|tasks(?:\/[^/]+)?)$/;

/**
 * The body to pass on in place of the client's, as it was judged; undefined when nothing had to be judged. Fault forbidden
 * when it reaches for the host and the account may not.
 */
export async function judgedBody(
  call: GuardedCall,
  request: IncomingMessage,
): Promise<Buffer | undefined> {
  const { grant, access, method, path } = call;
  if (!bodyDecides(method, path) || mayDo(grant, access, 'host')) return undefined;
  const body = parseJson((await readBody(request)).toString('utf8'));
  const wish = hostAccess(path, body);
  if (wish !== undefined) {
    throw new Fault('forbidden', 'access denied to resource', {
      details: `Your role in this environment does not include host access, and this asks for ${wish}.`,
    });
  }
  return Buffer.from(JSON.stringify(body));
}

/** Any other may print each process's environment (BSD's `e`), which is for those who may see secrets. */
const HARMLESS_PS: ReadonlySet<string> = new Set(['', '-e', '-ef', '-eF', 'aux', '-aux']);

/** Fault forbidden when what is asked for in the query reveals or reaches more than the call by itself. */
export function checkMayAsk(call: GuardedCall, query: URLSearchParams): void {
  const { grant, access, method, path } = call;
  const plain = withoutVersion(path);
  const asksMore = (name: string, isHarmless: (value: string) => boolean) =>
    query.getAll(name).some((value) => !isHarmless(value));
  if (/^\/containers\/[^/]+\/top$/.test(plain) && !mayDo(grant, access, 'secrets')) {
    if (asksMore('ps_args', (value) => HARMLESS_PS.has(value))) {
      throw notIncluded('secrets', 'these ps_args may print environment variables');
    }
  }
  const isImport = method === 'POST' && plain === '/images/create';
  if (isImport && !mayDo(grant, access, 'host')) {
    if (asksMore('fromSrc', (value) => value === '' || value === '-')) {
      throw notIncluded('host access', 'the engine would fetch what its host can reach');
    }
  }
}

function notIncluded(what: string, why: string): Fault {
  return new Fault('forbidden', 'access denied to resource', {
    details: `Your role in this environment does not include ${what}: ${why}.`,
  });
}

/** Fault forbidden for an upgrade of a call whose body nobody has judged; only exec and attach are streams by nature. */
export function checkMayUpgrade({ grant, method, path }: GuardedCall): void {
  if (isAdministrator(grant) || !bodyDecides(method, path)) return;
  throw new Fault('forbidden', 'access denied to resource', {
    details: 'This call can be made, but not as an upgraded connection.',
  });
}

/** Whether the answer must be covered, since it tells variables that the account may not see. */
export function isCovered({ grant, access, method, path }: GuardedCall): boolean {
  return (
    actionOf(method, path) === 'read' &&
    TELLS_VARIABLES.test(withoutVersion(path)) &&
    !mayDo(grant, access, 'secrets')
  );
}

/** The engine's answer with every value of an environment variable taken out. */
export async function coveredAnswer(
  route: EngineRoute,
  path: string,
  signal: AbortSignal,
): Promise<Answer> {
  const answer = await callRoute(route, { path, deadlineMs: INSPECT_MS, signal });
  const body: unknown = parseAnswer(answer.body, route);
  return { ...ok(withoutValues(body)), status: answer.status };
}

function parseAnswer(body: Buffer, { address }: EngineRoute): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new Fault('bad-peer', `${address} answered with something that is not JSON.`, { cause });
  }
}

/** A copy in which each list under a key Env holds names only: `DB_PASSWORD=hunter2` becomes `DB_PASSWORD=`. */
function withoutValues(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutValues);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => [
      key,
      key === 'Env' && Array.isArray(held) ? held.map(nameOnly) : withoutValues(held),
    ]),
  );
}

function nameOnly(variable: unknown): string {
  const [name = ''] = String(variable).split('=', 1);
  return `${name}=`;
}
