/** A small fleet with one of everything that can be shown, at a fixed moment in UTC, and larger ones made by number. */
import type { Container } from '../../src/protocol/container.ts';
import type { Environment } from '../../src/protocol/environment.ts';
import type { FeedMessage } from '../../src/protocol/feed.ts';
import type { AppEvent } from '../../src/tui/model/event.ts';
import { type AppState, initialState, type Step } from '../../src/tui/model/state.ts';
import { update } from '../../src/tui/update/update.ts';

process.env.TZ = 'UTC';

export const NOW = Date.UTC(2026, 7, 22, 12, 4, 11);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function environment(
  id: number,
  name: string,
  rest: Partial<Environment> = {},
): Environment {
  return {
    id,
    name,
    kind: 'agent',
    address: `tcp://10.0.0.${id}:9001`,
    connection: 'up',
    sinceMs: NOW - 3 * DAY,
    reason: null,
    engine: {
      kind: 'docker',
      version: '26.1.4',
      apiVersion: '1.45',
      hostName: `${name}.example`,
      operatingSystem: 'Debian GNU/Linux 12',
      architecture: 'x86_64',
      cpus: 8,
      memoryBytes: 16 * 1024 ** 3,
    },
    lastSeenAtMs: NOW - SECOND,
    tags: [],
    ...rest,
  };
}

export function container(
  environmentId: number,
  name: string,
  rest: Partial<Container> = {},
): Container {
  const seed = `${environmentId}${name}`
    .split('')
    .map((letter) => letter.charCodeAt(0).toString(16));
  return {
    environmentId,
    id: seed.join('').padEnd(64, 'f').slice(0, 64),
    name,
    image: `registry.example/${name.replace(/-\d+$/, '')}:41`,
    imageId: 'sha256:9f2c',
    command: `/usr/bin/${name} --serve`,
    createdAtMs: NOW - 9 * DAY,
    state: 'running',
    health: 'none',
    exitCode: null,
    startedAtMs: NOW - 9 * DAY,
    finishedAtMs: null,
    isTimeExact: true,
    ports: [],
    labels: {},
    networks: ['bridge'],
    mountCount: 0,
    networkOf: null,
    restartsSeen: 0,
    oomsSeen: 0,
    ...rest,
  };
}

const exited = (exitCode: number, agoMs: number): Partial<Container> => ({
  state: 'exited',
  exitCode,
  startedAtMs: null,
  finishedAtMs: NOW - agoMs,
});

const published = (publicPort: number, privatePort: number) => ({
  publicPort,
  privatePort,
  protocol: 'tcp',
  address: '0.0.0.0',
});

export const ENVIRONMENTS: readonly Environment[] = [
  environment(1, 'eu-1'),
  environment(2, 'eu-2'),
  environment(3, 'us-1'),
  environment(4, 'us-9', {
    connection: 'down',
    sinceMs: NOW - 2 * MINUTE,
    lastSeenAtMs: NOW - 3 * MINUTE,
    reason: 'The agent at tcp://10.0.0.4:9001 does not answer: check that it runs.',
  }),
  environment(5, 'edge-shop-042'),
];

const shop = {
  'com.docker.compose.project': 'shop',
  'com.docker.compose.service': 'web',
  tier: 'edge',
};

export const CONTAINERS: readonly Container[] = [
  container(1, 'web-3', {
    health: 'healthy',
    labels: shop,
    networks: ['edge', 'pay'],
    mountCount: 3,
    ports: [
      published(443, 8443),
      published(80, 8080),
      { ...published(0, 9100), publicPort: null, address: null },
    ],
  }),
  container(1, 'web-7', { health: 'unhealthy', startedAtMs: NOW - 2 * DAY, labels: shop }),
  container(1, 'pay-gateway-production-blue-2', {
    health: 'starting',
    startedAtMs: NOW - 12 * SECOND,
  }),
  container(2, 'web-1', { health: 'healthy', ports: [published(443, 8443)] }),
  container(2, 'web-2', { health: 'healthy' }),
  container(2, 'web-10', { health: 'healthy', startedAtMs: NOW - 3 * HOUR }),
  container(2, 'cron-nightly', exited(0, 9 * HOUR)),
  container(3, 'db-main', {
    state: 'paused',
    startedAtMs: NOW - 40 * MINUTE,
    ports: [published(5432, 5432)],
  }),
  container(3, 'cache', { startedAtMs: NOW - 14 * MINUTE, ports: [published(6379, 6379)] }),
  container(4, 'web-1', { health: 'healthy' }),
  container(4, 'worker', {}),
  container(5, 'till', {
    state: 'restarting',
    startedAtMs: null,
    exitCode: 1,
    finishedAtMs: NOW - 4 * SECOND,
  }),
  container(5, 'scanner', exited(137, 12 * SECOND)),
  container(5, 'price-sync', { state: 'created', startedAtMs: null }),
];

export function snapshot(
  environments: readonly Environment[] = ENVIRONMENTS,
  containers: readonly Container[] = CONTAINERS,
): FeedMessage {
  return {
    kind: 'snapshot',
    sequence: 1,
    atMs: NOW,
    environments: [...environments],
    containers: [...containers],
  };
}

/** So many containers spread over so many environments, a few of them with a problem. */
export function bigSnapshot(containers: number, environments: number): FeedMessage {
  return snapshot(
    Array.from({ length: environments }, (_, index) => environment(index + 1, `host-${index + 1}`)),
    Array.from({ length: containers }, (_, index) =>
      container((index % environments) + 1, `service-${index}`, {
        health: index % 97 === 0 ? 'unhealthy' : 'healthy',
        startedAtMs: NOW - index * MINUTE,
      }),
    ),
  );
}

/** A console whose events a test tells one by one; time stands still unless moved. */
export class Pilot {
  state: AppState;
  /** Of the last event. */
  effects: Step['effects'] = [];
  nowMs = NOW;

  constructor(width = 80, height = 24) {
    this.state = initialState(
      'https://jump:9443 as admin',
      { width, height },
      NOW,
      'https://jump:9443',
    );
  }

  send(event: AppEvent): this {
    const step = update(this.state, event);
    this.state = step.state;
    this.effects = step.effects;
    return this;
  }

  /** Presses keys one after the other, each as a terminal would name it; a single character is also its text. */
  press(...names: readonly string[]): this {
    for (const name of names) {
      const typed = name === 'space' ? ' ' : name;
      const text = typed.length === 1 ? { text: typed } : {};
      this.send({ kind: 'key', name, ...text, atMs: this.nowMs });
    }
    return this;
  }

  type(text: string): this {
    return this.press(...Array.from(text, (letter) => (letter === ' ' ? 'space' : letter)));
  }

  /** Lets time pass at once, as one tick. */
  wait(ms: number): this {
    this.nowMs += ms;
    return this.send({ kind: 'tick', atMs: this.nowMs });
  }

  feed(message: FeedMessage): this {
    return this.send({ kind: 'feed', message, atMs: this.nowMs });
  }

  /** Connected, with a snapshot. */
  live(message: FeedMessage = snapshot()): this {
    return this.send({ kind: 'connection', connection: { kind: 'live' }, atMs: this.nowMs }).feed(
      message,
    );
  }

  /** The next batch of changes. */
  change(...changes: Extract<FeedMessage, { kind: 'changes' }>['changes']): this {
    const sequence = (this.state.fleet.sequence ?? 0) + 1;
    return this.feed({ kind: 'changes', sequence, atMs: this.nowMs, changes });
  }

  /** Names of the listed containers with their environments, in order. */
  rows(): readonly string[] {
    const { containers, fleet } = this.state;
    return containers.order.map((key) => {
      const found = fleet.containers.get(Number(key.split('/')[0]))?.get(key);
      return `${fleet.environments.get(found?.environmentId ?? 0)?.name}/${found?.name}`;
    });
  }
}
