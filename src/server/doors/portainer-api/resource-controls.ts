/** /api/resource_controls: who may use which Docker object (Portainer API, resource controls). */
import { z } from 'zod';
import { Fault } from '../../../protocol/fault.ts';
import { isEntitled, type ResourceControl } from '../../../protocol/resource-control.ts';
import { type Grant, isAdministrator } from '../../fleet/grant.ts';
import type { Use } from '../../fleet/resource-controls.ts';
import { type Answer, NO_CONTENT, ok } from '../answer.ts';
import { caseless, invalidPayload, readJson } from '../body.ts';
import { controlJson } from '../engine-object.ts';
import { type Exchange, idOf, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';

const ids = z.array(z.int().positive()).max(1_000).default([]);
const use = {
  Public: z.boolean().default(false),
  AdministratorsOnly: z.boolean().default(false),
  Users: ids,
  Teams: ids,
};
const changeSchema = caseless(use);
const creationSchema = caseless({
  ...use,
  ResourceID: z.string().min(1).max(512),
  Type: z.int().min(1).max(9),
  SubResourceIDs: z.array(z.string().max(512)).max(1_000).default([]),
});

function useOf(fields: z.output<typeof changeSchema>): Use {
  const { Public: isPublic, AdministratorsOnly: administratorsOnly } = fields;
  const userIds = [...new Set(fields.Users)];
  const teamIds = [...new Set(fields.Teams)];
  if (isPublic && administratorsOnly) {
    throw invalidPayload('An object is Public or AdministratorsOnly, not both.');
  }
  if (!isPublic && !administratorsOnly && userIds.length + teamIds.length === 0) {
    throw invalidPayload('Say Users, Teams, Public or AdministratorsOnly.');
  }
  return { userIds, teamIds, isPublic, administratorsOnly };
}

/** Fault forbidden for others than administrators who change what is not theirs, or give it to whom they have no say over. */
function checkMayChange(grant: Grant, control: ResourceControl, after: Use): void {
  if (isAdministrator(grant)) return;
  const { id: userId } = grant.user;
  const { teamIds } = grant;
  const isTheirs = isEntitled({ ...control, isPublic: false }, { userId, teamIds });
  const isWithin =
    after.userIds.every((id) => id === userId || control.userIds.includes(id)) &&
    after.teamIds.every((id) => teamIds.includes(id) || control.teamIds.includes(id));
  if (isTheirs && isWithin && !after.administratorsOnly && grant.scope === undefined) return;
  throw new Fault('forbidden', 'Permission denied to update the resource control', {
    details: 'You may share what is yours with your own teams or with everybody.',
  });
}

/** All of /api/resource_controls. */
export function controlRoutes({ controls, log }: Services): Route[] {
  const create = async ({ request, grant }: Exchange): Promise<Answer> => {
    const fields = await readJson(request, creationSchema);
    const { ResourceID: resourceId, Type: type, SubResourceIDs: subResourceIds } = fields;
    const made = await controls.create({ ...useOf(fields), resourceId, type, subResourceIds });
    log.info({ resource: resourceId, type, by: grant.user.username }, 'resource control created');
    return ok(controlJson(made));
  };
  const update = async (exchange: Exchange): Promise<Answer> => {
    const { grant } = exchange;
    const id = idOf(exchange, 'resource control');
    const after = useOf(await readJson(exchange.request, changeSchema));
    checkMayChange(grant, controls.get(id), after);
    const control = await controls.update(id, after);
    log.info({ control: id, by: grant.user.username }, 'resource control changed');
    return ok(controlJson(control));
  };
  const remove = async (exchange: Exchange): Promise<Answer> => {
    const id = idOf(exchange, 'resource control');
    await controls.remove(id);
    log.info({ control: id, by: exchange.grant.user.username }, 'resource control removed');
    return NO_CONTENT;
  };
  return [
    route('POST', '/api/resource_controls', create, 'administrator'),
    route('PUT', '/api/resource_controls/:id', update),
    route('DELETE', '/api/resource_controls/:id', remove, 'administrator'),
  ];
}

/** What the routes read, for docs/openapi.json. */
export const controlBodies = {
  'POST /api/resource_controls': creationSchema,
  'PUT /api/resource_controls/:id': changeSchema,
};
