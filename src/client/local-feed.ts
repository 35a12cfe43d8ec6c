/** The feed of one environment, made on the spot from its watcher: what a server would send, for a console without one. */
import type { Container } from '../protocol/container.ts';
import type { Environment } from '../protocol/environment.ts';
import type { Change, FeedMessage } from '../protocol/feed.ts';
import { ProblemTracker } from '../protocol/problem-tracker.ts';
import type { ProblemVerdict } from '../protocol/problem-verdict.ts';

export interface LocalFeedOptions {
  /** As shown until the watcher knows better; its name gives way to the engine's host name. */
  readonly environment: Environment;
  readonly send: (message: FeedMessage) => void;
  readonly now?: () => number;
  /** Idle time after which a beat is sent. */
  readonly beatIntervalMs: number;
}

export interface LocalFeed extends Disposable {
  /** Sends them as the next message; an environment among them is renamed after its engine. */
  change(changes: readonly Change[]): void;
  /** The engine has proved that it is alive; told with the next beat. */
  seen(atMs: number): void;
  /** Starts again with a snapshot of these containers. */
  restart(containers: readonly Container[]): void;
  /** Notes what the person at this console says of a problem; false when there is none of this id. */
  judge(problemId: string, verdict: ProblemVerdict): boolean;
  /** The environment as last sent. */
  readonly environment: Environment;
}

function named(environment: Environment): Environment {
  const name = environment.engine?.hostName;
  return name ? { ...environment, name } : environment;
}

/** Sends an empty snapshot at once, so that a screen has something to show before the engine answers. */
export function localFeed(options: LocalFeedOptions): LocalFeed {
  const { send, now = Date.now, beatIntervalMs } = options;
  let environment = named(options.environment);
  let sequence = 0;
  let seenAtMs = environment.lastSeenAtMs;
  const beat = () => {
    const seen = seenAtMs === null ? {} : { [environment.id]: seenAtMs };
    send({ kind: 'beat', sequence, atMs: now(), seenAtMs: seen });
  };
  const problems = new ProblemTracker();
  const tell = (changes: readonly Change[]) => {
    sequence += 1;
    send({ kind: 'changes', sequence, atMs: now(), changes: [...changes] });
  };
  const settle = () => {
    const settled = problems.settle(now());
    if (settled.length > 0) tell(settled);
  };
  const timer = setInterval(() => {
    settle();
    beat();
  }, beatIntervalMs);
  const snapshot = (containers: readonly Container[]) =>
    send({
      kind: 'snapshot',
      sequence,
      atMs: now(),
      environments: [{ ...environment, lastSeenAtMs: seenAtMs }],
      containers: [...containers],
      problems: [...problems.problems.values()],
    });
  snapshot([]);
  return {
    restart: snapshot,
    get environment() {
      return environment;
    },
    change(changes) {
      const renamed = changes.map((change) => {
        if (change.kind !== 'environment') return change;
        environment = named(change.environment);
        return { kind: 'environment' as const, environment };
      });
      tell([...renamed, ...problems.take(renamed, now())]);
    },
    judge(problemId, verdict) {
      const judged = problems.judge(problemId, verdict, 'you', now());
      if (judged && judged.length > 0) tell(judged);
      return judged !== undefined;
    },
    seen(atMs) {
      seenAtMs = atMs;
    },
    [Symbol.dispose]() {
      clearInterval(timer);
    },
  };
}
