/** What a standard user may reach on an engine: nothing without a policy, with one only what can be read safely. */
import { expect, test } from 'vitest';
import type { Grant } from '../../../src/server/fleet/grant.ts';
import { checkMayCall, roleIn } from '../../../src/server/fleet/permissions.ts';

const grantOf = (id: number, role: 1 | 2): Grant => ({
  user: { id, username: 'u', passwordHash: '', role, tokensValidFromS: 0 },
  via: 'session',
  credentialId: 'x',
  expiresAtMs: null,
  teamIds: [],
});

const nobody = { userAccessPolicies: {}, teamAccessPolicies: {} };
const named = {
  id: 1,
  own: { userAccessPolicies: { '2': { RoleId: 0 } }, teamAccessPolicies: {} },
  group: nobody,
};

function may(grant: Grant, method: string, path: string, environment = named): boolean {
  try {
    checkMayCall(grant, { access: environment, touches: 'usable' }, { method, path });
    return true;
  } catch {
    return false;
  }
}

test('an administrator may do everything, a stranger nothing', () => {
  expect(may(grantOf(1, 1), 'DELETE', '/containers/a')).toBe(true);
  expect(may(grantOf(3, 2), 'GET', '/containers/json')).toBe(false);
});

test.each([
  '/containers/json',
  '/v1.41/containers/abc/logs',
  '/images/rig/app:v1/json',
  '/volumes',
  '/_ping',
  '/events',
])('a named user may read %s', (path) => {
  expect(may(grantOf(2, 2), 'GET', path)).toBe(true);
});

test.each([
  '/v2/browse/ls',
  '/browse/get',
  '/host/info',
  '/swarm',
  '/containers/abc/../../secrets/json',
])('a named user may not read %s', (path) => {
  expect(may(grantOf(2, 2), 'GET', path)).toBe(false);
});

const policies = (user: number | undefined, team: number | undefined) => ({
  userAccessPolicies: user === undefined ? {} : { '2': { RoleId: user } },
  teamAccessPolicies: team === undefined ? {} : { '7': { RoleId: team }, '8': { RoleId: 4 } },
});

/** Roles by account and by team, in the environment and in its group, and the one that counts. */
test.each([
  [4, 1, 1, 1, 'Read-only user'],
  [undefined, 1, 2, 1, 'Helpdesk'],
  [undefined, 5, undefined, 1, 'Operator'],
  [undefined, undefined, undefined, 1, 'Environment administrator'],
  [undefined, 4, undefined, undefined, 'Read-only user'],
  [undefined, undefined, undefined, undefined, undefined],
] as const)('of the roles %s, %s, %s, %s counts: %s', (user, team, groupUser, groupTeam, name) => {
  const access = { id: 1, own: policies(user, team), group: policies(groupUser, groupTeam) };
  expect(roleIn({ ...grantOf(2, 2), teamIds: [7, 8] }, access)?.name).toBe(name);
});
