/** From a saved context to the fleet behind it. */
import { Fault } from '../protocol/fault.ts';
import { agentFleet } from './agent-fleet.ts';
import type { Context, Credential } from './context-shape.ts';
import { saveContext } from './contexts.ts';
import type { Fleet } from './fleet.ts';
import { serverFleet } from './server-fleet.ts';
import { socketFleet } from './socket-fleet.ts';

/** Nothing is dialled yet; Fault unauthorized for a server that nobody is signed in to. */
export async function contextFleet(context: Context): Promise<Fleet> {
  switch (context.kind) {
    case 'docker':
      return socketFleet(context.address);
    case 'agent':
      return await agentFleet(context);
    case 'server': {
      const { url, credential, fingerprint, product } = context;
      if (credential && product === 'portainer') {
        const { portainerFleet } = await import('./portainer-fleet.ts');
        return portainerFleet({ url, credential, fingerprint });
      }
      const keep = async (fresh: Credential) =>
        await saveContext({ ...context, credential: fresh }, { makeCurrent: false });
      if (credential) {
        return serverFleet({ url, credential, fingerprint, keep, contextName: context.name });
      }
      throw new Fault(
        'unauthorized',
        `Nobody is signed in to ${url}; sign in with: fleet-tui login ${url}`,
      );
    }
  }
}
