/** Puts the doors together: every route, and what they need besides the fleet (bounds on clients, tokens against other sites, backups). */
import type { KeyObject } from 'node:crypto';
import { ConnectionLimit } from './doors/connection-limit.ts';
import { CsrfTokens } from './doors/cross-site.ts';
import { FrontDoor } from './doors/front-door.ts';
import { routeFinder } from './doors/route-table.ts';
import { restRoutes, upgradeRoutes } from './doors/routes.ts';
import type { Services } from './doors/services.ts';
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
  const { upgrades, openUpgrades } = upgradeRoutes(services, stopping);
  const findRoute = routeFinder(restRoutes(services));
  return new FrontDoor({ services, findRoute, upgrades, openUpgrades });
}
