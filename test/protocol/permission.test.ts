/** Who may do what: the decision, and what each call of the Docker API counts as. */
import { describe, expect, test } from 'vitest';
import { actionOf, DOCKER_CALLS } from '../../src/protocol/docker-call.ts';
import { atMost, decide, ROLES, roleOf, strongest } from '../../src/protocol/permission.ts';

const nameless = { isAdministrator: false, role: undefined };
const role = (id: number) => ({ isAdministrator: false, role: roleOf(id) });

describe('the decision', () => {
  test('an administrator may even what nobody knows; without a role nobody may anything', () => {
    expect(
      decide({ isAdministrator: true, role: undefined, actions: undefined, touches: 'usable' })
        .isAllowed,
    ).toBe(true);
    expect(decide({ ...nameless, actions: ['read'], touches: 'usable' }).isAllowed).toBe(false);
  });

  test('what is not known is refused to every role', () => {
    for (const { id } of ROLES)
      expect(decide({ ...role(id ?? 0), actions: undefined, touches: 'usable' }).isAllowed).toBe(
        false,
      );
  });

  test('a refusal names the role and what it lacks', () => {
    const decision = decide({ ...role(2), actions: ['lifecycle', 'exec'], touches: 'usable' });
    expect(decision).toMatchObject({
      isAllowed: false,
      why: expect.stringMatching(/Helpdesk.*exec/),
    });
  });

  test('the number of CE and unknown numbers mean the standard user', () => {
    expect([roleOf(0).name, roleOf(99).name]).toEqual(['Standard user', 'Standard user']);
  });

  test.each([
    [3, 'usable', 'destroy', true],
    [3, 'foreign', 'read', false],
    [3, 'common', 'read', true],
    [3, 'common', 'create', true],
    [3, 'common', 'destroy', false],
    [3, 'common', 'secrets', false],
    [3, 'usable', 'host', false],
    [5, 'foreign', 'exec', true],
    [2, 'foreign', 'read', true],
    [4, 'common', 'read', true],
  ] as const)('role %i with what is %s may %s: %s', (id, touches, action, isAllowed) => {
    expect(decide({ ...role(id), actions: [action], touches }).isAllowed).toBe(isAllowed);
  });

  test('a key is worth what both its account and its own role may, and reaches no further', () => {
    const helpdesk = atMost(roleOf(2), roleOf(3));
    expect([helpdesk.reach, helpdesk.may.has('exec'), helpdesk.may.has('lifecycle')]).toEqual([
      'own',
      false,
      true,
    ]);
    const reader = atMost(roleOf(3), roleOf(4));
    expect([reader.reach, [...reader.may].sort()]).toEqual(['own', ['read', 'stats']]);
  });

  test('the most powerful role counts', () => {
    expect(strongest([roleOf(4), roleOf(5), roleOf(2)])?.name).toBe('Operator');
    expect(strongest([])).toBeUndefined();
  });
});

describe('calls of the Docker API', () => {
  test.each([
    ['GET', '/v1.45/containers/json', 'read'],
    ['GET', '/images/registry/team/app:1.2/json', 'read'],
    ['GET', '/images/get', 'secrets'],
    ['GET', '/images/v1.45/edge/app/json', 'read'],
    ['POST', '/containers/web/restart', 'lifecycle'],
    ['POST', '/exec/abc/start', 'exec'],
    ['DELETE', '/images/rig/app', 'destroy'],
    ['POST', '/build', 'host'],
    ['GET', '/v2/browse/ls', 'host'],
    ['GET', '/plugins/privileges', 'host'],
  ])('%s %s is %s', (method, path, action) => {
    expect(actionOf(method, path)).toBe(action);
  });

  test.each([
    ['GET', '/containers/x/../../secrets'],
    ['GET', '/containers/./json'],
    ['GET', '//containers/json'],
    ['GET', '/containers/x%2f..%2fy/json'],
    ['GET', '/containers\\json'],
    ['GET', '/containers/a/b/json'],
    ['GET', '/v1.45/v1.45/containers/json'],
    ['GET', '/V1.45/info'],
    ['PATCH', '/containers/json'],
    ['get', '/containers/json'],
    ['GET', '/containers/json/'],
    ['GET', '/tomorrow/new'],
    ['POST', '/containers/web/restart/now'],
  ])('%s %s is known to nobody', (method, path) => {
    expect(actionOf(method, path)).toBeUndefined();
  });

  test('each row is found again by its own example', () => {
    for (const { methods, path, action } of DOCKER_CALLS) {
      const example = path.replaceAll(/\{\w+\.\.\.\}/g, 'a/b').replaceAll(/\{\w+\}/g, 'x1');
      for (const method of methods)
        expect([path, actionOf(method, example)]).toEqual([path, action]);
    }
  });
});
