/** GET and PUT /api/settings (Portainer API): of Portainer's settings the ones that this server knows. */
import { z } from 'zod';
import { type Answer, ok } from '../answer.ts';
import { caseless, readJson } from '../body.ts';
import { type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';

/** Whatever else Portainer's own page sends is ignored. */
const changeSchema = caseless({ TrustOnFirstConnect: z.boolean().optional() });

/** For administrators. */
export function settingsRoutes({ links, log }: Services): Route[] {
  const state = (): Answer => ok({ TrustOnFirstConnect: links.settings.trustsFirst });
  return [
    route('GET', '/api/settings', async () => state(), 'administrator'),
    route(
      'PUT',
      '/api/settings',
      async ({ request, grant }) => {
        const { TrustOnFirstConnect: trustsFirst } = await readJson(request, changeSchema);
        if (trustsFirst !== undefined) {
          await links.settings.setTrustsFirst(trustsFirst);
          log.info({ trustsFirst, by: grant.user.username }, 'TrustOnFirstConnect set');
        }
        return state();
      },
      'administrator',
    ),
  ];
}
