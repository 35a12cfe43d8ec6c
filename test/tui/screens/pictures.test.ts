/** The screens as text, kept beside this file: a change of what a person sees is seen in the diff. */
import { expect, test } from 'vitest';
import type { LogLine } from '../../../src/protocol/log-line.ts';
import type { ToldFigure } from '../../../src/tui/model/figures.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { environment, NOW, Pilot } from '../../support/sample-fleet.ts';
import { ADDED_EDGE, linkStatus, NEVER_LINKED, STRANGER } from '../../support/sample-link.ts';
import { PROCESSES, points, sample } from '../../support/sample-use.ts';

const SIZES = [
  [80, 24],
  [120, 40],
] as const;

const LOG: readonly LogLine[] = [
  { atMs: NOW - 9_000, stream: 'stdout', text: 'GET /cart 200 31ms' },
  { atMs: NOW - 8_000, stream: 'stdout', text: 'GET /cart 200 28ms' },
  { atMs: NOW - 5_000, stream: 'stderr', text: '\x1b[33mWARN\x1b[0m upstream retry 1/3 pay-2' },
  { atMs: NOW - 1_000, stream: 'stderr', text: 'ERROR upstream timeout pay-2 (3001ms)' },
  { atMs: NOW - 1_000, stream: 'stdout', text: `${'long '.repeat(60)}end` },
];

const tellJson = (pilot: Pilot) => {
  const text = '{"level":"error","msg":"upstream timeout","req":{"id":"9f2c","path":"/cart"}}';
  const lines: readonly LogLine[] = [{ atMs: NOW, stream: 'stdout', text: `ERROR ${text}` }];
  return pilot.send({ kind: 'log-lines', viewId: 1, lines, atMs: NOW });
};

const tellLog = (pilot: Pilot) =>
  pilot.send({ kind: 'log-lines', viewId: 1, lines: LOG, atMs: NOW });

/** Six logs: one of a host that is down, one that breaks, one silent, and one whose clock is ahead. */
function tellMerged(pilot: Pilot): Pilot {
  const follows = pilot.effects.filter((effect) => effect.kind === 'follow-logs');
  for (const [index, { viewId, key }] of follows.entries()) {
    const dateMs = NOW + (key.startsWith('1/') ? 42_000 : 0);
    const head = { dateMs, askedAtMs: NOW, answeredAtMs: NOW, atMs: NOW };
    pilot.send({ kind: 'log-opened', viewId, ...head });
    const lines = LOG.map((line) => ({ ...line, atMs: (line.atMs ?? 0) + 300 * index }));
    if (index < 3) pilot.send({ kind: 'log-lines', viewId, lines, atMs: NOW });
    if (index !== 3) continue;
    const why = 'The log driver keeps nothing to read.';
    pilot.send({ kind: 'log-ended', viewId, why, mayRetry: false, atMs: NOW });
  }
  return pilot.wait(600);
}

function told(pilot: Pilot): Pilot {
  const steps = [...pilot.state.pending.values()].map(({ operationId }) => operationId);
  for (const [index, operationId] of steps.entries()) {
    const ended = { kind: 'operation-ended', operationId, atMs: NOW + 3_200 } as const;
    if (index === 0) pilot.send({ ...ended, outcome: 'done' });
    else pilot.send({ ...ended, outcome: 'failed', why: 'The engine refused: no such image.' });
  }
  return pilot;
}

const EDGE = environment(5, 'edge-shop-042', {
  kind: 'edge-agent',
  address: 'https://jump:9443',
});

const openLink = (pilot: Pilot) =>
  pilot.live().change({ kind: 'environment', environment: EDGE }).press('1', 'd', 'L');

function tellLink(pilot: Pilot, rest: Parameters<typeof linkStatus>[0]): Pilot {
  const screen = pilot.state.screens.find(({ kind }) => kind === 'link');
  const requestId = screen?.kind === 'link' ? screen.requestId : 0;
  return pilot.send({ kind: 'link-status', requestId, answer: linkStatus(rest), atMs: NOW });
}

const LEGACY = {
  trust: 'legacy',
  agentFingerprint: null,
  agentProduct: 'Portainer agent 2.21.4',
  clockOffsetMs: 61_000,
  ends: [],
  refused: [],
} as const;

function added(pilot: Pilot): Pilot {
  pilot.live().press('1', 'n').type('edge-shop-043').press('tab', 'space', 'enter');
  const screen = pilot.state.screens.at(-1);
  const requestId = screen?.kind === 'form' ? (screen.sending ?? 0) : 0;
  return pilot.send({ kind: 'environment-added', requestId, answer: ADDED_EDGE, atMs: NOW });
}

const inspection = {
  restartCount: 14,
  restartPolicy: 'unless-stopped',
  wasOutOfMemory: false,
  error: '',
  user: 'app',
  workingFolder: '/srv',
  logDriver: 'json-file',
  isPrivileged: false,
  isReadOnly: true,
  memoryBytes: 1024 ** 3,
  cpus: 2,
  variables: ['PATH', 'DB_PASSWORD'],
  mounts: [{ kind: 'volume', source: 'web-data', target: '/data', isWritable: true }],
  networks: [{ name: 'edge', address: '172.18.0.4' }],
  probes: [{ atMs: NOW, exitCode: 7, output: 'curl: (7) Failed to connect\n' }],
};

/** Containers whose use is known, and environments whose load is. */
function measured(pilot: Pilot): Pilot {
  pilot.live().wait(400);
  const [asked] = pilot.effects.filter((effect) => effect.kind === 'fetch-figures');
  const keys = asked?.wish.kind === 'some' ? asked.wish.keys : [];
  const answer = keys.map((key, index): ToldFigure => {
    const cpuCores = index === 0 ? 2.47 : 0.914 / (index * index);
    const memoryBytes = 1900 * 2 ** 20 * 0.42 ** index;
    return [key, { id: key.slice(2), atMs: NOW, cpuCores, memoryBytes }];
  });
  pilot.send({ kind: 'figures', requestId: asked?.requestId ?? -1, answer, atMs: pilot.nowMs });
  const loads = [1, 2, 3].map((environmentId) => ({
    kind: 'load' as const,
    load: {
      environmentId,
      atMs: NOW,
      cpuPercent: 0.4 * 12 ** (environmentId - 1),
      memoryBytes: environmentId * 2 ** 31,
      memoryTotalBytes: 2 ** 35,
    },
  }));
  return pilot.change(...loads);
}

const PAST = [
  { atMs: NOW - 3 * 86_400_000, action: 'create', exitCode: null },
  { atMs: NOW - 2 * 86_400_000 - 9_000, action: 'oom', exitCode: null },
  { atMs: NOW - 2 * 86_400_000 - 8_000, action: 'die', exitCode: 137 },
  { atMs: NOW - 2 * 86_400_000, action: 'start', exitCode: null },
  { atMs: NOW - 9_000, action: 'health_status: healthy', exitCode: null },
];

function tellUse(pilot: Pilot): Pilot {
  for (const effect of pilot.effects) {
    if (effect.kind === 'fetch-metrics') {
      const answer = { history: points(90), sample: sample() };
      pilot.send({ kind: 'metrics', requestId: effect.requestId, answer, atMs: NOW });
    }
    if (effect.kind === 'fetch-processes') {
      const answer = { processes: PROCESSES };
      pilot.send({ kind: 'processes', requestId: effect.requestId, answer, atMs: NOW });
    }
  }
  return pilot;
}
const PICTURES: Record<string, (pilot: Pilot) => Pilot> = {
  containers: (pilot) => pilot.live().press('j', 'j', 'j'),
  'containers-filtered-marked': (pilot) =>
    pilot.live().press('/').type('web !us').press('enter', 'space', 'space', 'S'),
  'containers-filter-broken': (pilot) => pilot.live().press('/').type('/web('),
  'containers-measured': (pilot) => measured(pilot).press('C'),
  'environments-measured': (pilot) => measured(pilot).press('1'),
  metrics: (pilot) => tellUse(pilot.live().press('m')),
  'metrics-asked': (pilot) => pilot.live().press('m'),
  processes: (pilot) => tellUse(pilot.live().press('t')),
  'containers-wide': (pilot) => pilot.live().press('ctrl-w'),
  'containers-frozen': (pilot) => pilot.live().press('r').wait(8_000),
  environments: (pilot) => pilot.live().press('1', 'j', 'j', 'j', 'j'),
  'environment-scope': (pilot) => pilot.live().press('1', 'j', 'enter'),
  'restart-question': (pilot) => pilot.live().press('ctrl-r').wait(300),
  'remove-plan': (pilot) => pilot.live().press('*', 'ctrl-x').wait(300).press('tab'),
  'restart-held': (pilot) => pilot.live().press('ctrl-r').wait(300).press('y').wait(2_000),
  'restart-pending': (pilot) =>
    pilot.live().press('ctrl-r').wait(300).press('y').wait(5_000).wait(300),
  logs: (pilot) => tellLog(pilot.live().press('l')).press('t'),
  'logs-search': (pilot) => tellLog(pilot.live().press('l', 'w')).press('/').type('upstream'),
  'log-selection': (pilot) => tellLog(pilot.live().press('l', 't')).press('v', 'k', 'k'),
  'log-line': (pilot) => tellJson(tellLog(pilot.live().press('l'))).press('enter'),
  'log-range-prompt': (pilot) => tellLog(pilot.live().press('l')).press('9').type('12:00..12:'),
  'log-cleared-marked': (pilot) => tellJson(tellLog(pilot.live().press('l')).press('m', 'C')),
  'logs-merged': (pilot) => tellMerged(pilot.live().press('/').type('web').press('enter', 'L')),
  'logs-merged-sources': (pilot) =>
    tellMerged(pilot.live().press('/').type('web').press('enter', 'L')).press('i', 'a', 'E'),
  describe: (pilot) =>
    pilot
      .live()
      .press('/')
      .type('web-7')
      .press('enter', 'd')
      .send({ kind: 'inspected', requestId: 1, answer: inspection, atMs: NOW })
      .send({ kind: 'past-read', requestId: 1, events: PAST, atMs: NOW }),
  help: (pilot) => pilot.live().press('?'),
  'stop-plan-chosen': (pilot) =>
    pilot.live().press('*', 'ctrl-t').wait(300).press('up', 'right', 'up', 'right'),
  operations: (pilot) =>
    told(pilot.live().press('*', 'ctrl-p').wait(300).press('tab', 'enter')).press('9', 'j'),
  messages: (pilot) =>
    told(pilot.live().press('*', 'ctrl-p').wait(300).press('tab', 'enter')).press('@'),
  'link-asked': (pilot) => openLink(pilot),
  link: (pilot) => tellLink(openLink(pilot), {}).wait(2_000),
  'link-waiting': (pilot) => tellLink(openLink(pilot), NEVER_LINKED),
  'link-stranger': (pilot) => tellLink(openLink(pilot), STRANGER),
  'link-accept': (pilot) => tellLink(openLink(pilot), STRANGER).press('ctrl-y'),
  'link-legacy': (pilot) => tellLink(openLink(pilot), LEGACY),
  'add-environment': (pilot) => pilot.live().press('1', 'n').type('eu-7'),
  'add-edge-agent': (pilot) =>
    pilot.live().press('1', 'n').type('edge-shop-043').press('tab', 'space', 'tab'),
  'add-environment-wrong': (pilot) =>
    pilot.live().press('1', 'n').type('eu-7').press('tab', 'tab').type('a b').press('enter'),
  'environment-added': (pilot) => added(pilot),
  'environment-added-systemd': (pilot) => added(pilot).press('tab', 'tab'),
  'leave-question': (pilot) => added(pilot).press('esc').wait(300),
  connecting: (pilot) => pilot,
  lost: (pilot) =>
    pilot.live().send({
      kind: 'connection',
      connection: { kind: 'lost', reason: 'jump:9443 closed the feed.', retryAtMs: NOW + 4_000 },
      atMs: NOW,
    }),
};

for (const [width, height] of SIZES) {
  test.each(Object.keys(PICTURES))(`%s at ${width}x${height}`, async (name) => {
    const { state } = PICTURES[name]?.(new Pilot(width, height)) ?? new Pilot();
    const picture = frameText(viewOf(state), state.size);
    await expect(picture).toMatchFileSnapshot(`./${name}-${width}x${height}.txt`);
  });
}

test('containers at 200x60', async () => {
  const { state } = new Pilot(200, 60).live();
  await expect(frameText(viewOf(state), state.size)).toMatchFileSnapshot('./containers-200x60.txt');
});

test.each([
  [79, 23],
  [60, 16],
  [40, 10],
  [39, 9],
])('containers at %ix%i', async (width, height) => {
  const { state } = new Pilot(width, height).live();
  const picture = frameText(viewOf(state), state.size);
  await expect(picture).toMatchFileSnapshot(`./containers-${width}x${height}.txt`);
});
