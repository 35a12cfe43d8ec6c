/** A fleet that counts what this console asks of each host: requests of the last minute, those under way, open streams. */
import type { Fleet } from '../client/fleet.ts';
import type { HostTraffic } from './model/info-view.ts';

type Engine = ReturnType<Fleet['engine']>;

const MINUTE_S = 60;

class Counter {
  streams = 0;
  underWay = 0;
  total = 0;
  /** Requests by second, of the last minute. */
  readonly #seconds = new Map<number, number>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  asked(): void {
    const second = Math.floor(this.#now() / 1_000);
    this.total += 1;
    this.#seconds.set(second, (this.#seconds.get(second) ?? 0) + 1);
    this.#forget(second);
  }

  get lastMinute(): number {
    this.#forget(Math.floor(this.#now() / 1_000));
    return [...this.#seconds.values()].reduce((sum, count) => sum + count, 0);
  }

  /** A clock that was set back must not keep what lies ahead of it. */
  #forget(second: number): void {
    for (const known of this.#seconds.keys()) {
      if (known <= second - MINUTE_S || known > second) this.#seconds.delete(known);
    }
  }
}

/** Calls that are a stream as long as they are read. */
const READ_STREAMS: ReadonlySet<PropertyKey> = new Set(['logs', 'events']);
/** Calls that answer with a stream that lives on. */
const OPENED_STREAMS: ReadonlySet<PropertyKey> = new Set(['exec', 'attach']);

type Call = (...given: unknown[]) => unknown;

/** The engine with every call counted; all else is as it was. */
function countedEngine(engine: Engine, counter: Counter): Engine {
  return new Proxy(engine, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const call: Call = value.bind(target);
      return (...given: unknown[]) => {
        counter.asked();
        if (READ_STREAMS.has(name))
          return countedRead(call(...given) as AsyncIterable<unknown>, counter);
        return countedCall(call(...given) as Promise<unknown>, counter, OPENED_STREAMS.has(name));
      };
    },
  });
}

async function* countedRead(read: AsyncIterable<unknown>, counter: Counter): AsyncGenerator {
  counter.streams += 1;
  try {
    yield* read;
  } finally {
    counter.streams -= 1;
  }
}

async function countedCall(
  called: Promise<unknown>,
  counter: Counter,
  isOpening: boolean,
): Promise<unknown> {
  counter.underWay += 1;
  try {
    const answer = await called;
    if (isOpening) countOpened(answer as { readonly stream: NodeJS.EventEmitter }, counter);
    return answer;
  } finally {
    counter.underWay -= 1;
  }
}

function countOpened(answer: { readonly stream: NodeJS.EventEmitter }, counter: Counter): void {
  counter.streams += 1;
  answer.stream.once('close', () => {
    counter.streams -= 1;
  });
}

export interface CountedFleet {
  readonly fleet: Fleet;
  /** By environment, of those that were asked anything. */
  traffic(): readonly HostTraffic[];
}

/** The fleet with its engines counted; whatever the fleet asks them by itself is not. */
export function countedFleet(fleet: Fleet, now: () => number): CountedFleet {
  const counters = new Map<number, Counter>();
  const engines = new WeakMap<Engine, Engine>();
  const engine = (environmentId: number): Engine => {
    const own = fleet.engine(environmentId);
    const counter = counters.get(environmentId) ?? new Counter(now);
    counters.set(environmentId, counter);
    const counted = engines.get(own) ?? countedEngine(own, counter);
    engines.set(own, counted);
    return counted;
  };
  return {
    fleet: new Proxy(fleet, {
      get(target, name) {
        if (name === 'engine') return engine;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    }),
    traffic: () =>
      [...counters].map(([environmentId, counter]) => ({
        environmentId,
        streams: counter.streams,
        underWay: counter.underWay,
        lastMinute: counter.lastMinute,
        total: counter.total,
      })),
  };
}
