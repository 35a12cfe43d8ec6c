/** The one built-in environment group, and the roles that access policies can give (Portainer API). */
import { ROLES } from '../../../protocol/permission.ts';
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

/** A role in Portainer's shape; its `Authorizations` name our actions, since Portainer's own are not public words. */
const roleJson = ({ id, name, description, priority, may }: (typeof ROLES)[number]) => ({
  Id: id,
  Name: name,
  Description: description,
  Priority: priority,
  Authorizations: Object.fromEntries([...may].map((action) => [action, true])),
});

/** GET /api/endpoint_groups and, for administrators, /api/roles. */
export function groupRoutes(): Route[] {
  return [
    route('GET', '/api/endpoint_groups', async () => ok([UNASSIGNED_GROUP])),
    route('GET', '/api/roles', async () => ok(ROLES.map(roleJson)), 'administrator'),
  ];
}
