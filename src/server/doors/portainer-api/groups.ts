/** The one built-in environment group (Portainer API). */
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

/** GET /api/endpoint_groups. */
export function groupRoutes(): Route[] {
  return [route('GET', '/api/endpoint_groups', async () => ok([UNASSIGNED_GROUP]))];
}
