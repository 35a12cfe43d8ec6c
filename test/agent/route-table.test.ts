import { expect, test } from 'vitest';
import { type ApiRoute, matchRoute } from '../../src/agent/api/route-table.ts';

const rest = { access: 'signed', body: 'none', answer() {} } as const;
const ls: ApiRoute = { ...rest, method: 'GET', path: '/browse/ls', generations: ['', 'v2'] };
const old: ApiRoute = { ...rest, method: 'GET', path: '/browse/{volume}/ls', generations: ['v1'] };

function kindOf(path: string, method = 'GET'): string {
  return matchRoute([ls, old], method, path).kind;
}

test.each([
  ['/browse/ls', 'route'],
  ['/v2/browse/ls', 'route'],
  ['/v1/browse/vol/ls', 'route'],
  ['/v1.41/browse/ls', 'route'],
  ['/v1.41/v2/browse/ls', 'route'],
  ['/v1/browse/ls', 'unknown'],
  ['/browse/vol/ls', 'unknown'],
  ['/browse', 'unknown'],
  ['/v2/kubernetes/api', 'unknown'],
  ['/', 'engine'],
  ['/containers/json', 'engine'],
  ['/v1.41/containers/json', 'engine'],
  ['/v1/containers/json', 'engine'],
  ['/v2/containers/json', 'engine'],
  ['/browser', 'engine'],
  ['/_ping', 'engine'],
  ['/images/foo/v1.2/json', 'engine'],
  ['//browse/ls', 'engine'],
  ['/dockerhub', 'engine'],
])('%s is %s', (path, kind) => {
  expect(kindOf(path)).toBe(kind);
});

test('another method, and what a path carries', () => {
  expect(kindOf('/browse/ls', 'DELETE')).toBe('method');
  const params = (path: string) => {
    const match = matchRoute([ls, old], 'GET', path);
    return match.kind === 'route' ? match.params : undefined;
  };
  expect(params('/v1/browse/a%2Fb/ls')).toEqual({ volume: 'a/b' });
  expect(params('/v1/browse/%zz/ls')).toEqual({ volume: '%zz' });
});
