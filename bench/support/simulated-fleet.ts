/** Thousands of simulated hosts in a few processes, each enrolled in an environment of its own on one server. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type Invitation, invite } from '../../test/support/edge-environment.ts';
import type { TestServer } from '../../test/support/server.ts';
import { until } from '../../test/support/until.ts';
import type { SimCount, SimOrder } from '../programs/fleet-sim.ts';

const PROCESSES = 4;
const INVITERS = 8;

export class SimulatedFleet implements Disposable {
  readonly #processes: readonly ChildProcess[];
  readonly #containersEach: number;
  size = 0;

  constructor(containersEach: number) {
    const file = new URL('./programs/fleet-sim.mjs', import.meta.url);
    this.#containersEach = containersEach;
    // No profiles of what isn't ours to mend.
    const env = { ...process.env, NODE_OPTIONS: '' };
    this.#processes = Array.from({ length: PROCESSES }, () => fork(file, { env }));
  }

  /** Invites and starts as many more; resolves when all are invited, not when they are linked. */
  async growTo(size: number, server: TestServer): Promise<void> {
    const made: Invitation[] = [];
    const inviter = async () => {
      while (this.size < size) {
        this.size += 1;
        made.push(await invite(server, `sim-${this.size}`, server.url));
      }
    };
    await Promise.all(Array.from({ length: INVITERS }, inviter));
    const containersEach = this.#containersEach;
    for (const [index, child] of this.#processes.entries()) {
      const invitations = made.filter((_, place) => place % PROCESSES === index);
      tell(child, { kind: 'start', invitations, containersEach });
    }
  }

  /** Containers of the whole fleet that change each second. */
  live(changesPerSecond: number): void {
    const each = changesPerSecond / PROCESSES;
    for (const child of this.#processes) tell(child, { kind: 'live', changesPerSecond: each });
  }

  async linked(): Promise<number> {
    return await this.#sum(({ linked }) => linked);
  }

  /** Dials so far that led to no link. */
  async dialsInVain(): Promise<number> {
    return await this.#sum(({ inVain }) => inVain);
  }

  /** Rejects when it takes longer. */
  async allLinked(timeoutMs: number): Promise<void> {
    await until(async () => (await this.linked()) === this.size, timeoutMs);
  }

  async #sum(of: (count: SimCount) => number): Promise<number> {
    const counts = await Promise.all(
      this.#processes.map(async (child) => {
        const answer = once(child, 'message') as Promise<[SimCount]>;
        tell(child, { kind: 'count' });
        return of((await answer)[0]);
      }),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  [Symbol.dispose](): void {
    for (const child of this.#processes) child.kill('SIGKILL');
  }
}

function tell(child: ChildProcess, order: SimOrder): void {
  child.send(order);
}
