/** A process full of simulated agents, told over IPC whom to dial; it says how many are linked whenever it is asked. */
import { type EdgeAgent, startEdgeAgent } from '../edge-agent.ts';

export interface SwarmOrder {
  readonly kind: 'start';
  readonly invitations: readonly { readonly EdgeKey: string; readonly EdgeID: string }[];
}

export interface SwarmReport {
  readonly started: number;
  readonly linked: number;
  /** How often each sentence ended a link or an attempt. */
  readonly ends: Readonly<Record<string, number>>;
}

const agents: EdgeAgent[] = [];

function report(): SwarmReport {
  const ends: Record<string, number> = {};
  for (const { sentence } of agents.flatMap((agent) => agent.ends)) {
    const words = sentence.replace(/\d+ s\./, 'N s.');
    ends[words] = (ends[words] ?? 0) + 1;
  }
  return {
    started: agents.length,
    linked: agents.filter(({ link }) => link !== undefined).length,
    ends,
  };
}

process.on('message', (order: SwarmOrder | { kind: 'report' }) => {
  if (order.kind === 'report') {
    process.send?.(report());
    return;
  }
  for (const { EdgeKey: edgeKey, EdgeID: edgeId } of order.invitations) {
    void startEdgeAgent({ edgeKey, edgeId, containers: 2 }).then((agent) => agents.push(agent));
  }
});
process.on('disconnect', () => process.exit(0));
