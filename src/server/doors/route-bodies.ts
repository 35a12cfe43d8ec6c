/** The bodies that routes read, as schemas by method and path: a route that reads one says so beside it, and here through its file. */
import type { z } from 'zod';
import { maintenanceBodies } from './fleet-api/maintenance.ts';
import { problemBodies } from './fleet-api/problems.ts';
import { recordingBodies } from './fleet-api/recordings.ts';
import { secondFactorBodies } from './fleet-api/second-factor.ts';
import { unlockBodies } from './fleet-api/unlocks.ts';
import { waitingRoomBodies } from './fleet-api/waiting-room.ts';
import { authBodies } from './portainer-api/auth.ts';
import { backupBodies } from './portainer-api/backup.ts';
import { endpointBodies } from './portainer-api/endpoints.ts';
import { groupBodies } from './portainer-api/groups.ts';
import { oauthBodies } from './portainer-api/oauth.ts';
import { controlBodies } from './portainer-api/resource-controls.ts';
import { settingsBodies } from './portainer-api/settings.ts';
import { sslBodies } from './portainer-api/ssl.ts';
import { tagBodies } from './portainer-api/tags.ts';
import { teamBodies } from './portainer-api/teams.ts';
import { tokenBodies } from './portainer-api/tokens.ts';
import { userChangeBodies } from './portainer-api/user-change.ts';
import { userBodies } from './portainer-api/users.ts';

/** `POST /api/tags` -> its schema. Forms are described by what JSON they may be instead. */
export const ROUTE_BODIES: Readonly<Record<string, z.ZodType>> = {
  ...authBodies,
  ...oauthBodies,
  ...userBodies,
  ...userChangeBodies,
  ...tokenBodies,
  ...endpointBodies,
  ...groupBodies,
  ...controlBodies,
  ...settingsBodies,
  ...backupBodies,
  ...sslBodies,
  ...recordingBodies,
  ...tagBodies,
  ...teamBodies,
  ...waitingRoomBodies,
  ...secondFactorBodies,
  ...problemBodies,
  ...maintenanceBodies,
  ...unlockBodies,
};
