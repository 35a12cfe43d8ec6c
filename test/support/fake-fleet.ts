/** A fleet without hosts: a test or a demo says what the feed tells; operations and logs answer as it decides. */
import type { Fleet, FleetListener } from '../../src/client/fleet.ts';
import { Fault } from '../../src/protocol/fault.ts';
import type { Change, FeedMessage } from '../../src/protocol/feed.ts';
import type { LinkStatus } from '../../src/protocol/link-api.ts';
import type { LogLine } from '../../src/protocol/log-line.ts';
import type { AddedEnvironment, EnvironmentDraft } from '../../src/protocol/new-environment.ts';
import type { ContainerAction } from '../../src/protocol/operation.ts';

type Engine = ReturnType<Fleet['engine']>;

export interface FakeAnswers {
  readonly act?: (id: string, action: ContainerAction, signal: AbortSignal) => Promise<void>;
  readonly logs?: (id: string, signal: AbortSignal) => AsyncIterable<readonly LogLine[]>;
  readonly link?: (environmentId: number) => Promise<LinkStatus>;
  readonly add?: (draft: EnvironmentDraft) => Promise<AddedEnvironment>;
  readonly inspect?: (id: string, signal: AbortSignal) => Promise<unknown>;
}

export class FakeFleet implements Fleet {
  readonly title = 'https://jump:9443 as admin';
  readonly serverUrl = 'https://jump:9443';
  resyncs = 0;
  readonly #answers: FakeAnswers;
  readonly #now: () => number;
  #listener: FleetListener | undefined;
  #sequence = 0;

  constructor(answers: FakeAnswers = {}, now: () => number = Date.now) {
    this.#answers = answers;
    this.#now = now;
  }

  watch(listener: FleetListener): void {
    this.#listener = listener;
  }

  resync(): void {
    this.resyncs++;
  }

  async linkStatus(environmentId: number): Promise<LinkStatus> {
    const { link } = this.#answers;
    if (link) return await link(environmentId);
    throw new Fault('not-found', 'The fake server knows no links.');
  }

  async addEnvironment(draft: EnvironmentDraft): Promise<AddedEnvironment> {
    const { add } = this.#answers;
    if (add) return await add(draft);
    throw new Fault('forbidden', 'The fake server adds nothing.');
  }

  connection(state: Parameters<FleetListener['connection']>[0]): void {
    this.#listener?.connection(state);
  }

  feed(message: FeedMessage): void {
    this.#sequence = message.sequence;
    this.#listener?.feed(message);
  }

  change(...changes: Change[]): void {
    const sequence = this.#sequence + 1;
    this.feed({ kind: 'changes', sequence, atMs: this.#now(), changes });
  }

  engine(environmentId: number): Engine {
    const { act, logs, inspect } = this.#answers;
    const none = () =>
      Promise.reject(new Fault('engine-refused', 'The fake engine has no answer.'));
    return {
      address: `fake://${environmentId}`,
      ping: none,
      facts: none,
      past: async () => [],
      diskUsage: none,
      list: none,
      // biome-ignore lint/correctness/useYield: the fake engine has no events
      async *events() {
        throw new Fault('engine-refused', 'The fake engine has no events.');
      },
      stats: none,
      top: none,
      inspect: async (id, signal) => (await (inspect ? inspect(id, signal) : none())) as never,
      logs: (id, _request, signal) => logs?.(id, signal) ?? silence(signal),
      act: async (id, action, _options, signal) => await act?.(id, action, signal),
      spec: none,
      create: none,
      exec: none,
      attach: none,
    };
  }

  route(environmentId: number): never {
    throw new Fault('not-found', `The fake fleet has no way to environment ${environmentId}.`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener = undefined;
  }
}

/** A log that stays open and says nothing. */
async function* silence(signal: AbortSignal): AsyncIterable<readonly LogLine[]> {
  yield [];
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}
