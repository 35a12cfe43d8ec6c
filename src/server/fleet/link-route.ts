/** The route to an engine through its agent's link: every connection is a stream in whatever link there is at that moment. */
import { DialAgent } from '../../docker/dial-agent.ts';
import type { EngineRoute } from '../../docker/route.ts';
import type { EngineWatcher } from '../../docker/watcher.ts';
import { notLinked, type Switchboard } from './switchboard.ts';

/** For how long a call waits for an agent that is just redialling. */
const REDIAL_PATIENCE_MS = 3_000;

export interface LinkRouteOptions {
  readonly switchboard: Switchboard;
  readonly environmentId: number;
  /** Why the environment is down; undefined while it isn't: then a missing link may be back in a moment. */
  whyDown(): string | undefined;
  /** Where it is we who dial: does so now; resolves when the outcome is known. */
  tryNow?(): Promise<void>;
}

/** Connections fail with Fault environment-down when there is no link within 3 s, or at once while down: nothing was sent then. */
export function linkRoute(options: LinkRouteOptions): EngineRoute {
  const { switchboard, environmentId } = options;
  const agent = new DialAgent(async () => {
    const present = switchboard.linked(environmentId);
    if (present !== undefined) return present.link.open();
    if (options.whyDown() !== undefined) await options.tryNow?.();
    const reason = options.whyDown();
    if (reason !== undefined) throw notLinked(reason);
    const wait = { deadlineMs: REDIAL_PATIENCE_MS };
    const { link } = await switchboard.whenLinked(environmentId, wait);
    return link.open();
  });
  return {
    address: `the agent of environment ${environmentId}`,
    agent,
    pathPrefix: '',
    headers: () => ({ Host: 'agent' }),
    [Symbol.asyncDispose]: async () => agent.destroy(),
  };
}

/** Why a watched environment is down; undefined while it isn't. */
export function reasonOf({ environment }: Pick<EngineWatcher, 'environment'>): string | undefined {
  return environment.connection === 'down' ? (environment.reason ?? '') : undefined;
}
