/** /api/fleet/recording (which exec sessions are recorded) and /api/fleet/recordings (what was), for administrators. */
import { z } from 'zod';
import { type Answer, ok } from '../answer.ts';
import { notedOnce } from '../audit-trail.ts';
import { readJson } from '../body.ts';
import { type Exchange, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';

const changeSchema = z.strictObject({
  everywhere: z.boolean().optional(),
  environmentIds: z.array(z.int().positive()).max(10_000).optional(),
  keepDays: z.int().min(1).max(3_650).optional(),
  maxMegabytes: z.int().min(1).max(1_048_576).optional(),
});

/** Reading a recording reveals what somebody saw: it is noted like the reveal of a secret. */
export function recordingRoutes({ recordings, audit, log }: Services): Route[] {
  const change = async ({ request, grant }: Exchange): Promise<Answer> => {
    const wish = await readJson(request, changeSchema);
    const given = Object.entries(wish).filter(([, value]) => value !== undefined);
    await recordings.change(Object.fromEntries(given));
    log.info({ ...recordings.settings, by: grant.user.username }, 'recording of exec sessions set');
    return ok(recordings.settings);
  };
  const download = async ({ request, params, grant }: Exchange): Promise<Answer> => {
    const id = params['id'] ?? '';
    const path = `/api/fleet/recordings/${id}`;
    return await notedOnce(audit, { request, path, grant }, 'secrets', async () => ({
      status: 200,
      text: await recordings.read(id),
      headers: { 'Content-Type': 'application/x-asciicast' },
    }));
  };
  return [
    route('GET', '/api/fleet/recording', async () => ok(recordings.settings), 'administrator'),
    route('PUT', '/api/fleet/recording', change, 'administrator'),
    route(
      'GET',
      '/api/fleet/recordings',
      async () => ok({ recordings: await recordings.list() }),
      'administrator',
    ),
    route('GET', '/api/fleet/recordings/:id', download, 'administrator'),
  ];
}

/** What the routes read, for docs/openapi.json. */
export const recordingBodies = {
  'PUT /api/fleet/recording': changeSchema,
};
