/** What may pass a proxy onto an environment that is closed to changes: calls that only look. */
import type { IncomingMessage } from 'node:http';
import { actionOf } from '../../protocol/docker-call.ts';
import { Fault } from '../../protocol/fault.ts';
import type { Action } from '../../protocol/permission.ts';

const LOOKING: ReadonlySet<Action> = new Set<Action>(['read', 'logs', 'stats', 'secrets']);

/** Says why a request may not pass; undefined when it may. */
export type ProxyJudge = (request: IncomingMessage) => Fault | undefined;

function looks(method: string, url: string): boolean {
  const [path = ''] = url.split('?');
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return false;
  }
  const action = actionOf(method, decoded);
  const isGet = method === 'GET' || method === 'HEAD';
  return action !== undefined && (LOOKING.has(action) || (action === 'host' && isGet));
}

/** Lets pass what looks; the rest is told `why`, a sentence, in the way Docker's tools show it. */
export function onlyLooks(why: string): ProxyJudge {
  return ({ method = '', url = '' }) =>
    looks(method, url) ? undefined : new Fault('forbidden', why);
}
