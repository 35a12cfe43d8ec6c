/**
 * Agents that came with a right EDGE_KEY and an EDGE_ID that this server did not give: they knock again and again until a person
 * accepts their key or they go away. In memory only, since they come back by themselves.
 */
import type { LinkStatus } from '../../protocol/link-api.ts';

export type WaitingAgent = LinkStatus['waiting'][number];

const PLACES = 10;
/** Agents redial every 30 s at most; who hasn't for so long has given up. */
const FORGET_AFTER_MS = 300_000;

/** Who waits, by environment. */
export class WaitingRoom {
  readonly #waiting = new Map<number, readonly WaitingAgent[]>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** It has knocked, for the first time or again; beyond ten the one that knocked longest ago is forgotten. */
  note(environmentId: number, agent: Pick<WaitingAgent, 'fingerprint' | 'address' | 'product'>) {
    const atMs = this.#now();
    const isSame = ({ fingerprint }: WaitingAgent) => fingerprint === agent.fingerprint;
    const others = this.of(environmentId).filter((one) => !isSame(one));
    const sinceMs = this.of(environmentId).find(isSame)?.sinceMs ?? atMs;
    const { fingerprint, address, product } = agent;
    const noted = { fingerprint, address, product, sinceMs, lastAtMs: atMs };
    this.#waiting.set(environmentId, [...others, noted].slice(-PLACES));
  }

  /** The one that knocked last is last. */
  of(environmentId: number): readonly WaitingAgent[] {
    const oldestMs = this.#now() - FORGET_AFTER_MS;
    return (this.#waiting.get(environmentId) ?? []).filter(({ lastAtMs }) => lastAtMs > oldestMs);
  }

  /** Nobody waits any more: an agent was bound, or the environment was reset or removed. */
  clear(environmentId: number): void {
    this.#waiting.delete(environmentId);
  }
}
