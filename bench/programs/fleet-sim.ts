/**
 * A process full of simulated hosts: the real link, an engine that lives only as a feed. Told over IPC whom to dial and how many
 * containers change each second; tells how many hosts are linked when it is asked.
 */
import { selfSigned } from '../../src/link/certificate.ts';
import type { LinkAttemptEnd } from '../../src/link/redial.ts';
import type { Container } from '../../src/protocol/container.ts';
import { type EdgeAgent, fakeContainer, startEdgeAgent } from '../../test/support/edge-agent.ts';

export type SimOrder =
  | {
      readonly kind: 'start';
      readonly invitations: readonly { readonly EdgeKey: string; readonly EdgeID: string }[];
      readonly containersEach: number;
    }
  | { readonly kind: 'live'; readonly changesPerSecond: number }
  | { readonly kind: 'count' };

export interface SimCount {
  readonly linked: number;
  /** Dials so far that led to no link: mostly those that were told to come later. */
  readonly inVain: number;
  /** Of this whole process. */
  readonly residentBytes: number;
}

const TICK_MS = 100;
const BEAT_LOOK_MS = 1_000;

const agents: EdgeAgent[] = [];
const beatenAtMs = new Map<EdgeAgent, number>();
let changesPerTick = 0;
let owed = 0;
let turn = 0;

async function start({ invitations, containersEach }: SimOrder & { kind: 'start' }) {
  for (const { EdgeKey: edgeKey, EdgeID: edgeId } of invitations) {
    const identity = await selfSigned({ commonName: 'simulated', names: [], addresses: [] });
    agents.push(
      await startEdgeAgent({
        edgeKey,
        edgeId,
        identity,
        containers: containersEach,
        journalLimit: 20,
      }),
    );
  }
}

/** Stopped, failed, restarting and running again, one after the other. */
function inItsLife(container: Container, stage: number): Container {
  const now = Date.now();
  switch (stage % 4) {
    case 0:
      return { ...container, state: 'exited', exitCode: 0, startedAtMs: null, finishedAtMs: now };
    case 1:
      return { ...container, state: 'exited', exitCode: 1, startedAtMs: null, finishedAtMs: now };
    case 2:
      return { ...container, state: 'restarting', restartsSeen: 1 };
    default:
      return { ...container, state: 'running', startedAtMs: now };
  }
}

function live(): void {
  owed += changesPerTick;
  for (; owed >= 1; owed -= 1) {
    // 7919 is prime: the changes wander over all hosts.
    const agent = agents[(turn * 7919) % agents.length];
    const ids = agent?.engine.ids ?? [];
    const round = Math.floor(turn++ / agents.length);
    const id = ids[round % ids.length];
    if (agent === undefined || id === undefined) continue;
    const container = inItsLife(fakeContainer(id, `app-${round % ids.length}`), round);
    agent.journal.tell([{ kind: 'container', container }]);
  }
}

/** As often as the server wishes, which depends on how many there are. */
function beat(): void {
  const now = performance.now();
  for (const agent of agents) {
    const intervalMs = agent.hellos.at(-1)?.beatIntervalMs;
    const lastMs = beatenAtMs.get(agent) ?? 0;
    if (agent.link === undefined || intervalMs === undefined || now - lastMs < intervalMs) continue;
    beatenAtMs.set(agent, now);
    agent.journal.beat();
  }
}

process.on('message', (order: SimOrder) => {
  if (order.kind === 'start') void start(order);
  else if (order.kind === 'live') changesPerTick = (order.changesPerSecond * TICK_MS) / 1_000;
  else {
    const linked = agents.filter(({ link }) => link !== undefined).length;
    const isInVain = ({ upMs }: LinkAttemptEnd) => upMs === 0;
    const inVain = agents.reduce((sum, { ends }) => sum + ends.filter(isInVain).length, 0);
    const count: SimCount = { linked, inVain, residentBytes: process.memoryUsage.rss() };
    process.send?.(count);
  }
});
process.on('disconnect', () => process.exit(0));
setInterval(live, TICK_MS);
setInterval(beat, BEAT_LOOK_MS);
