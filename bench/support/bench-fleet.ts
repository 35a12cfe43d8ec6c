/** A fleet of made-up containers: the feed of a large installation without its engines. */
import type { Fleet, FleetListener } from '../../src/client/fleet.ts';
import { type Container, containerSchema } from '../../src/protocol/container.ts';
import type { Environment } from '../../src/protocol/environment.ts';
import { Fault } from '../../src/protocol/fault.ts';
import type { FeedMessage, FeedSnapshot } from '../../src/protocol/feed.ts';

export interface BenchFleetOptions {
  readonly environments: number;
  readonly containersEach: number;
  /** Containers that change every second, spread evenly; none unless told. */
  readonly changesPerSecond?: number;
}

const CHANGE_BATCHES_PER_SECOND = 20;
const MINUTE_MS = 60_000;

function benchContainer(environmentId: number, index: number, nowMs: number): Container {
  const isDown = index % 11 === 0;
  const number = String(index).padStart(4, '0');
  return containerSchema.parse({
    environmentId,
    id: (environmentId * 100_000 + index).toString(16).padStart(64, '0'),
    name: `shop-${['web', 'api', 'worker', 'cache', '受注'][index % 5]}-${number}`,
    image: `registry.example.com/shop/app:${1 + (index % 9)}.2.${index % 7}`,
    imageId: `sha256:${'ab'.repeat(32)}`,
    command: 'node server.js --port 8080',
    createdAtMs: nowMs - index * MINUTE_MS,
    state: isDown ? 'exited' : 'running',
    health: index % 7 === 0 && !isDown ? 'healthy' : 'none',
    exitCode: isDown ? 137 : null,
    startedAtMs: isDown ? null : nowMs - index * MINUTE_MS,
    finishedAtMs: isDown ? nowMs - index * MINUTE_MS : null,
    isTimeExact: true,
    ports: [{ privatePort: 8080, publicPort: 30_000 + index, address: '0.0.0.0', protocol: 'tcp' }],
    labels: { 'com.docker.compose.project': 'shop' },
    networks: ['shop_default'],
    mountCount: 1,
    networkOf: null,
    restartsSeen: 0,
    oomsSeen: 0,
  });
}

function benchEnvironment(id: number, nowMs: number): Environment {
  return {
    id,
    name: `host-${String(id).padStart(3, '0')}`,
    kind: 'agent',
    address: `tcp://10.0.${id >> 8}.${id & 255}:9001`,
    connection: 'up',
    sinceMs: nowMs,
    reason: null,
    engine: {
      kind: 'docker',
      version: '26.1.3',
      apiVersion: '1.45',
      hostName: `host-${id}`,
      operatingSystem: 'Debian GNU/Linux 12',
      architecture: 'x86_64',
      cpus: 8,
      memoryBytes: 34_359_738_368,
    },
    lastSeenAtMs: nowMs,
    tags: [],
  };
}

/** The first message of the feed: so many environments with so many containers each. */
export function benchSnapshot(options: BenchFleetOptions, nowMs: number): FeedSnapshot {
  const environments = Array.from({ length: options.environments }, (_, index) =>
    benchEnvironment(index + 1, nowMs),
  );
  const containers = environments.flatMap(({ id }) =>
    Array.from({ length: options.containersEach }, (_, index) => benchContainer(id, index, nowMs)),
  );
  return { kind: 'snapshot', sequence: 1, atMs: nowMs, environments, containers };
}

/** A fleet that sends its snapshot at once and then the asked number of changes each second. */
export class BenchFleet implements Fleet {
  readonly title = 'bench';
  readonly #options: BenchFleetOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: BenchFleetOptions) {
    this.#options = options;
  }

  watch(listener: FleetListener): void {
    const snapshot = benchSnapshot(this.#options, Date.now());
    listener.connection({ kind: 'live' });
    listener.feed(snapshot);
    const each = (this.#options.changesPerSecond ?? 0) / CHANGE_BATCHES_PER_SECOND;
    if (each === 0) return;
    let sequence = 1;
    let next = 0;
    this.#timer = setInterval(() => {
      const count = Math.max(1, Math.round(each));
      const changes = Array.from({ length: count }, () => {
        const container = snapshot.containers[next++ % snapshot.containers.length] as Container;
        return { kind: 'container', container: { ...container, startedAtMs: Date.now() } } as const;
      });
      const message: FeedMessage = {
        kind: 'changes',
        sequence: ++sequence,
        atMs: Date.now(),
        changes,
      };
      listener.feed(message);
    }, 1000 / CHANGE_BATCHES_PER_SECOND);
  }

  resync(): void {}

  route(): never {
    throw new Fault('not-found', 'A bench fleet has no engines to pass bytes to.');
  }

  engine(): never {
    throw new Fault('not-found', 'The fleet of a bench has no engines');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
  }
}
