/**
 * Which account somebody is whom the OIDC provider vouches for. By the provider's own id, once that is known; before that by
 * name, but only for an account without a password, so that a name at the provider never takes over an account of this server.
 */
import { Fault } from '../../protocol/fault.ts';
import type { IdentityStore } from '../store/sign-in-store.ts';
import type { UserRecord } from '../store/store.ts';
import type { Accounts } from './accounts.ts';
import type { HeldGrants } from './grant.ts';
import type { OidcIdentity } from './oidc-provider.ts';
import type { OidcSettings } from './oidc-settings.ts';
import type { Teams } from './teams.ts';

const MEMBER = 2;

export interface OidcAccountParts {
  readonly held: HeldGrants;
  readonly accounts: Accounts;
  readonly identities: IdentityStore;
  readonly teams: Teams;
}

const refused = (details: string): Fault =>
  new Fault('forbidden', 'Unable to authenticate through OAuth', { details });

/** The account, its teams and role brought up to what the claims say. Fault forbidden where there is none to be had. */
export async function accountOf(
  parts: OidcAccountParts,
  identity: OidcIdentity,
  settings: OidcSettings,
): Promise<UserRecord> {
  const known = await knownAccount(parts, identity);
  const user = known ?? (await newcomer(parts, identity, settings));
  await followGroups(parts, user, { identity, settings });
  return await followRole(parts, user, { identity, settings });
}

async function knownAccount(
  { accounts, identities }: OidcAccountParts,
  { issuer, subject }: OidcIdentity,
): Promise<UserRecord | undefined> {
  const id = await identities.find(issuer, subject);
  return id === undefined ? undefined : await accounts.get(id);
}

async function newcomer(
  { accounts, identities, teams }: OidcAccountParts,
  { issuer, subject, claims }: OidcIdentity,
  settings: OidcSettings,
): Promise<UserRecord> {
  const name = claims[settings.userIdentifier];
  if (typeof name !== 'string' || name.trim() === '') {
    throw refused(`The provider says no ${settings.userIdentifier} of you; see UserIdentifier.`);
  }
  const named = await accounts.find(name);
  if (named !== undefined) {
    const isFree = named.passwordHash === '' && !(await identities.isBound(named.id));
    if (!isFree) throw refused(`Another account here is called ${name}; ask an administrator.`);
    await identities.bind(issuer, subject, named.id);
    return named;
  }
  if (!settings.autoCreate) {
    throw refused(
      `There is no account ${name} here; an administrator makes one without a password.`,
    );
  }
  const made = await accounts.createWithoutPassword(name);
  await identities.bind(issuer, subject, made.id);
  const { defaultTeamId: teamId } = settings;
  if (teams.has(teamId)) await teams.join({ userId: made.id, teamId, role: MEMBER });
  return made;
}

interface Told {
  readonly identity: OidcIdentity;
  readonly settings: OidcSettings;
}

/** The groups that the provider says somebody is in; undefined where the settings ask for none. */
function groupsOf({ identity, settings }: Told): ReadonlySet<string> | undefined {
  if (settings.teamClaim === '') return undefined;
  const told = identity.claims[settings.teamClaim];
  const list = Array.isArray(told) ? told : [told];
  return new Set(list.filter((one): one is string => typeof one === 'string'));
}

/** In and out of the mapped teams; places in other teams, and who leads, are managed here. */
async function followGroups({ teams }: OidcAccountParts, user: UserRecord, told: Told) {
  const groups = groupsOf(told);
  if (groups === undefined) return;
  const { teamMappings } = told.settings;
  const wanted = new Set(
    teamMappings.filter(({ claimValue }) => groups.has(claimValue)).map(({ teamId }) => teamId),
  );
  for (const teamId of new Set(teamMappings.map((mapping) => mapping.teamId))) {
    const [place] = teams.membershipsOf({ userId: user.id, teamId });
    const isWanted = wanted.has(teamId) && teams.has(teamId);
    if (isWanted && place === undefined) {
      await teams.join({ userId: user.id, teamId, role: MEMBER });
    } else if (!isWanted && place !== undefined) await teams.leave(place.id);
  }
}

async function followRole({ accounts, held }: OidcAccountParts, user: UserRecord, told: Told) {
  const groups = groupsOf(told);
  const { adminClaimValues } = told.settings;
  if (groups === undefined || adminClaimValues.length === 0) return user;
  const role = adminClaimValues.some((value) => groups.has(value)) ? 1 : 2;
  const next = await accounts.followRole(user, role);
  // What was opened under the other role ends with it.
  if (next !== user) held.end((grant) => grant.user.id === user.id);
  return next;
}
