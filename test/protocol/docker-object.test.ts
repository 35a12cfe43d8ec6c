/** Which objects a call is about: in its path, and in its body under every spelling that Docker reads. */
import { expect, test } from 'vitest';
import {
  createdKind,
  isOwnedList,
  namedObjects,
  targetOf,
} from '../../src/protocol/docker-object.ts';

test.each([
  ['/v1.45/containers/web/json', 'container web'],
  ['/volumes/data', 'volume data'],
  ['/exec/abc/start', 'exec abc'],
  ['/tasks/t1/logs', 'task t1'],
  ['/containers/json', undefined],
  ['/containers/create', undefined],
  ['/networks/prune', undefined],
  ['/volumes', undefined],
  ['/images/busybox/json', undefined],
])('%s is about %s', (path, said) => {
  const target = targetOf(path);
  expect(target && `${target.kind} ${target.id}`).toBe(said);
});

test('lists and creations are known by method and path', () => {
  expect([isOwnedList('GET', '/v1.45/secrets'), isOwnedList('POST', '/secrets')]).toEqual([
    true,
    false,
  ]);
  expect(createdKind('POST', '/v1.45/networks/create')).toBe('network');
  expect(createdKind('POST', '/images/create')).toBeUndefined();
});

test.each([
  ['/containers/create', { hostConfig: { BINDS: ['data:/x:ro', '/etc:/y'] } }, ['volume data']],
  ['/containers/create', { HostConfig: { 'Bind\u017f': ['data:/x'] } }, ['volume data']],
  ['/containers/create', { HostConfig: { Binds: [], binds: ['data:/x'] } }, ['volume data']],
  [
    '/containers/create',
    { HostConfig: { Mounts: [{ Type: 'volume', source: 'data' }] } },
    ['volume data'],
  ],
  [
    '/containers/create',
    { HostConfig: { NetworkMode: 'lan', Links: ['db:x'] } },
    ['network lan', 'container db'],
  ],
  [
    '/containers/create',
    { NetworkingConfig: { EndpointsConfig: { lan: { Links: ['db'] } } } },
    ['network lan', 'container db'],
  ],
  ['/networks/lan/connect', { Container: 'db' }, ['container db']],
  [
    '/services/create',
    {
      TaskTemplate: {
        ContainerSpec: { Secrets: [{ SecretID: 's' }], Configs: [{ ConfigID: 'c' }] },
        Networks: [{ Target: 'lan' }],
      },
    },
    ['network lan', 'secret s', 'config c'],
  ],
])('%s %j names %j', (path, body, named) => {
  expect(namedObjects(path, body).map(({ kind, id }) => `${kind} ${id}`)).toEqual(named);
});
