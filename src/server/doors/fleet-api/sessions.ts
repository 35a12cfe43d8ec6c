/** POST /api/fleet/sessions/rotate: a new secret for session tokens, for when an old one may be known to others. */
import { NO_CONTENT } from '../answer.ts';
import { type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';

/** For administrators; their own session ends with all others, API keys go on. */
export function sessionRoutes({ sessions, heldGrants, log }: Services): Route[] {
  return [
    route(
      'POST',
      '/api/fleet/sessions/rotate',
      async ({ grant }) => {
        await sessions.rotate();
        const streams = heldGrants.end(({ via }) => via === 'session');
        log.info({ by: grant.user.username, streams }, 'session secret changed; all sessions end');
        return NO_CONTENT;
      },
      'administrator',
    ),
  ];
}
