/** The one built-in environment group, and the tags that don't exist yet: clients list both before anything else. */
import { ok } from '../answer.ts';
import { type Route, route } from '../route-table.ts';

export const UNASSIGNED_GROUP = {
  Id: 1,
  Name: 'Unassigned',
  Description: 'Unassigned environments',
  UserAccessPolicies: {},
  TeamAccessPolicies: {},
  TagIds: [],
  Labels: [],
  AuthorizedUsers: null,
  AuthorizedTeams: null,
};

/** GET /api/endpoint_groups and GET /api/tags. */
export function groupRoutes(): Route[] {
  return [
    route('GET', '/api/endpoint_groups', async () => ok([UNASSIGNED_GROUP])),
    route('GET', '/api/tags', async () => ok([])),
  ];
}
