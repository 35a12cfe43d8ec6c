/** What Docker's and Podman's words about a container mean, and which known times survive them. */
import type { ContainerInfo } from 'dockerode';
import { expect, test } from 'vitest';
import { parseAge } from '../../src/docker/age-words.ts';
import { containerFromInfo, parseStatus } from '../../src/docker/container-words.ts';
import { containerSchema } from '../../src/protocol/container.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = 1_800_000_000_000;

function info(fields: object): ContainerInfo {
  return { Id: 'f'.repeat(64), Names: ['/web'], ...fields } as ContainerInfo;
}

function translate(fields: object, known = {}) {
  return containerFromInfo(info(fields), { environmentId: 3, nowMs: NOW, known });
}

test.each([
  ['Less than a second', 0, 1_000],
  ['1 second', 1_000, 2_000],
  ['59 seconds', 59_000, 60_000],
  ['About a minute', MINUTE, 2 * MINUTE],
  ['3 minutes', 3 * MINUTE, 4 * MINUTE],
  ['About an hour', HOUR, 1.5 * HOUR],
  ['2 hours', 1.5 * HOUR, 2.5 * HOUR],
  ['3 days', 71.5 * HOUR, 95.5 * HOUR],
  ['2 weeks', 335.5 * HOUR, 503.5 * HOUR],
])('"%s" is at least %i and less than %i ms', (words, minMs, maxMs) => {
  expect(parseAge(words)).toEqual({ minMs, maxMs });
});

test.each([
  ['Up 3 minutes', null, 'none'],
  ['Up 3 minutes (healthy)', null, 'healthy'],
  ['Up 2 weeks (unhealthy)', null, 'unhealthy'],
  ['Up 1 second (health: starting)', null, 'starting'],
  ['Up About an hour (Paused)', null, 'none'],
  ['Exited (137) 2 minutes ago', 137, 'none'],
  ['Exited (0) About an hour ago', 0, 'none'],
  ['Restarting (1) 5 seconds ago', 1, 'none'],
  ['Created', null, 'none'],
  ['Removal In Progress', null, 'none'],
  ['', null, 'none'],
])('status "%s": exit %s, health %s', (status, exitCode, health) => {
  expect(parseStatus(status)).toMatchObject({ exitCode, health });
});

test('a known time stays while the words allow it', () => {
  const started = { atMs: NOW - 3.5 * MINUTE, isExact: true };
  const fields = { State: 'running', Status: 'Up 3 minutes' };
  expect(translate(fields, { started })).toMatchObject({
    startedAtMs: started.atMs,
    isTimeExact: true,
  });
  const old = { atMs: NOW - 9 * HOUR, isExact: true };
  expect(translate(fields, { started: old })).toMatchObject({
    startedAtMs: NOW - 4 * MINUTE,
    isTimeExact: false,
  });
  expect(translate(fields)).toMatchObject({ startedAtMs: NOW - 3 * MINUTE, isTimeExact: false });
});

test('an end belongs to what has ended, a start to what runs', () => {
  const known = {
    started: { atMs: NOW - 70_000, isExact: true },
    finished: { atMs: NOW - 61_000, isExact: true },
  };
  const ended = translate({ State: 'exited', Status: 'Exited (2) About a minute ago' }, known);
  expect(ended).toMatchObject({ exitCode: 2, startedAtMs: null, finishedAtMs: NOW - 61_000 });
  const runs = translate({ State: 'running', Status: 'Up About a minute' }, known);
  expect(runs).toMatchObject({ exitCode: null, startedAtMs: NOW - 70_000, finishedAtMs: null });
});

test('names, ports and networks come in one order', () => {
  const ports = [
    { IP: '::', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
    { PrivatePort: 53, Type: 'udp' },
    { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
    { PrivatePort: 443, PublicPort: 8443, Type: 'tcp' },
  ];
  const container = translate({
    Names: ['/other/alias', '/web-1'],
    Ports: ports,
    NetworkSettings: { Networks: { b: {}, a: {} } },
  });
  expect(container.name).toBe('web-1');
  expect(container.networks).toEqual(['a', 'b']);
  expect(container.ports.map((port) => [port.privatePort, port.address])).toEqual([
    [53, null],
    [80, '0.0.0.0'],
    [80, '::'],
    [443, '0.0.0.0'],
  ]);
});

test.each([
  [{}],
  [{ Names: 'web', Ports: {}, Labels: ['x'], Mounts: 3, NetworkSettings: 'no', Status: 5 }],
  [{ Names: [7], Ports: [null, { PrivatePort: 'x' }], Labels: { a: 1, b: 'c' }, Created: 'now' }],
])('nonsense from a hostile peer still makes a container: %j', (fields) => {
  expect(() => containerSchema.parse(translate(fields))).not.toThrow();
});
