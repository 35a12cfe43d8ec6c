/** Puts the doors together: every route, and what they need besides the fleet (bounds on clients, tokens against other sites, backups). */
import type { KeyObject } from 'node:crypto';
import { ConnectionLimit } from './doors/connection-limit.ts';
import { feedRoute } from './doors/console-feed.ts';
import { CsrfTokens } from './doors/cross-site.ts';
import { edgeLinkRoute } from './doors/edge-link.ts';
import { auditRoutes } from './doors/fleet-api/audit.ts';
import { linkRoutes } from './doors/fleet-api/links.ts';
import { problemRoutes } from './doors/fleet-api/problems.ts';
import { recordingRoutes } from './doors/fleet-api/recordings.ts';
import { revealRoutes } from './doors/fleet-api/reveals.ts';
import { secondFactorRoutes } from './doors/fleet-api/second-factor.ts';
import { sessionRoutes } from './doors/fleet-api/sessions.ts';
import { statsRoutes } from './doors/fleet-api/stats.ts';
import { unlockRoutes } from './doors/fleet-api/unlocks.ts';
import { FrontDoor } from './doors/front-door.ts';
import { authRoutes } from './doors/portainer-api/auth.ts';
import { backupRoutes } from './doors/portainer-api/backup.ts';
import { endpointRoutes } from './doors/portainer-api/endpoints.ts';
import { groupRoutes } from './doors/portainer-api/groups.ts';
import { oauthRoutes } from './doors/portainer-api/oauth.ts';
import { controlRoutes } from './doors/portainer-api/resource-controls.ts';
import { settingsRoutes } from './doors/portainer-api/settings.ts';
import { sslRoutes } from './doors/portainer-api/ssl.ts';
import { systemRoutes } from './doors/portainer-api/system.ts';
import { tagRoutes } from './doors/portainer-api/tags.ts';
import { teamRoutes } from './doors/portainer-api/teams.ts';
import { tokenRoutes } from './doors/portainer-api/tokens.ts';
import { userActivityRoutes } from './doors/portainer-api/user-activity.ts';
import { userChangeRoute } from './doors/portainer-api/user-change.ts';
import { userRoutes } from './doors/portainer-api/users.ts';
import { routeFinder } from './doors/route-table.ts';
import type { Services } from './doors/services.ts';
import { terminalRoutes } from './doors/websocket.ts';
import { OpenCalls } from './fleet/open-calls.ts';
import { TryLimit } from './fleet/try-limit.ts';
import type { ServerParts } from './server-parts.ts';

/** `parts` with the store as it lies on disk; `key` is the server's own; `restored` hears of a restore. */
export const composeDoors = (parts: ServerParts, key: KeyObject, restored: () => void) => ({
  tryLimit: new TryLimit(),
  csrf: new CsrfTokens(key),
  connections: new ConnectionLimit(parts.log),
  openCalls: new OpenCalls(),
  isPlainHttpOn: parts.settings.http !== undefined,
  backups: {
    dataFolder: parts.settings.dataFolder,
    store: parts.store,
    now: parts.now,
    restored,
  },
});

/** The front door with every route behind it; `stopping` ends what would not end by itself. */
export function makeDoor(services: Services, stopping: AbortSignal): FrontDoor {
  const routes = [
    ...authRoutes(services),
    ...oauthRoutes(services),
    ...systemRoutes(services),
    ...userRoutes(services),
    ...tokenRoutes(services),
    ...endpointRoutes(services),
    ...groupRoutes(services),
    ...controlRoutes(services),
    ...settingsRoutes(services),
    ...backupRoutes(services),
    ...sslRoutes(services),
    ...tagRoutes(services),
    ...teamRoutes(services),
    ...userActivityRoutes(services),
    ...linkRoutes(services),
    ...sessionRoutes(services),
    ...secondFactorRoutes(services),
    ...revealRoutes(services),
    ...unlockRoutes(services),
    ...statsRoutes(services),
    ...problemRoutes(services),
    userChangeRoute(services),
    ...auditRoutes(services),
    ...recordingRoutes(services),
  ];
  const upgrades = [...terminalRoutes(services), feedRoute(services, stopping)];
  const openUpgrades = [edgeLinkRoute(services, stopping)];
  return new FrontDoor({ services, findRoute: routeFinder(routes), upgrades, openUpgrades });
}
