/** The plain tables: words as docker ps has them, columns that line up, nothing that a terminal would obey. */
import { describe, expect, it } from 'vitest';
import type { Container } from '../../src/protocol/container.ts';
import type { Environment } from '../../src/protocol/environment.ts';
import { durationWords, statusWords } from '../../src/tui/format/status-words.ts';
import { foldFeed } from '../../src/tui/model/fold-feed.ts';
import { EMPTY_FLEET } from '../../src/tui/model/live-fleet.ts';
import { fleetText } from '../../src/tui/plain.ts';

const NOW = 1_700_000_000_000;
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

const web: Container = {
  environmentId: 1,
  id: 'a'.repeat(64),
  name: 'web',
  image: 'rig/app:v1',
  imageId: 'sha256:1',
  command: 'httpd',
  createdAtMs: NOW - HOUR,
  state: 'running',
  health: 'none',
  exitCode: null,
  startedAtMs: NOW - 180 * SECOND,
  finishedAtMs: null,
  isTimeExact: true,
  ports: [],
  labels: {},
  networks: [],
  mountCount: 0,
  networkOf: null,
  restartsSeen: 0,
  oomsSeen: 0,
};
const alpha: Environment = {
  id: 1,
  name: 'alpha',
  kind: 'socket',
  address: 'unix:///run/alpha.sock',
  connection: 'up',
  sinceMs: NOW,
  reason: null,
  engine: null,
  lastSeenAtMs: NOW,
  tags: [],
};

describe('durations', () => {
  it.each([
    [0, 'Less than a second'],
    [1 * SECOND, '1 second'],
    [59 * SECOND, '59 seconds'],
    [119 * SECOND, '119 seconds'],
    [120 * SECOND, '2 minutes'],
    [119 * 60 * SECOND, '119 minutes'],
    [2 * HOUR, '2 hours'],
    [47 * HOUR, '47 hours'],
    [48 * HOUR, '2 days'],
    [13 * 24 * HOUR, '13 days'],
    [14 * 24 * HOUR, '2 weeks'],
    [-5 * SECOND, 'Less than a second'],
  ])('%i ms is "%s"', (durationMs, words) => {
    expect(durationWords(durationMs)).toBe(words);
  });
});

describe('status words', () => {
  const ended = { startedAtMs: null, finishedAtMs: NOW - 2 * HOUR };
  it.each([
    [{}, 'Up 3 minutes'],
    [{ health: 'healthy' as const }, 'Up 3 minutes (healthy)'],
    [{ health: 'starting' as const }, 'Up 3 minutes (health: starting)'],
    [{ state: 'paused' as const }, 'Up 3 minutes (Paused)'],
    [{ state: 'exited' as const, exitCode: 137, ...ended }, 'Exited (137) 2 hours ago'],
    [{ state: 'restarting' as const, exitCode: 1, ...ended }, 'Restarting (1) 2 hours ago'],
    [{ state: 'created' as const }, 'Created'],
    [{ state: 'dead' as const }, 'Dead'],
  ])('%j: %s', (change, words) => {
    expect(statusWords({ ...web, ...change }, NOW)).toBe(words);
  });
});

function text(environments: Environment[], containers: Container[]): string {
  const message = { kind: 'snapshot', sequence: 0, atMs: NOW, environments, containers } as const;
  const fold = foldFeed(EMPTY_FLEET, message, NOW);
  if (fold.kind !== 'folded') throw new Error('not folded');
  return fleetText(fold.fleet, NOW);
}

describe('the tables', () => {
  it('line up, sorted by name, environments first', () => {
    const beta = {
      ...alpha,
      id: 2,
      name: 'beta',
      connection: 'down' as const,
      reason: 'It is gone.',
    };
    const port = { privatePort: 80, publicPort: 8080, address: '0.0.0.0', protocol: 'tcp' };
    const inner = { privatePort: 443, publicPort: null, address: null, protocol: 'tcp' };
    const six = { ...port, address: '::' };
    const database = { ...web, id: 'b'.repeat(64), name: 'a-database' };
    const published = { ...web, ports: [port, six, inner] };
    expect(text([beta, alpha], [published, database])).toBe(
      [
        'ENVIRONMENT   CONNECTION   ENGINE   RUNNING   ADDRESS',
        'alpha         up           -        2/2       unix:///run/alpha.sock',
        'beta          down         -        -         unix:///run/alpha.sock   It is gone.',
        '',
        'ENVIRONMENT   NAME         IMAGE        STATE     STATUS         PORTS',
        'alpha         a-database   rig/app:v1   running   Up 3 minutes',
        'alpha         web          rig/app:v1   running   Up 3 minutes   0.0.0.0:8080->80/tcp, [::]:8080->80/tcp, 443/tcp',
        '',
      ].join('\n'),
    );
  });

  it('hold nothing that a terminal would obey', () => {
    const evil = { ...web, name: 'x\u001b]0;owned\u0007y', image: 'a\nb\u009b2J' };
    const printed = text([{ ...alpha, name: 'al\u001b[2Jpha' }], [evil]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for exactly those.
    expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(printed.trimEnd().split('\n')).toHaveLength(5);
  });
});
