/** GET and PUT /api/settings (Portainer API): of Portainer's settings the ones that this server knows. */
import { z } from 'zod';
import { type Answer, ok } from '../answer.ts';
import { caseless, readJson } from '../body.ts';
import { type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';

/** Whatever else Portainer's own page sends is ignored. */
const changeSchema = caseless({
  TrustOnFirstConnect: z.boolean().optional(),
  InternalAuthSettings: caseless({ RequiredPasswordLength: z.int().optional() }).optional(),
});

/** For administrators. */
export function settingsRoutes({ links, passwordPolicy, log }: Services): Route[] {
  const state = (): Answer =>
    ok({
      TrustOnFirstConnect: links.settings.trustsFirst,
      InternalAuthSettings: { RequiredPasswordLength: passwordPolicy.requiredLength },
    });
  return [
    route('GET', '/api/settings', async () => state(), 'administrator'),
    route(
      'PUT',
      '/api/settings',
      async ({ request, grant }) => {
        const wish = await readJson(request, changeSchema);
        const { username: by } = grant.user;
        const requiredLength = wish.InternalAuthSettings?.RequiredPasswordLength;
        if (requiredLength !== undefined) {
          await passwordPolicy.setRequiredLength(requiredLength);
          log.info({ requiredLength, by }, 'RequiredPasswordLength set');
        }
        const { TrustOnFirstConnect: trustsFirst } = wish;
        if (trustsFirst !== undefined) {
          await links.settings.setTrustsFirst(trustsFirst);
          log.info({ trustsFirst, by }, 'TrustOnFirstConnect set');
        }
        return state();
      },
      'administrator',
    ),
  ];
}
