/**
 * Changes on their way to agents, by operation id: which environment each went to and which life of its agent was there, so that
 * after a cut the truth can be had from the agent's memory. Nothing is ever sent a second time.
 */
import { z } from 'zod';
import { pause } from '../../docker/deadline.ts';
import { Fault } from '../../protocol/fault.ts';
import {
  AGENT_OPERATIONS_PATH,
  OPERATION_MEMORY_MS,
  type OperationOutcome,
} from '../../protocol/link-api.ts';
import { askAgent } from './ask-agent.ts';
import type { Switchboard } from './switchboard.ts';

const MEMORY_LIMIT = 10_000;
/** For how long a call whose link broke waits for the agent to come back and tell. */
const RETURN_PATIENCE_MS = 60_000;
const ASK_AGAIN_MS = 500;
const FEED_PATIENCE_MS = 5_000;

const outcomeSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('unknown') }),
  z.object({ state: z.literal('running'), sinceMs: z.number() }),
  z.object({
    state: z.literal('ended'),
    atMs: z.number(),
    status: z.int().min(200).max(599),
    body: z.string(),
  }),
]);

/** Tells which life of the agent's process is being followed; '' when that isn't known yet. */
export type AgentLife = () => string;

export interface Operation {
  readonly id: string;
  readonly environmentId: number;
  readonly startedAtMs: number;
  /** The life of the agent's process that it was sent to. */
  readonly sentTo: string;
  readonly life: AgentLife;
}

/** What is known of an operation after its link broke. */
export type Settled =
  | Extract<OperationOutcome, { state: 'ended' }>
  | { readonly state: 'never-arrived' }
  | { readonly state: 'running'; readonly sinceMs: number }
  /** The agent has started anew meanwhile and remembers nothing of before. */
  | { readonly state: 'forgotten' }
  | { readonly state: 'not-back' };

/** The operations of the last ten minutes. */
export class Operations {
  readonly #known = new Map<string, Operation>();
  readonly #switchboard: Switchboard;
  readonly #now: () => number;

  constructor(switchboard: Switchboard, now: () => number) {
    this.#switchboard = switchboard;
    this.#now = now;
  }

  /** Notes an operation before it is sent; one that is known already keeps its first note. */
  note(id: string, environmentId: number, life: AgentLife): Operation {
    this.#forgetOld();
    const known = this.#known.get(id);
    if (known?.environmentId === environmentId) return known;
    const operation = { id, environmentId, startedAtMs: this.#now(), sentTo: life(), life };
    this.#known.set(id, operation);
    return operation;
  }

  /** Fault not-found for one that this server doesn't remember. */
  get(id: string): Operation {
    this.#forgetOld();
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    throw new Fault('not-found', 'No such operation', {
      details: 'Operations are remembered for ten minutes.',
    });
  }

  /** Waits up to a minute for the agent to be back, and for the operation to end there. Fault cancelled by the signal. */
  async settle(operation: Operation, signal: AbortSignal): Promise<Settled> {
    const untilMs = performance.now() + RETURN_PATIENCE_MS;
    let last: Settled = { state: 'not-back' };
    while (performance.now() < untilMs) {
      const outcome = await this.ask(operation, untilMs - performance.now(), signal);
      if (outcome.state !== 'running' && outcome.state !== 'not-back') return outcome;
      last = outcome;
      await pause(ASK_AGAIN_MS, signal);
      if (signal.aborted) throw new Fault('cancelled', 'The client went away.');
    }
    return last;
  }

  /** What the agent says now, or as soon as it is linked within `patienceMs`. */
  async ask(operation: Operation, patienceMs: number, signal: AbortSignal): Promise<Settled> {
    const { id, environmentId } = operation;
    try {
      const wait = { deadlineMs: patienceMs, signal };
      const { link } = await this.#switchboard.whenLinked(environmentId, wait);
      const path = `${AGENT_OPERATIONS_PATH}${encodeURIComponent(id)}`;
      const outcome = await askAgent(link, { path, schema: outcomeSchema, signal });
      if (outcome.state !== 'unknown') return outcome;
      return (await this.#isSameLife(operation, signal))
        ? { state: 'never-arrived' }
        : { state: 'forgotten' };
    } catch (thrown) {
      if (thrown instanceof Fault && thrown.code === 'cancelled') throw thrown;
      return { state: 'not-back' };
    }
  }

  /** An agent that started anew says "unknown" of everything: then it can't be taken as "not done". */
  async #isSameLife({ sentTo, life }: Operation, signal: AbortSignal): Promise<boolean> {
    const untilMs = performance.now() + FEED_PATIENCE_MS;
    while (life() === '' && performance.now() < untilMs) await pause(100, signal);
    return sentTo !== '' && life() === sentTo;
  }

  #forgetOld(): void {
    const oldestMs = this.#now() - OPERATION_MEMORY_MS;
    for (const [id, { startedAtMs }] of this.#known) {
      if (startedAtMs > oldestMs && this.#known.size < MEMORY_LIMIT) return;
      this.#known.delete(id);
    }
  }
}
