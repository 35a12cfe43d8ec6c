/** Keys of the lists of people and of their forms, and the commands that open them. */
import type { Named } from '../../protocol/people.ts';
import type { Binding, Command, Need } from '../model/binding.ts';
import type { Intent } from '../model/event.ts';
import type { FilledForm } from '../model/form.ts';
import { isPeople, type PeopleScreen, type PeopleSubject } from '../model/people-view.ts';
import { type AppState, shownFleet, topScreen } from '../model/state.ts';
import { selectedEnvironment } from '../model/subject.ts';
import { searchKey } from './keys-global.ts';
import { SAVE_KEY } from './keys-scopes.ts';
import { environmentNamed } from './named.ts';
import {
  accessForm,
  joinForm,
  newAccessForm,
  newKeyForm,
  newTeamForm,
  newUserForm,
  passwordForm,
  rankForm,
  requiredFactorForm,
} from './people-forms.ts';
import { type PeopleRow, selectedRow } from './people-rows.ts';

type Press = (state: AppState, screen: PeopleScreen) => Intent | string;

const onList = (press: Press) => (state: AppState) => {
  const screen = topScreen(state);
  return isPeople(screen) ? press(state, screen) : 'no list of people is shown';
};

const onRow = (press: (row: PeopleRow, screen: PeopleScreen) => Intent | string) =>
  onList((state, screen) => {
    const row = selectedRow(screen, state.nowMs);
    return row ? press(row, screen) : 'nothing is selected';
  });

const formOf = (form: FilledForm | string): Intent | string =>
  typeof form === 'string' ? form : { kind: 'open-form', form };

const NOT_READ = 'the server has not answered yet';

function newOne(state: AppState, screen: PeopleScreen): Intent | string {
  const { subject, directory } = screen;
  switch (subject.kind) {
    case 'users':
      return formOf(newUserForm());
    case 'teams':
      return formOf(newTeamForm());
    case 'members':
      return directory ? formOf(joinForm(subject.team, directory)) : NOT_READ;
    case 'access': {
      const place = directory?.access?.place;
      return directory && place ? formOf(newAccessForm(place, directory)) : NOT_READ;
    }
    case 'tokens': {
      const isOwn = subject.user.id === shownFleet(state).account?.id;
      if (!isOwn) return 'a key is made by whose account it is';
      return formOf(newKeyForm(subject.user, directory?.hasProvider === true));
    }
  }
}

function changeOne(row: PeopleRow, { subject, directory }: PeopleScreen): Intent | string {
  switch (subject.kind) {
    case 'users':
      return formOf(rankForm(row));
    case 'access': {
      const place = directory?.access?.place;
      return place ? formOf(accessForm(place, row)) : NOT_READ;
    }
    case 'members': {
      const { membership } = row;
      if (!membership) return 'nobody is selected';
      const { id: membershipId, isLeader, userId } = membership;
      const user = { id: userId, name: row.cells[0] ?? '' };
      const deed = { kind: 'set-leader', membershipId, user, isLeader: !isLeader } as const;
      return { kind: 'ask-deed', deed: { ...deed, team: subject.team } };
    }
    default:
      return 'there is nothing to change; n makes another';
  }
}

function removeOne(row: PeopleRow, { subject, directory }: PeopleScreen): Intent | string {
  const { person, team, membership, member, key } = row;
  if (subject.kind === 'members' && membership) {
    const user = { id: membership.userId, name: row.cells[0] ?? '' };
    const deed = { kind: 'leave-team', membershipId: membership.id, user } as const;
    return { kind: 'ask-deed', deed: { ...deed, team: subject.team } };
  }
  if (subject.kind === 'access' && member) {
    const place = directory?.access?.place;
    if (!place) return NOT_READ;
    return { kind: 'ask-deed', deed: { kind: 'set-access', place, member, roleId: null } };
  }
  if (subject.kind === 'tokens' && key) {
    return { kind: 'ask-deed', deed: { kind: 'delete-key', user: subject.user, key } };
  }
  if (person) return { kind: 'ask-deed', deed: { kind: 'delete-user', user: person } };
  if (team) return { kind: 'ask-deed', deed: { kind: 'delete-team', team } };
  return 'nothing is selected';
}

const newKey = (label: string): Binding => ({
  action: 'new',
  keys: ['n'],
  label,
  hint: 'new',
  group: 'list',
  mayChange: true,
  press: onList(newOne),
});

const editKey = (label: string): Binding => ({
  action: 'edit',
  keys: ['e'],
  label,
  hint: 'change',
  group: 'list',
  mayChange: true,
  press: onRow(changeOne),
});

const removeKey = (label: string): Binding => ({
  action: 'remove',
  keys: ['ctrl-x', 'delete'],
  label,
  hint: 'remove',
  group: 'change',
  press: onRow(removeOne),
});

const LIST_KEYS: readonly Binding[] = [
  searchKey('filter', 'filter: words that must match, !word that must not, /expression/'),
  SAVE_KEY,
];

const needing = (needs: Need, bindings: readonly Binding[]): readonly Binding[] =>
  bindings.map((binding) => ({ ...binding, needs }));

const open = (of: PeopleSubject): Intent => ({ kind: 'open-people', of });

export const PEOPLE_KEYS: Readonly<Record<PeopleScreen['kind'], readonly Binding[]>> = {
  users: [
    ...needing('administrator', [
      newKey('a new user'),
      editKey('make the user an administrator, or a user again'),
      {
        action: 'password',
        keys: ['p'],
        label: 'set a new password for the user',
        hint: 'password',
        group: 'list',
        mayChange: true,
        press: onRow((row) => formOf(passwordForm(row))),
      },
      {
        action: 'keys-of-user',
        keys: ['enter'],
        label: 'the API keys of the user',
        hint: 'API keys',
        group: 'look',
        press: onRow(({ person }) =>
          person ? open({ kind: 'tokens', user: person }) : 'no user is selected',
        ),
      },
      removeKey('delete the user'),
      {
        action: 'required-factor',
        keys: ['F'],
        label: 'whose account must have a second factor',
        hint: 'second factor',
        group: 'list',
        mayChange: true,
        press: onList((_, { directory }) =>
          directory ? formOf(requiredFactorForm(directory)) : NOT_READ,
        ),
      },
    ]),
    ...LIST_KEYS,
  ],
  teams: [
    {
      action: 'members',
      keys: ['enter'],
      label: 'who is in the team',
      hint: 'members',
      group: 'look',
      press: onRow(({ team }) => (team ? open({ kind: 'members', team }) : 'no team is selected')),
    },
    ...needing('administrator', [newKey('a new team'), removeKey('delete the team')]),
    ...LIST_KEYS,
  ],
  members: [
    ...needing('team-leader', [
      newKey('put somebody into the team'),
      editKey('make a leader of the member, or a member of the leader'),
      removeKey('take the member out of the team'),
    ]),
    ...LIST_KEYS,
  ],
  access: [
    ...needing('administrator', [
      newKey('give access to a user or a team'),
      editKey('change the role'),
      removeKey('take the access away'),
    ]),
    ...LIST_KEYS,
  ],
  tokens: [
    newKey('make an API key of your own; it is shown once'),
    removeKey('delete the API key'),
    ...LIST_KEYS,
  ],
};

/** In the list of environments. */
export const ACCESS_KEY: Binding = {
  action: 'access',
  keys: ['A'],
  label: 'access: who has which role in the environment',
  group: 'look',
  needs: 'administrator',
  press: (state) => {
    const environment = selectedEnvironment(state);
    if (state.serverUrl === undefined) return 'there is no server behind this console';
    if (!environment) return 'no environment is selected';
    return openAccess(environment);
  },
};

const openAccess = ({ id, name }: Named): Intent =>
  open({ kind: 'access', place: { of: 'environment', id, name } });

const WITHOUT_SERVER = 'There is no server behind this console, and so nobody to manage.';

function runAccess(state: AppState, argument: string): Intent | string {
  if (state.serverUrl === undefined) return WITHOUT_SERVER;
  const [, group] = /^group:\s*"?(.+?)"?$/su.exec(argument) ?? [];
  if (group !== undefined) return open({ kind: 'access', place: { of: 'group', name: group } });
  const found = argument === '' ? selectedEnvironment(state) : environmentNamed(state, argument);
  if (found) return openAccess(found);
  if (argument === '') return ':access needs the name of an environment, or group:NAME.';
  return `No environment is called ${argument}; :h lists them, group:NAME means a group.`;
}

function runTokens(state: AppState): Intent | string {
  const { account } = shownFleet(state);
  if (state.serverUrl === undefined) return WITHOUT_SERVER;
  if (!account)
    return 'The server has not said whose account this is; it is older than this console.';
  return open({ kind: 'tokens', user: account });
}

const orWithout = (of: PeopleSubject) => (state: AppState) =>
  state.serverUrl === undefined ? WITHOUT_SERVER : open(of);

export const PEOPLE_COMMANDS: readonly Command[] = [
  {
    names: ['users'],
    label: 'users: make, change and delete accounts, and F: who must have a second factor',
    needs: 'administrator',
    run: orWithout({ kind: 'users' }),
  },
  {
    names: ['teams'],
    label: 'teams, and who is in them; for leaders those that they lead',
    needs: 'team-leader',
    run: orWithout({ kind: 'teams' }),
  },
  {
    names: ['access'],
    argument: 'NAME',
    completes: ['environment'],
    label: 'who has which role in an environment, or in group:NAME',
    needs: 'administrator',
    run: runAccess,
  },
  { names: ['tokens'], label: 'your own API keys', run: runTokens },
];
