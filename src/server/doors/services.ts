/** Everything the doors call upon; put together once, in main.ts. */
import type { Logger } from 'pino';
import type { AccessBook } from '../fleet/access-book.ts';
import type { Accounts } from '../fleet/accounts.ts';
import type { AdminDeadline } from '../fleet/admin-deadline.ts';
import type { ApiKeys } from '../fleet/api-keys.ts';
import type { Audit } from '../fleet/audit.ts';
import type { BackupPlace } from '../fleet/backup.ts';
import type { Environments } from '../fleet/environments.ts';
import type { HeldGrants } from '../fleet/grant.ts';
import type { Groups } from '../fleet/groups.ts';
import type { HttpsCertificate } from '../fleet/https-certificate.ts';
import type { Links } from '../fleet/links.ts';
import type { LiveModel } from '../fleet/live-model.ts';
import type { OidcBook } from '../fleet/oidc-settings.ts';
import type { OidcSignIn } from '../fleet/oidc-sign-in.ts';
import type { OpenCalls } from '../fleet/open-calls.ts';
import type { PasswordPolicy } from '../fleet/password-policy.ts';
import type { ProblemBook } from '../fleet/problem-book.ts';
import type { ResourceControls } from '../fleet/resource-controls.ts';
import type { Samplers } from '../fleet/samplers.ts';
import type { SecondFactors } from '../fleet/second-factors.ts';
import type { ServerKeyChange } from '../fleet/server-key-change.ts';
import type { Sessions } from '../fleet/sessions.ts';
import type { Supervisor } from '../fleet/supervisor.ts';
import type { SyslogForwarder } from '../fleet/syslog-forwarder.ts';
import type { Tags } from '../fleet/tags.ts';
import type { Teams } from '../fleet/teams.ts';
import type { TryLimit } from '../fleet/try-limit.ts';
import type { ConnectionLimit } from './connection-limit.ts';
import type { CsrfTokens } from './cross-site.ts';

export interface Services {
  readonly instanceId: string;
  readonly schemaVersion: number;
  readonly accounts: Accounts;
  readonly passwordPolicy: PasswordPolicy;
  readonly secondFactors: SecondFactors;
  readonly oidcBook: OidcBook;
  readonly oidc: OidcSignIn;
  readonly adminDeadline: AdminDeadline;
  readonly tryLimit: TryLimit;
  readonly sessions: Sessions;
  readonly apiKeys: ApiKeys;
  readonly csrf: CsrfTokens;
  readonly connections: ConnectionLimit;
  readonly backups: BackupPlace;
  readonly certificate: HttpsCertificate;
  /** Whether plain HTTP is served, too. */
  readonly isPlainHttpOn: boolean;
  readonly openCalls: OpenCalls;
  readonly heldGrants: HeldGrants;
  readonly access: AccessBook;
  readonly audit: Audit;
  /** Null where the trail is sent nowhere. */
  readonly syslog: SyslogForwarder | null;
  readonly environments: Environments;
  readonly supervisor: Supervisor;
  readonly links: Links;
  readonly serverKeyChange: ServerKeyChange;
  readonly tags: Tags;
  readonly teams: Teams;
  readonly groups: Groups;
  readonly controls: ResourceControls;
  readonly model: LiveModel;
  readonly problems: ProblemBook;
  readonly samplers: Samplers;
  readonly log: Logger;
}
