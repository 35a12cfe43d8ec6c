/** What a person at a console says about opening locked environments: nothing changes here, but who, what and why is in the log. */
import { z } from 'zod';
import { checkMaySee } from '../../fleet/permissions.ts';
import { type Answer, NO_CONTENT } from '../answer.ts';
import { readJson } from '../body.ts';
import { type Exchange, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';

const noteSchema = z.object({
  environmentIds: z.array(z.number().int().positive()).min(1).max(10_000),
  forMs: z.number().int().min(1_000).max(86_400_000),
  reason: z.string().min(1).max(200),
});

/** POST /api/fleet/unlocks { environmentIds, forMs, reason }. */
export function unlockRoutes({ environments, access, log }: Services): Route[] {
  const note = async ({ request, grant, address }: Exchange): Promise<Answer> => {
    const { environmentIds, forMs, reason } = await readJson(request, noteSchema);
    for (const id of environmentIds) {
      const record = await environments.record(id);
      checkMaySee(grant, access.of(record.id));
    }
    const what = { environments: environmentIds, forMs, reason, by: grant.user.username, address };
    log.info(what, 'environments unlocked in a console');
    return NO_CONTENT;
  };
  return [route('POST', '/api/fleet/unlocks', note)];
}

/** What the routes read, for docs/openapi.json. */
export const unlockBodies = {
  'POST /api/fleet/unlocks': noteSchema,
};
