/** /api/endpoints: environments (Portainer API). Created from JSON as well as from forms. */
import { z } from 'zod';
import { UNASSIGNED } from '../../fleet/groups.ts';
import { checkMaySee, maySee } from '../../fleet/permissions.ts';
import { type Answer, NO_CONTENT, ok } from '../answer.ts';
import { caseless, checkShape, readJson } from '../body.ts';
import { readForm } from '../form.ts';
import { type Exchange, idOf, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';
import { changeOf, draftOf, environmentSchemas } from './endpoint-fields.ts';
import { selectEndpoints } from './endpoint-filter.ts';
import { endpointJson, invitationJson } from './endpoint-json.ts';

const SECURITY_SETTINGS = [
  'allowBindMountsForRegularUsers',
  'allowPrivilegedModeForRegularUsers',
  'allowVolumeBrowserForRegularUsers',
  'allowHostNamespaceForRegularUsers',
  'allowDeviceMappingForRegularUsers',
  'allowStackManagementForRegularUsers',
  'allowContainerCapabilitiesForRegularUsers',
  'allowSysctlSettingForRegularUsers',
  'enableHostManagementFeatures',
] as const;

const settingsSchema = caseless({
  ...Object.fromEntries(SECURITY_SETTINGS.map((name) => [name, z.boolean().optional()])),
  enableGPUManagement: z.boolean().optional(),
  gpus: z.array(caseless({ name: z.string(), value: z.string() })).optional(),
});

const removalSchema = caseless({
  endpoints: z.array(caseless({ id: z.int().positive() })).max(10_000),
});

/** All of /api/endpoints but the Docker proxy. */
export function endpointRoutes(services: Services): Route[] {
  return [
    ...readRoutes(services),
    ...creationRoutes(services),
    ...changeRoutes(services),
    ...snapshotRoutes(services),
  ];
}

function readRoutes({ environments, access, groups }: Services): Route[] {
  const visible = async ({ grant }: Exchange) =>
    (await environments.list()).filter(({ record }) => maySee(grant, access.of(record.id)));
  return [
    route('GET', '/api/endpoints', async (exchange) => {
      const all = await visible(exchange);
      const { page, total } = selectEndpoints(all, exchange.query, (id) => groups.get(id).name);
      const withSnapshots = exchange.query.get('excludeSnapshots') !== 'true';
      return ok(
        page.map((view) => endpointJson(view, withSnapshots)),
        { 'X-Total-Count': String(total), 'X-Total-Available': String(all.length) },
      );
    }),
    route('GET', '/api/endpoints/agent_versions', async (exchange) => {
      const versions = (await visible(exchange)).map(({ record }) => record.agentVersion);
      return ok([...new Set(versions.filter((version) => version !== ''))].sort());
    }),
    route('GET', '/api/endpoints/:id', async (exchange) => {
      const view = await environments.get(idOf(exchange, 'environment'));
      checkMaySee(exchange.grant, access.of(view.record.id));
      return ok(endpointJson(view, exchange.query.get('excludeSnapshot') !== 'true'));
    }),
  ];
}

function creationRoutes({ environments, groups, log }: Services): Route[] {
  const create = async ({ request, query, signal, grant }: Exchange): Promise<Answer> => {
    const fields = checkShape(environmentSchemas.creation, await readForm(request, query));
    const draft = draftOf(fields);
    groups.get(draft.groupId ?? UNASSIGNED);
    if (draft.type === 4) {
      const invitation = await environments.invite(draft);
      const { id, name } = invitation.view.record;
      log.info({ environment: id, name, by: grant.user.username }, 'edge environment created');
      return ok(invitationJson(invitation));
    }
    const view = await environments.create(draft, signal);
    const { id, name, url } = view.record;
    log.info({ environment: id, name, url, by: grant.user.username }, 'environment created');
    return ok(endpointJson(view, true));
  };
  const resetAssociation = async (exchange: Exchange): Promise<Answer> => {
    const id = idOf(exchange, 'environment');
    const invitation = await environments.resetAssociation(id);
    log.info({ environment: id, by: exchange.grant.user.username }, 'edge association reset');
    return ok(invitationJson(invitation));
  };
  return [
    route('POST', '/api/endpoints', create, 'administrator'),
    route('DELETE', '/api/endpoints/:id/association', resetAssociation, 'administrator'),
  ];
}

function changeRoutes({ environments, groups, controls, log }: Services): Route[] {
  const update = async (exchange: Exchange): Promise<Answer> => {
    const id = idOf(exchange, 'environment');
    const fields = await readJson(exchange.request, environmentSchemas.change);
    const change = changeOf(fields);
    groups.get(change.groupId ?? UNASSIGNED);
    return ok(endpointJson(await environments.update(id, change, exchange.signal), true));
  };
  const changeSettings = async (exchange: Exchange): Promise<Answer> => {
    const id = idOf(exchange, 'environment');
    const { enableGPUManagement, gpus, ...given } = await readJson(
      exchange.request,
      settingsSchema,
    );
    const { record } = await environments.get(id);
    const change = {
      securitySettings: { ...record.securitySettings, ...(given as Record<string, boolean>) },
      ...(enableGPUManagement !== undefined && { enableGpuManagement: enableGPUManagement }),
      ...(gpus !== undefined && { gpus }),
    };
    return ok(endpointJson(await environments.update(id, change, exchange.signal), true));
  };
  const remove = async (exchange: Exchange): Promise<Answer> => {
    const id = idOf(exchange, 'environment');
    await environments.remove(id);
    controls.forgetEnvironment(id);
    log.info({ environment: id, by: exchange.grant.user.username }, 'environment removed');
    return NO_CONTENT;
  };
  const removeMany = async ({ request }: Exchange): Promise<Answer> => {
    const { endpoints } = await readJson(request, removalSchema);
    const deleted: number[] = [];
    const errors: number[] = [];
    for (const { id } of endpoints) {
      await environments.remove(id).then(
        () => {
          controls.forgetEnvironment(id);
          deleted.push(id);
        },
        () => errors.push(id),
      );
    }
    return errors.length === 0 ? NO_CONTENT : { status: 206, body: { deleted, errors } };
  };
  return [
    route('DELETE', '/api/endpoints', removeMany, 'administrator'),
    route('PUT', '/api/endpoints/:id', update, 'administrator'),
    route('PUT', '/api/endpoints/:id/settings', changeSettings, 'administrator'),
    route('DELETE', '/api/endpoints/:id', remove, 'administrator'),
  ];
}

function snapshotRoutes({ environments }: Services): Route[] {
  const one = async (exchange: Exchange): Promise<Answer> => {
    await environments.survey(idOf(exchange, 'environment'), exchange.signal);
    return NO_CONTENT;
  };
  const all = async ({ signal }: Exchange): Promise<Answer> => {
    await environments.surveyAll(signal);
    return NO_CONTENT;
  };
  return [
    route('POST', '/api/endpoints/snapshot', all, 'administrator'),
    route('POST', '/api/endpoints/:id/snapshot', one, 'administrator'),
  ];
}

/** What the routes read, for docs/openapi.json. */
export const endpointBodies = {
  'POST /api/endpoints': environmentSchemas.creation,
  'PUT /api/endpoints/:id': environmentSchemas.change,
  'PUT /api/endpoints/:id/settings': settingsSchema,
  'DELETE /api/endpoints': removalSchema,
};
