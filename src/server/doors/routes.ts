/**
 * Every route of the server: what docs/authorization.md must have a row for, and docs/openapi.json describes. A new route is a
 * line in its resource's file; a new file is a line here.
 */
import { feedRoute } from './console-feed.ts';
import { edgeLinkRoute } from './edge-link.ts';
import { auditRoutes } from './fleet-api/audit.ts';
import { linkRoutes } from './fleet-api/links.ts';
import { maintenanceRoutes } from './fleet-api/maintenance.ts';
import { problemRoutes } from './fleet-api/problems.ts';
import { recordingRoutes } from './fleet-api/recordings.ts';
import { requiredFactorRoutes } from './fleet-api/required-factor.ts';
import { revealRoutes } from './fleet-api/reveals.ts';
import { secondFactorRoutes } from './fleet-api/second-factor.ts';
import { sessionRoutes } from './fleet-api/sessions.ts';
import { statsRoutes } from './fleet-api/stats.ts';
import { unlockRoutes } from './fleet-api/unlocks.ts';
import { authRoutes } from './portainer-api/auth.ts';
import { backupRoutes } from './portainer-api/backup.ts';
import { endpointRoutes } from './portainer-api/endpoints.ts';
import { groupRoutes } from './portainer-api/groups.ts';
import { oauthRoutes } from './portainer-api/oauth.ts';
import { controlRoutes } from './portainer-api/resource-controls.ts';
import { settingsRoutes } from './portainer-api/settings.ts';
import { sslRoutes } from './portainer-api/ssl.ts';
import { systemRoutes } from './portainer-api/system.ts';
import { tagRoutes } from './portainer-api/tags.ts';
import { teamRoutes } from './portainer-api/teams.ts';
import { tokenRoutes } from './portainer-api/tokens.ts';
import { userActivityRoutes } from './portainer-api/user-activity.ts';
import { userChangeRoute } from './portainer-api/user-change.ts';
import { userRoutes } from './portainer-api/users.ts';
import type { Route } from './route-table.ts';
import type { Services } from './services.ts';
import type { OpenUpgradeRoute, UpgradeRoute } from './upgrade-route.ts';
import { terminalRoutes } from './websocket.ts';

/** The REST routes. */
export function restRoutes(services: Services): Route[] {
  return [
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
    userChangeRoute(services),
    ...userActivityRoutes(services),
    ...auditRoutes(services),
    ...linkRoutes(services),
    ...sessionRoutes(services),
    ...secondFactorRoutes(services),
    ...requiredFactorRoutes(services),
    ...revealRoutes(services),
    ...unlockRoutes(services),
    ...statsRoutes(services),
    ...problemRoutes(services),
    ...maintenanceRoutes(services),
    ...recordingRoutes(services),
  ];
}

/** The paths that switch protocols; `stopping` ends what goes over them. */
export function upgradeRoutes(services: Services, stopping: AbortSignal) {
  const upgrades: UpgradeRoute[] = [...terminalRoutes(services), feedRoute(services, stopping)];
  const openUpgrades: OpenUpgradeRoute[] = [edgeLinkRoute(services, stopping)];
  return { upgrades, openUpgrades, all: [...upgrades, ...openUpgrades] };
}
