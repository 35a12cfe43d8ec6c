/** Tells a server who works on an environment, until when and why (PUT and DELETE /api/fleet/environments/{id}/maintenance). */
import type { MaintenanceWish } from '../protocol/maintenance-wish.ts';
import { callServer } from './server-call.ts';
import { refused, type ServerSession } from './server-environments.ts';

/** Begins it, or ends it without a wish; the feed tells it. Fault with the server's own words when it refuses. */
export async function maintainEnvironment(
  { reach, headers }: ServerSession,
  environmentId: number,
  wish: MaintenanceWish | undefined,
): Promise<void> {
  const path = `/api/fleet/environments/${environmentId}/maintenance`;
  const to = { path, headers };
  const answer = wish
    ? await callServer(reach, { ...to, method: 'PUT', body: wish })
    : await callServer(reach, { ...to, method: 'DELETE' });
  if (answer.status === 200 || answer.status === 204) return;
  throw refused(reach, `${wish ? 'begin' : 'end'} the maintenance`, answer);
}
