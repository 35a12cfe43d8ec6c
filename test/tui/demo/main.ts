/** The console over a fake fleet, for a person to look at and for tests in a real pty; argument: containers, environments. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Change } from '../../../src/protocol/feed.ts';
import type { LogLine } from '../../../src/protocol/log-line.ts';
import { runConsole } from '../../../src/tui/app.ts';
import { PLAIN_SETTINGS } from '../../../src/tui/model/settings.ts';
import { FakeFleet } from '../../support/fake-fleet.ts';
import { bigSnapshot, CONTAINERS, NOW, snapshot } from '../../support/sample-fleet.ts';
import { ADDED_EDGE, linkStatus } from '../../support/sample-link.ts';

const [containers = 0, environments = 1] = process.argv.slice(2).map(Number);
const startedAt = Date.now();
const now = () => NOW + Date.now() - startedAt;

const LINES = [
  'GET /cart 200 31ms',
  'GET /cart 200 28ms',
  '\x1b[33mWARN\x1b[0m upstream retry 1/3 pay-2',
  'ERROR upstream timeout pay-2 (3001ms)',
  'café 日本語 ✓ wide and composed',
];

async function* logs(_id: string, signal: AbortSignal): AsyncIterable<readonly LogLine[]> {
  for (let index = 0; !signal.aborted; index++) {
    const text = `${index} ${LINES[index % LINES.length]}${index % 7 === 0 ? ' and more'.repeat(20) : ''}`;
    yield [{ atMs: now(), stream: index % 4 === 3 ? 'stderr' : 'stdout', text }];
    if (index > 60) await delay(250, undefined, { signal }).catch(() => undefined);
  }
}

const fleet = new FakeFleet(
  {
    logs,
    act: async (id, action) => {
      await delay(800);
      if (action === 'kill') throw new Error('no');
      const found = CONTAINERS.find((container) => container.id === id);
      if (!found) return;
      const change: Change =
        action === 'remove'
          ? { kind: 'container-gone', environmentId: found.environmentId, id }
          : { kind: 'container', container: { ...found, startedAtMs: now(), state: 'running' } };
      fleet.change(change);
    },
    link: async (environmentId) => linkStatus({ environmentId, roundTripMs: 12 }),
    add: async () => ADDED_EDGE,
    inspect: async () => ({
      RestartCount: 3,
      HostConfig: { RestartPolicy: { Name: 'unless-stopped' }, Memory: 2 ** 30, NanoCpus: 2e9 },
      Config: { Env: ['PATH=/bin', 'DB_PASSWORD=secret'], User: 'app', WorkingDir: '/srv' },
      Mounts: [{ Type: 'volume', Name: 'data', Destination: '/data', RW: true }],
    }),
  },
  now,
);

// LINEAR=1: for a reader of lines.
const settings = { ...PLAIN_SETTINGS, isLinear: process.env.LINEAR === '1' };
const done = runConsole({ fleet, now, person: { settings, notes: [] } });
fleet.connection({ kind: 'live' });
fleet.feed(containers > 0 ? bigSnapshot(containers, environments) : snapshot());
process.exitCode = await done;
process.exit();
