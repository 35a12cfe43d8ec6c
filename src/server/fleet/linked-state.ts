/**
 * What an agent's feed says, told as one environment of ours: ids rewritten, its clock set right, messages taken in order only.
 * No I/O; the agent calls its own environment 0.
 */
import { withSharedTexts } from '../../docker/shared-texts.ts';
import type { Container } from '../../protocol/container.ts';
import type { Environment } from '../../protocol/environment.ts';
import { Fault } from '../../protocol/fault.ts';
import type { Change, FeedMessage } from '../../protocol/feed.ts';
import type { FeedOpening } from '../../protocol/link-api.ts';
import type { FeedMark } from './agent-feed.ts';
import { ContainerBulk } from './container-bulk.ts';

/** The agent's word on its engine. */
type EngineState = Pick<Environment, 'connection' | 'sinceMs' | 'reason' | 'engine'>;

/** What a message changed. */
export interface Told {
  /** Whether the engine's own state is anew to be told. */
  readonly isEngineTold: boolean;
  readonly changes: readonly Change[];
}

/** One agent's feed, folded. */
export class LinkedState {
  readonly #environmentId: number;
  readonly #containers = new ContainerBulk();
  #engine: EngineState | undefined;
  #mark: FeedMark | undefined;
  #feedId = '';

  constructor(environmentId: number) {
    this.#environmentId = environmentId;
  }

  get containers(): ReadonlyMap<string, Container> {
    return this.#containers.byId;
  }

  /** Undefined until the agent has told. */
  get engine(): EngineState | undefined {
    return this.#engine;
  }

  /** Where to go on; undefined when only a snapshot helps. */
  get mark(): FeedMark | undefined {
    return this.#mark;
  }

  opened(opening: FeedOpening): void {
    this.#feedId = opening.feedId;
    if (!opening.isResumed) this.#mark = undefined;
  }

  /** Makes the next opening begin with a snapshot. */
  forgetMark(): void {
    this.#mark = undefined;
  }

  /** Takes the next message; Fault bad-peer when one is missing before it. */
  take(message: FeedMessage, clockOffsetMs: number): Told {
    if (message.kind === 'snapshot') {
      this.#mark = { feedId: this.#feedId, sequence: message.sequence };
      const [environment] = message.environments;
      if (environment !== undefined) this.#setEngine(environment, clockOffsetMs);
      const containers = message.containers.map((container) => this.#own(container));
      this.#containers.replace(containers);
      const environmentId = this.#environmentId;
      return { isEngineTold: true, changes: [{ kind: 'containers', environmentId, containers }] };
    }
    this.#step(message);
    if (message.kind === 'beat') return { isEngineTold: false, changes: [] };
    let isEngineTold = false;
    const changes: Change[] = [];
    for (const change of message.changes) {
      if (change.kind === 'environment') {
        this.#setEngine(change.environment, clockOffsetMs);
        isEngineTold = true;
      } else changes.push(...this.#fold(change));
    }
    return { isEngineTold, changes };
  }

  #step(message: Exclude<FeedMessage, { kind: 'snapshot' }>): void {
    const before = this.#mark?.sequence;
    const due = message.kind === 'beat' || before === undefined ? before : before + 1;
    if (due !== message.sequence) {
      this.#mark = undefined;
      throw new Fault('bad-peer', "The agent's feed skipped a message.");
    }
    this.#mark = { feedId: this.#feedId, sequence: message.sequence };
  }

  #fold(change: Exclude<Change, { kind: 'environment' }>): Change[] {
    const environmentId = this.#environmentId;
    switch (change.kind) {
      // The server measures by itself, whatever an agent says.
      case 'environment-gone':
      case 'load':
      case 'problem':
      case 'problem-gone':
        return [];
      case 'container': {
        const container = this.#own(change.container);
        this.#containers.put(container);
        return [{ kind: 'container', container }];
      }
      case 'container-gone':
        this.#containers.remove(change.id);
        return [{ kind: 'container-gone', environmentId, id: change.id }];
      case 'containers': {
        const containers = change.containers.map((container) => this.#own(container));
        this.#containers.replace(containers);
        return [{ kind: 'containers', environmentId, containers }];
      }
    }
  }

  #own(container: Container): Container {
    return withSharedTexts({ ...container, environmentId: this.#environmentId });
  }

  #setEngine(environment: Environment, clockOffsetMs: number): void {
    const { connection, reason, engine } = environment;
    this.#engine = { connection, reason, engine, sinceMs: environment.sinceMs - clockOffsetMs };
  }
}
