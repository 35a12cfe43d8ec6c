/** Many simulated edge agents on one server, each enrolled in an environment of its own. */
import type { TlsIdentity } from '../../src/link/tls-pipe.ts';
import { type EdgeAgent, startEdgeAgent } from './edge-agent.ts';
import type { InProcessServer } from './in-process-server.ts';
import { throwAwayIdentity } from './link-pair.ts';

export interface EdgeFleet extends AsyncDisposable {
  readonly agents: readonly EdgeAgent[];
  /** Environment ids, in the order of the agents. */
  readonly ids: readonly number[];
}

/** Creates `count` environments (names `PREFIX1`, …), then starts all their agents at the same moment. */
export async function startEdgeFleet(
  server: Pick<InProcessServer, 'api' | 'url'>,
  { count, prefix = 'edge' }: { readonly count: number; readonly prefix?: string },
): Promise<EdgeFleet> {
  const invited: { Id: number; EdgeKey: string; EdgeID: string }[] = [];
  const identities: TlsIdentity[] = [];
  for (let index = 1; index <= count; index += 1) {
    const wish = { Name: `${prefix}${index}`, EndpointCreationType: 4, URL: server.url };
    invited.push((await server.api('POST', '/api/endpoints', wish)).body);
    identities.push(await throwAwayIdentity());
  }
  const agents = await Promise.all(
    invited.map(({ EdgeKey, EdgeID }, index) => {
      const identity = identities[index];
      return startEdgeAgent({
        edgeKey: EdgeKey,
        edgeId: EdgeID,
        containers: 3,
        ...(identity !== undefined && { identity }),
      });
    }),
  );
  return {
    agents,
    ids: invited.map(({ Id }) => Id),
    async [Symbol.asyncDispose]() {
      await Promise.all(agents.map((agent) => agent[Symbol.asyncDispose]()));
    },
  };
}
