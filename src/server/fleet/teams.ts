/**
 * Teams and who is in them, in memory beside the store, since every request asks which teams its account is in. Whoever
 * comes into a team, leads it or leaves it loses the streams that were opened before.
 */
import { Fault } from '../../protocol/fault.ts';
import type { MembershipRecord, Store, TeamRecord, TeamRole } from '../store/store.ts';
import { type Grant, type HeldGrants, isAdministrator } from './grant.ts';

/** A team as the doors see one. */
export type Team = TeamRecord;
/** A place of one user in one team; role 1 leads it. */
export type Membership = MembershipRecord;

const LEADER = 1;
const MAX_NAME = 128;

const missing = (what: string): Fault =>
  new Fault(
    'not-found',
    `Unable to find a ${what} with the specified identifier inside the database`,
  );

function checkName(name: string): string {
  const wanted = name.trim();
  if (wanted !== '' && wanted.length <= MAX_NAME && !/\p{Cc}/u.test(wanted)) return wanted;
  throw new Fault('bad-request', 'Invalid team name', {
    details: `A name has 1 to ${MAX_NAME} characters, and none of control.`,
  });
}

/** All teams. */
export class Teams {
  readonly #store: Store;
  readonly #held: HeldGrants;
  readonly #teams: Map<number, Team>;
  readonly #memberships: Map<number, Membership>;

  private constructor(
    store: Store,
    held: HeldGrants,
    known: { teams: readonly Team[]; memberships: readonly Membership[] },
  ) {
    this.#store = store;
    this.#held = held;
    this.#teams = new Map(known.teams.map((team) => [team.id, team]));
    this.#memberships = new Map(known.memberships.map((place) => [place.id, place]));
  }

  static async open(store: Store, held: HeldGrants): Promise<Teams> {
    const teams = await store.teams.list();
    return new Teams(store, held, { teams, memberships: await store.teams.listMemberships() });
  }

  /** Those with one of these names. */
  named(names: ReadonlySet<string>): readonly Team[] {
    return [...this.#teams.values()].filter(({ name }) => names.has(name));
  }

  /** The teams that this user is in. */
  idsOf(userId: number): readonly number[] {
    return this.membershipsOf({ userId }).map(({ teamId }) => teamId);
  }

  /** Those an account may see: all for administrators, else its own; with `onlyLed` those it leads. */
  visibleTo(grant: Grant, onlyLed: boolean): readonly Team[] {
    const all = [...this.#teams.values()];
    if (isAdministrator(grant)) return all;
    return all.filter(({ id }) => (onlyLed ? this.leads(grant, id) : grant.teamIds.includes(id)));
  }

  has(id: number): boolean {
    return this.#teams.has(id);
  }

  /** Whether an account may manage who is in a team. */
  leads(grant: Grant, teamId: number): boolean {
    if (isAdministrator(grant)) return true;
    if (grant.scope !== undefined) return false;
    const places = this.membershipsOf({ userId: grant.user.id, teamId });
    return places.some(({ role }) => role === LEADER);
  }

  /** Whether an account that is no administrator may manage who is in some team. */
  leadsAny(grant: Grant): boolean {
    return grant.teamIds.some((teamId) => this.leads(grant, teamId));
  }

  /** Fault not-found. */
  get(id: number): Team {
    const team = this.#teams.get(id);
    if (!team) throw missing('team');
    return team;
  }

  /** Fault not-found. */
  membership(id: number): Membership {
    const place = this.#memberships.get(id);
    if (!place) throw missing('team membership');
    return place;
  }

  membershipsOf(of: { readonly userId?: number; readonly teamId?: number }): Membership[] {
    return [...this.#memberships.values()].filter(
      ({ userId, teamId }) => (of.userId ?? userId) === userId && (of.teamId ?? teamId) === teamId,
    );
  }

  /** Fault bad-request for a bad name, conflict for one that is taken, not-found for an unknown leader. */
  async create(name: string, leaderIds: readonly number[]): Promise<Team> {
    const wanted = checkName(name);
    for (const id of leaderIds) await this.#checkUser(id);
    const team = await this.#store.teams.insert(wanted);
    this.#teams.set(team.id, team);
    for (const userId of new Set(leaderIds))
      await this.join({ userId, teamId: team.id, role: LEADER });
    return team;
  }

  /** The faults of create() and get(). */
  async rename(id: number, name: string): Promise<Team> {
    const team = { ...this.get(id), name: checkName(name) };
    await this.#store.teams.rename(id, team.name);
    this.#teams.set(id, team);
    return team;
  }

  /** Fault not-found; what policies say of it means nobody from now on. */
  async remove(id: number): Promise<void> {
    this.get(id);
    const members = this.membershipsOf({ teamId: id });
    await this.#store.teams.remove(id);
    this.#teams.delete(id);
    for (const place of members) this.#memberships.delete(place.id);
    this.#end(members);
  }

  /** Fault not-found for an unknown user or team, conflict for a member. */
  async join(place: Omit<Membership, 'id'>): Promise<Membership> {
    this.get(place.teamId);
    await this.#checkUser(place.userId);
    const joined = await this.#store.teams.insertMembership(place);
    this.#memberships.set(joined.id, joined);
    this.#end([joined]);
    return joined;
  }

  /** Fault not-found. */
  async changeRole(id: number, role: TeamRole): Promise<Membership> {
    const place = { ...this.membership(id), role };
    await this.#store.teams.changeMembership(id, role);
    this.#memberships.set(id, place);
    this.#end([place]);
    return place;
  }

  /** Fault not-found. */
  async leave(id: number): Promise<void> {
    const place = this.membership(id);
    await this.#store.teams.removeMembership(id);
    this.#memberships.delete(id);
    this.#end([place]);
  }

  /** The user is gone, and the store has dropped its places already. */
  forgetUser(userId: number): void {
    for (const place of this.membershipsOf({ userId })) this.#memberships.delete(place.id);
  }

  async #checkUser(id: number): Promise<void> {
    if ((await this.#store.users.get(id)) === undefined) throw missing('user');
  }

  #end(places: readonly Membership[]): void {
    const users = new Set(places.map(({ userId }) => userId));
    this.#held.end((grant) => !isAdministrator(grant) && users.has(grant.user.id));
  }
}
