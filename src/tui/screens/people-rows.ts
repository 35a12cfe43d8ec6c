/** The rows of the lists of people: what stands in them, and what each is about. */

import type {
  AccessKey,
  Directory,
  Member,
  Membership,
  Named,
  Person,
} from '../../protocol/people.ts';
import { roleOf } from '../../protocol/permission.ts';
import { formatAge } from '../format/amounts.ts';
import { formatMoment } from '../format/clock.ts';
import { passes } from '../model/filter.ts';
import type { PeopleScreen, PeopleSubject } from '../model/people-view.ts';

/** What a row is about. */
export interface PeopleRow {
  /** Stays the same while the row lives. */
  readonly id: string;
  /** A name, then what stands beside it, as many as PEOPLE_HEADS names. */
  readonly cells: readonly string[];
  readonly person?: Person;
  readonly team?: Named;
  readonly membership?: Membership;
  readonly member?: Member;
  readonly roleId?: number;
  readonly key?: AccessKey;
}

export const PEOPLE_HEADS: Readonly<Record<PeopleScreen['kind'], readonly string[]>> = {
  users: ['NAME', 'ROLE', 'TEAMS'],
  teams: ['NAME', 'MEMBERS', 'LEADERS'],
  members: ['NAME', 'IN THE TEAM', 'ROLE'],
  access: ['NAME', 'KIND', 'ROLE HERE'],
  tokens: ['DESCRIPTION', 'LAST USED', 'MADE, ENDS'],
};

const byName = (a: Named, b: Named) => a.name.localeCompare(b.name) || a.id - b.id;
const accountWords = (isAdministrator: boolean) => (isAdministrator ? 'administrator' : 'user');

/** The rows that the filter leaves, by name; API keys the newest first. */
export function peopleRows(screen: PeopleScreen, nowMs: number): readonly PeopleRow[] {
  const { directory, filter, subject } = screen;
  if (directory === undefined) return [];
  const rows = allRows(subject, directory, nowMs);
  if (filter.kind === 'everything') return rows;
  return rows.filter(({ cells }) => {
    const facets = { name: cells[0] ?? '', host: '', image: '', state: '', labels: {}, tags: [] };
    return passes(filter, cells, facets);
  });
}

function allRows(
  subject: PeopleSubject,
  directory: Directory,
  nowMs: number,
): readonly PeopleRow[] {
  switch (subject.kind) {
    case 'users':
      return [...directory.users].sort(byName).map((person) => userRow(directory, person));
    case 'teams':
      return [...directory.teams].sort(byName).map((team) => teamRow(directory, team));
    case 'members':
      return memberRows(directory, subject.team);
    case 'access':
      return accessRows(directory);
    case 'tokens':
      return (directory.keys ?? [])
        .toSorted((a, b) => b.id - a.id)
        .map((key) => keyRow(key, nowMs));
  }
}

function userRow(directory: Directory, person: Person): PeopleRow {
  const teams = directory.memberships
    .filter(({ userId }) => userId === person.id)
    .map(
      ({ teamId, isLeader }) => `${nameOf(directory.teams, teamId)}${isLeader ? ' (leader)' : ''}`,
    );
  const cells = [person.name, accountWords(person.isAdministrator), teams.sort().join(', ')];
  return { id: `user-${person.id}`, cells, person };
}

function teamRow({ memberships, users }: Directory, team: Named): PeopleRow {
  const members = memberships.filter(({ teamId }) => teamId === team.id);
  const leaders = members
    .filter(({ isLeader }) => isLeader)
    .map(({ userId }) => nameOf(users, userId));
  const cells = [team.name, String(members.length), leaders.sort().join(', ')];
  return { id: `team-${team.id}`, cells, team };
}

function memberRows({ memberships, users }: Directory, team: Named): readonly PeopleRow[] {
  return memberships
    .filter(({ teamId }) => teamId === team.id)
    .map((membership): PeopleRow => {
      const person = users.find(({ id }) => id === membership.userId);
      const name = person?.name ?? `#${membership.userId}`;
      const place = membership.isLeader ? 'leader' : 'member';
      // Who leads a team is not told of administrators.
      const account = person === undefined ? '-' : accountWords(person.isAdministrator);
      const cells = [name, place, account];
      return { id: `member-${membership.id}`, cells, membership, ...(person && { person }) };
    })
    .sort((a, b) => (a.cells[0] ?? '').localeCompare(b.cells[0] ?? ''));
}

function accessRows({ access, users, teams }: Directory): readonly PeopleRow[] {
  if (!access) return [];
  const rows = (kind: Member['kind'], roles: ReadonlyMap<number, number>, all: readonly Named[]) =>
    [...roles].map(([id, roleId]): PeopleRow => {
      const name = nameOf(all, id);
      const cells = [name, kind, roleOf(roleId).name];
      return { id: `${kind}-${id}`, cells, member: { kind, id, name }, roleId };
    });
  const byFirst = (a: PeopleRow, b: PeopleRow) =>
    (a.cells[0] ?? '').localeCompare(b.cells[0] ?? '');
  return [
    ...rows('team', access.teams, teams).sort(byFirst),
    ...rows('user', access.users, users).sort(byFirst),
  ];
}

const dayOf = (atS: number) => formatMoment(atS * 1_000).slice(0, 10);

function keyRow(key: AccessKey, nowMs: number): PeopleRow {
  const { description, createdAtS, lastUsedAtS, endsAtS } = key;
  const used =
    lastUsedAtS === 0 ? 'never' : `${formatAge(Math.max(0, nowMs - lastUsedAtS * 1_000))} ago`;
  const ends = endsAtS === null ? 'no end' : `ends ${dayOf(endsAtS)}`;
  const cells = [description, used, `${dayOf(createdAtS)}, ${ends}`];
  return { id: `key-${key.id}`, cells, key };
}

/** `#7` for one that nobody tells of. */
function nameOf(all: readonly Named[], id: number): string {
  return all.find((one) => one.id === id)?.name ?? `#${id}`;
}

/** The row under the cursor. */
export function selectedRow(screen: PeopleScreen, nowMs: number): PeopleRow | undefined {
  return peopleRows(screen, nowMs).find(({ id }) => id === screen.cursor.selected);
}
