/** Groups of environments, and the roles that access policies can give (Portainer API, endpoint_groups and roles). */
import { z } from 'zod';
import { ROLES } from '../../../protocol/permission.ts';
import { isAdministrator } from '../../fleet/grant.ts';
import { type Group, UNASSIGNED } from '../../fleet/groups.ts';
import { maySee } from '../../fleet/permissions.ts';
import { type Answer, NO_CONTENT, ok } from '../answer.ts';
import { caseless, readJson } from '../body.ts';
import { type Exchange, idOf, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';
import { policies } from './endpoint-fields.ts';

const ids = z.array(z.int().positive()).max(10_000);
const creationSchema = caseless({
  Name: z.string().min(1, 'Invalid environment group name'),
  Description: z.string().default(''),
  AssociatedEndpoints: ids.default([]),
  TagIDs: ids.default([]),
});
const changeSchema = caseless({
  Name: z.string().optional(),
  Description: z.string().optional(),
  TagIDs: ids.optional(),
  UserAccessPolicies: policies.optional(),
  TeamAccessPolicies: policies.optional(),
});

/** Keys and order as Portainer 2.23 emits them. */
const groupJson = (group: Group) => ({
  Id: group.id,
  Name: group.name,
  Description: group.description,
  UserAccessPolicies: group.userAccessPolicies,
  TeamAccessPolicies: group.teamAccessPolicies,
  TagIds: group.tagIds,
  Labels: [],
  AuthorizedUsers: null,
  AuthorizedTeams: null,
});

/** A role in Portainer's shape; its `Authorizations` name our actions, since Portainer's own are not public words. */
const roleJson = ({ id, name, description, priority, may }: (typeof ROLES)[number]) => ({
  Id: id,
  Name: name,
  Description: description,
  Priority: priority,
  Authorizations: Object.fromEntries([...may].map((action) => [action, true])),
});

/** All of /api/endpoint_groups, and /api/roles. */
export function groupRoutes(services: Services): Route[] {
  return [
    ...groupsThemselves(services),
    ...membershipRoutes(services),
    route('GET', '/api/roles', async () => ok(ROLES.map(roleJson)), 'administrator'),
  ];
}

/** Administrators see all groups, others those of the environments that they see. */
async function visibleGroups({ environments, groups, access }: Services, { grant }: Exchange) {
  if (isAdministrator(grant)) return groups.list();
  const seen = (await environments.list()).filter(({ record }) =>
    maySee(grant, access.of(record.id)),
  );
  const groupIds = new Set(seen.map(({ record }) => record.groupId));
  return groups.list().filter(({ id }) => groupIds.has(id));
}

function groupsThemselves(services: Services): Route[] {
  const { groups, log } = services;
  const create = async ({ request, grant, signal }: Exchange): Promise<Answer> => {
    const fields = await readJson(request, creationSchema);
    for (const id of fields.AssociatedEndpoints) await services.environments.get(id);
    const nobody = { userAccessPolicies: {}, teamAccessPolicies: {} };
    const { Name: name, Description: description, TagIDs: tagIds } = fields;
    const group = await groups.create({ ...nobody, name, description, tagIds });
    for (const id of fields.AssociatedEndpoints)
      await services.environments.update(id, { groupId: group.id }, signal);
    log.info({ group: group.name, by: grant.user.username }, 'environment group created');
    return ok(groupJson(group));
  };
  const update = async (exchange: Exchange): Promise<Answer> => {
    const id = idOf(exchange, 'environment group');
    const fields = await readJson(exchange.request, changeSchema);
    const group = await groups.update(id, changeOf(fields));
    const { username: by } = exchange.grant.user;
    log.info({ group: group.name, by }, 'environment group changed');
    return ok(groupJson(group));
  };
  return [
    route('GET', '/api/endpoint_groups', async (exchange) =>
      ok((await visibleGroups(services, exchange)).map(groupJson)),
    ),
    route('POST', '/api/endpoint_groups', create, 'administrator'),
    route(
      'GET',
      '/api/endpoint_groups/:id',
      async (exchange) => ok(groupJson(groups.get(idOf(exchange, 'environment group')))),
      'administrator',
    ),
    route('PUT', '/api/endpoint_groups/:id', update, 'administrator'),
    route('DELETE', '/api/endpoint_groups/:id', removal(services), 'administrator'),
  ];
}

function changeOf(fields: z.output<typeof changeSchema>): Partial<Omit<Group, 'id'>> {
  return {
    ...(fields.Name && { name: fields.Name }),
    ...(fields.Description !== undefined && { description: fields.Description }),
    ...(fields.TagIDs !== undefined && { tagIds: fields.TagIDs }),
    ...(fields.UserAccessPolicies && { userAccessPolicies: fields.UserAccessPolicies }),
    ...(fields.TeamAccessPolicies && { teamAccessPolicies: fields.TeamAccessPolicies }),
  };
}

/** Its environments go back to Unassigned. */
function removal({ groups, environments, log }: Services) {
  return async (exchange: Exchange): Promise<Answer> => {
    const id = idOf(exchange, 'environment group');
    groups.checkRemovable(id);
    for (const { record } of await environments.list()) {
      if (record.groupId !== id) continue;
      await environments.update(record.id, { groupId: UNASSIGNED }, exchange.signal);
    }
    await groups.remove(id);
    log.info({ group: id, by: exchange.grant.user.username }, 'environment group removed');
    return NO_CONTENT;
  };
}

function membershipRoutes({ groups, environments, log }: Services): Route[] {
  const path = '/api/endpoint_groups/:id/endpoints/:endpointId';
  const move = async (exchange: Exchange, isIn: boolean): Promise<Answer> => {
    const group = groups.get(idOf(exchange, 'environment group'));
    const id = idOf(exchange, 'environment', 'endpointId');
    const { record } = await environments.get(id);
    const groupId = isIn ? group.id : UNASSIGNED;
    if (isIn || record.groupId === group.id)
      await environments.update(id, { groupId }, exchange.signal);
    log.info({ environment: id, groupId, by: exchange.grant.user.username }, 'environment moved');
    return NO_CONTENT;
  };
  return [
    route('PUT', path, (exchange) => move(exchange, true), 'administrator'),
    route('DELETE', path, (exchange) => move(exchange, false), 'administrator'),
  ];
}

/** What the routes read, for docs/openapi.json. */
export const groupBodies = {
  'POST /api/endpoint_groups': creationSchema,
  'PUT /api/endpoint_groups/:id': changeSchema,
};
