/**
 * What of a proxied call is judged or covered by its content, for accounts that may not do everything: a body that reaches
 * for the host, and values of environment variables in an answer.
 */
import type { IncomingMessage } from 'node:http';
import { callRoute } from '../../docker/route-call.ts';
import { actionOf, withoutVersion } from '../../protocol/docker-call.ts';
import { Fault } from '../../protocol/fault.ts';
import { bodyDecides, hostAccess } from '../../protocol/host-access.ts';
import type { Action } from '../../protocol/permission.ts';
import { isAdministrator } from '../fleet/grant.ts';
import { isLimited, mayDo } from '../fleet/permissions.ts';
import { type Answer, ok } from './answer.ts';
import { parseJson, readBody } from './body.ts';
import { type AskedEngine, parseAnswer } from './engine-object.ts';
import type { GuardedCall } from './judged-call.ts';
import { isOwnedAnswer, ownedAnswer } from './owned-answer.ts';
import { bodyIsAsked, judgeNamed } from './owned-call.ts';
import type { ReadBody } from './owned-creation.ts';
import type { Services } from './services.ts';

const INSPECT_MS = 30_000;
const TELLS_VARIABLES =
  /^\/(?:containers\/[^/]+\/json|services(?:\/[^/]+)?|tasks(?:\/[^/]+)?|plugins(?:\/.+\/json)?)$/;

/**
 * The body of a call that is judged by it, to pass on in place of the client's; undefined when nothing had to be read. Fault
 * forbidden when it reaches for the host, or for objects of others, and the account may not.
 */
export async function judgedBody(
  services: Services,
  call: GuardedCall,
  request: IncomingMessage,
): Promise<ReadBody | undefined> {
  const { grant, access, method, path } = call;
  const isForHost = bodyDecides(method, path) && !mayDo(grant, access, 'host');
  if (!isForHost && !bodyIsAsked(call)) return undefined;
  const read = await readBody(request);
  const value = parseJson(read.toString('utf8'));
  const wish = isForHost ? hostAccess(path, value) : undefined;
  if (wish !== undefined) {
    throw new Fault('forbidden', 'access denied to resource', {
      details: `Your role in this environment does not include host access, and this asks for ${wish}.`,
    });
  }
  const fresh = await judgeNamed(services, call, value);
  const isJudged = isForHost || isLimited(grant, access);
  return { bytes: isJudged ? Buffer.from(JSON.stringify(value)) : read, value, fresh };
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

/** What a connection is upgraded for. Of any other call the answer would come past us, covered or narrowed by nobody. */
const STREAMS: ReadonlySet<Action> = new Set(['exec', 'host']);

/** Fault forbidden for an upgrade of a call whose body or answer is judged; only exec, attach and sessions are streams by nature. */
export function checkMayUpgrade(call: GuardedCall): void {
  const { grant, method, path } = call;
  const isStream = STREAMS.has(actionOf(method, path) ?? 'read');
  const isJudged = bodyDecides(method, path) || bodyIsAsked(call);
  if (isAdministrator(grant) || (isStream && !isJudged)) return;
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

/** Whether an answer is read and told anew. */
export const isToldAnew = ({ controls }: Services, call: GuardedCall): boolean =>
  isCovered(call) || isOwnedAnswer(controls, call);

/** The engine's answer as the account may read it: variables without their values, nothing of others, each with its owners. */
export async function toldAnswer(
  { controls }: Services,
  call: GuardedCall,
  engine: AskedEngine,
  path: string,
): Promise<Answer> {
  const { route, signal } = engine;
  const answer = await callRoute(route, { path, deadlineMs: INSPECT_MS, signal });
  const body = parseAnswer(answer.body, route);
  if (answer.status !== 200) return { ...ok(body), status: answer.status };
  const told = isOwnedAnswer(controls, call)
    ? await ownedAnswer(controls, call, engine, body)
    : body;
  return ok(isCovered(call) ? withoutValues(told) : told);
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

/** A plugin's settings have them as objects with a `Value`. */
function nameOnly(variable: unknown): unknown {
  if (typeof variable === 'object') return { ...variable, Value: '' };
  const [name = ''] = String(variable).split('=', 1);
  return `${name}=`;
}
