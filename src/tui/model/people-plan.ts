/** What a change of users, teams, access or API keys means, in words: the question, its plan, and what is said afterwards. */

import type { Directory, PeopleDeed } from '../../protocol/people.ts';
import { roleOf } from '../../protocol/permission.ts';
import type { RequiredOf } from '../../protocol/required-factor.ts';
import type { ConfirmLevel, PlanGroup } from './dialog.ts';
import { concernedBy } from './factor-rule.ts';

export interface PeoplePlan {
  readonly title: string;
  readonly okLabel: string;
  readonly level: ConfirmLevel;
  readonly groups: readonly PlanGroup[];
  /** Said when it was done, as a sentence. */
  readonly done: string;
}

const rank = (isAdministrator: boolean) => (isAdministrator ? 'administrator' : 'user');
const ANEW = 'what it has open ends, and begins anew with what it may then';

interface Words {
  readonly heading: string;
  readonly items: readonly string[];
  readonly title: string;
  readonly okLabel: string;
  readonly done: string;
  /** Whom it touches besides. */
  readonly more?: readonly PlanGroup[];
  /** What can't be taken back by another change asks for more than a y. */
  readonly isGrave?: boolean;
}

/** The plan of a deed, with what the list knows of whom it touches. */
export function planOf(deed: PeopleDeed, directory: Directory | undefined): PeoplePlan {
  const { heading, items, more = [], title, okLabel, done, isGrave } = wordsOf(deed, directory);
  return {
    title,
    okLabel,
    level: isGrave ? 'button' : 'yes',
    groups: [{ heading, items }, ...more],
    done,
  };
}

function wordsOf(deed: PeopleDeed, directory: Directory | undefined): Words {
  switch (deed.kind) {
    case 'create-user':
    case 'set-role':
    case 'set-password':
    case 'delete-user':
      return userWords(deed, directory);
    case 'create-team':
    case 'delete-team':
    case 'join-team':
    case 'set-leader':
    case 'leave-team':
      return teamWords(deed, directory);
    case 'set-access':
      return accessWords(deed, directory);
    case 'create-key': {
      const ends = deed.endsAtS === null ? 'it has no end' : 'it ends by itself';
      return {
        heading: `API key ${deed.description}`,
        items: [
          `it may all that ${deed.user.name} may`,
          ends,
          ...(deed.password === undefined ? ['you agree at the OIDC provider first'] : []),
          'it is shown once',
        ],
        title: 'Make this API key?',
        okLabel: 'Make',
        done: `Made the API key ${deed.description}.`,
      };
    }
    case 'require-factor':
      return factorWords(deed.of, directory);
    case 'delete-key':
      return {
        heading: `API key ${deed.key.description}`,
        items: ['whoever uses it is refused at once, and open streams of it end'],
        title: `Delete the API key ${deed.key.description}?`,
        okLabel: 'Delete',
        done: `Deleted the API key ${deed.key.description}.`,
        isGrave: true,
      };
  }
}

const HELD_UP = ['their sessions may do nothing but turn one on', 'API keys go on'];

function factorWords(rule: RequiredOf, directory: Directory | undefined): Words {
  const { factors, users = [] } = directory ?? {};
  const { without } = concernedBy({ users, ...(factors && { factors }) }, rule);
  const count = without.length;
  const has = count === 1 ? '1 account has none yet' : `${count} accounts have none yet`;
  const nobody = 'nobody is held up: whose factor is on keeps it';
  return {
    heading: 'second factor required of',
    items: [`${factors?.requiredOf ?? '?'} -> ${rule}`, ...(count === 0 ? [nobody] : HELD_UP)],
    more: count === 0 ? [] : [{ heading: has, items: without.map(({ name }) => name).sort() }],
    title: rule === 'nobody' ? 'Require no second factor?' : `Require a second factor of ${rule}?`,
    okLabel: 'Change',
    done: `A second factor is required of ${rule} now.`,
    isGrave: count > 0 || rule === 'nobody',
  };
}

type UserDeed = Extract<
  PeopleDeed,
  { kind: 'create-user' | 'set-role' | 'set-password' | 'delete-user' }
>;

function userWords(deed: UserDeed, directory: Directory | undefined): Words {
  switch (deed.kind) {
    case 'create-user': {
      const { name, isAdministrator } = deed;
      const sees = isAdministrator
        ? 'may everything, everywhere, and manages the server'
        : 'sees nothing until it has access to an environment';
      const items = [`as ${rank(isAdministrator)}`, sees];
      const title = `Create the user ${name}?`;
      return { heading: name, items, title, okLabel: 'Create', done: `Created ${name}.` };
    }
    case 'set-role': {
      const { user, isAdministrator } = deed;
      const items = [`${rank(!isAdministrator)} -> ${rank(isAdministrator)}`, ANEW];
      const title = `Make ${user.name} ${isAdministrator ? 'an administrator' : 'a user'}?`;
      const done = `${user.name} is ${isAdministrator ? 'an administrator' : 'a user'} now.`;
      return { heading: user.name, items, title, okLabel: 'Change', done, isGrave: true };
    }
    case 'set-password': {
      const { name } = deed.user;
      const items = ['its sessions end; its API keys stay'];
      const title = `Set a new password for ${name}?`;
      const done = `${name} has a new password.`;
      return { heading: name, items, title, okLabel: 'Set', done };
    }
    case 'delete-user': {
      const { id, name } = deed.user;
      const teams = (directory?.memberships ?? []).filter(({ userId }) => userId === id);
      const leaves = teams.map(
        ({ teamId }) => `leaves ${directory?.teams.find((team) => team.id === teamId)?.name ?? ''}`,
      );
      const items = ['its sessions and API keys end at once, its roles are gone', ...leaves];
      const title = `Delete the user ${name}?`;
      const done = `Deleted ${name}.`;
      return { heading: name, items, title, okLabel: 'Delete', done, isGrave: true };
    }
  }
}

type TeamDeed = Extract<
  PeopleDeed,
  { kind: 'create-team' | 'delete-team' | 'join-team' | 'set-leader' | 'leave-team' }
>;

function teamWords(deed: TeamDeed, directory: Directory | undefined): Words {
  switch (deed.kind) {
    case 'create-team': {
      const { name } = deed;
      const items = ['nobody is in it yet'];
      const title = `Create the team ${name}?`;
      return { heading: name, items, title, okLabel: 'Create', done: `Created the team ${name}.` };
    }
    case 'delete-team': {
      const { id, name } = deed.team;
      const count = (directory?.memberships ?? []).filter(({ teamId }) => teamId === id).length;
      const items = [`${count} of its members lose the roles that it gave them`];
      const title = `Delete the team ${name}?`;
      const done = `Deleted the team ${name}.`;
      return { heading: name, items, title, okLabel: 'Delete', done, isGrave: true };
    }
    default:
      return memberWords(deed);
  }
}

function memberWords(
  deed: Extract<PeopleDeed, { kind: 'join-team' | 'set-leader' | 'leave-team' }>,
): Words {
  const team = deed.team.name;
  const user = deed.user.name;
  if (deed.kind === 'leave-team') {
    const items = [`${user} leaves, and loses the roles that the team gave`];
    const title = `Take ${user} out of ${team}?`;
    return { heading: team, items, title, okLabel: 'Take out', done: `${user} left ${team}.` };
  }
  const place = deed.isLeader ? 'leader' : 'member';
  const items = [
    `${user} is a ${place}${deed.isLeader ? ', who says who is in it' : ''}`,
    ...(deed.kind === 'join-team' ? [`${user} gets the roles of the team`] : []),
  ];
  const done = `${user} is a ${place} of ${team} now.`;
  const title = deed.kind === 'join-team' ? `Put ${user} into ${team}?` : `Change ${user}'s place?`;
  const okLabel = deed.kind === 'join-team' ? 'Put in' : 'Change';
  return { heading: team, items, title, okLabel, done };
}

function accessWords(
  { place, member, roleId }: Extract<PeopleDeed, { kind: 'set-access' }>,
  directory: Directory | undefined,
): Words {
  const { access } = directory ?? {};
  const now = (member.kind === 'user' ? access?.users : access?.teams)?.get(member.id);
  const before = now === undefined ? 'no access' : roleOf(now).name;
  const after = roleId === null ? 'no access' : roleOf(roleId).name;
  const whom = member.kind === 'team' ? `the team ${member.name}` : member.name;
  const items = [
    `${whom}: ${before} -> ${after}`,
    ...(roleId === null ? [] : [roleOf(roleId).description]),
    member.kind === 'team' ? 'what its members have open begins anew' : ANEW,
  ];
  return {
    heading: place.of === 'group' ? `group ${place.name}` : place.name,
    items,
    title: roleId === null ? `Take ${whom}'s access away?` : `Give ${whom} this access?`,
    okLabel: roleId === null ? 'Take away' : 'Give',
    done: `${whom} in ${place.name}: ${after}.`,
  };
}
