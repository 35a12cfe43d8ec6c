/** GET /api/fleet/required-factor: of whom a second factor is required (PUT /api/settings changes it), and who has none yet. */
import { ok } from '../answer.ts';
import { type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';

/** For administrators. */
export function requiredFactorRoutes({ accounts, factorPolicy }: Services): Route[] {
  return [
    route(
      'GET',
      '/api/fleet/required-factor',
      async () => ok(await factorPolicy.standingOf(await accounts.list())),
      'administrator',
    ),
  ];
}
