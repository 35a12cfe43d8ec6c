/** /api/tags: the words that environments are told apart by (Portainer API, tags). */
import { z } from 'zod';
import type { TagView } from '../../fleet/tags.ts';
import { NO_CONTENT, ok } from '../answer.ts';
import { caseless, readJson } from '../body.ts';
import { idOf, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';

const newTagSchema = caseless({ Name: z.string().min(1, 'Invalid tag name') });

const mapOf = (ids: readonly number[]) => Object.fromEntries(ids.map((id) => [id, true]));

/** `ID` in capitals, as Portainer has it. */
const toJson = ({ id, name, environmentIds, groupIds }: TagView) => ({
  ID: id,
  Name: name,
  Endpoints: mapOf(environmentIds),
  EndpointGroups: mapOf(groupIds),
});

/** All of /api/tags. */
export function tagRoutes({ tags, log }: Services): Route[] {
  return [
    route('GET', '/api/tags', async () => ok((await tags.list()).map(toJson))),
    route(
      'POST',
      '/api/tags',
      async ({ request, grant }) => {
        const { Name } = await readJson(request, newTagSchema);
        const tag = await tags.create(Name);
        log.info({ tag: tag.name, by: grant.user.username }, 'tag created');
        return ok(toJson(tag));
      },
      'administrator',
    ),
    route(
      'DELETE',
      '/api/tags/:id',
      async (exchange) => {
        const id = idOf(exchange, 'tag');
        await tags.remove(id);
        log.info({ tag: id, by: exchange.grant.user.username }, 'tag removed');
        return NO_CONTENT;
      },
      'administrator',
    ),
  ];
}

/** What the routes read, for docs/openapi.json. */
export const tagBodies = {
  'POST /api/tags': newTagSchema,
};
