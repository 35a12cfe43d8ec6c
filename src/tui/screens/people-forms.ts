/** The forms around people: which fields each has, and the deed that they mean. */
import type { Directory, Named, Place } from '../../protocol/people.ts';
import { ROLES } from '../../protocol/permission.ts';
import { REQUIRED_OF, type RequiredOf } from '../../protocol/required-factor.ts';
import { formatCount, formatThings } from '../format/amounts.ts';
import { concernedBy } from '../model/factor-rule.ts';
import {
  CODE,
  choiceField,
  type Field,
  type FilledForm,
  type FormDeed,
  type FormMisread,
  type FormValues,
  type Option,
  secretField,
  textField,
} from '../model/form.ts';
import type { PeopleRow } from './people-rows.ts';

const DAY_S = 86_400;

const RANKS: readonly Option[] = [
  { label: 'user', value: 'user' },
  { label: 'administrator', value: 'administrator' },
];
const PLACES: readonly Option[] = [
  { label: 'member', value: 'member' },
  { label: 'leader', value: 'leader' },
];
const ENDS: readonly Option[] = [
  { label: 'in 30 days', value: '30' },
  { label: 'in 90 days', value: '90' },
  { label: 'in a year', value: '365' },
  { label: 'in a week', value: '7' },
  { label: 'never', value: '' },
];
const ROLE_OPTIONS: readonly Option[] = ROLES.map(({ id, name }) => ({
  label: name,
  value: String(id),
}));
const STANDARD = '3';

const named = (name: string, what: string): FormMisread | undefined =>
  name === '' ? { field: 'name', sentence: `Give the ${what} a name.` } : undefined;

/** The server says what a password must be; here only whether both are the same. */
function twice({ password = '', again = '' }: FormValues): FormMisread | undefined {
  if (password === '') return { field: 'password', sentence: 'Type a password.' };
  if (password === again) return undefined;
  return { field: 'again', sentence: 'The two passwords are not the same; type them again.' };
}

const passwords = () => [secretField('password', 'password'), secretField('again', 'again')];

/** A new account. */
export const newUserForm = (): FilledForm => ({
  title: 'new user',
  submitLabel: 'create',
  lead: 'A user sees nothing until it, or a team of it, has access to an environment (A in the list of environments).',
  fields: [textField('name', 'name'), ...passwords(), choiceField('rank', 'is a', RANKS)],
  read: (values) => {
    const name = (values['name'] ?? '').trim();
    const password = values['password'] ?? '';
    const isAdministrator = values['rank'] === 'administrator';
    const wrong = named(name, 'user') ?? twice(values);
    return wrong ?? { kind: 'create-user', name, password, isAdministrator };
  },
});

/** What an account is. */
export const rankForm = ({ person }: PeopleRow): FilledForm | string =>
  person === undefined
    ? 'no user is selected'
    : {
        title: `role of ${person.name}`,
        submitLabel: 'change',
        lead: 'Administrators may everything, everywhere, and manage the server.',
        fields: [
          choiceField('rank', 'is a', RANKS, person.isAdministrator ? 'administrator' : 'user'),
        ],
        read: ({ rank }) => {
          const isAdministrator = rank === 'administrator';
          if (isAdministrator !== person.isAdministrator)
            return { kind: 'set-role', user: person, isAdministrator };
          return { field: 'rank', sentence: `${person.name} is that already.` };
        },
      };

/** A new password for somebody. */
export const passwordForm = ({ person }: PeopleRow): FilledForm | string =>
  person === undefined
    ? 'no user is selected'
    : {
        title: `new password of ${person.name}`,
        submitLabel: 'set',
        lead: 'Tell it to nobody else; the sessions of the account end.',
        fields: passwords(),
        read: (values) =>
          twice(values) ?? {
            kind: 'set-password',
            user: person,
            password: values['password'] ?? '',
          },
      };

/** A new team. */
export const newTeamForm = (): FilledForm => ({
  title: 'new team',
  submitLabel: 'create',
  lead: 'Accounts get the roles of their teams; enter on a team lists who is in it.',
  fields: [textField('name', 'name')],
  read: (values) => {
    const name = (values['name'] ?? '').trim();
    return named(name, 'team') ?? { kind: 'create-team', name };
  },
});

const byLabel = (a: Option, b: Option) => a.label.localeCompare(b.label);

/** Somebody who is not in the team yet. */
export function joinForm(team: Named, directory: Directory): FilledForm | string {
  const inside = new Set(
    directory.memberships.filter(({ teamId }) => teamId === team.id).map(({ userId }) => userId),
  );
  const options = directory.users
    .filter(({ id }) => !inside.has(id))
    .map(({ id, name }) => ({ label: name, value: String(id) }))
    .sort(byLabel);
  if (options.length === 0) return 'everybody is in it already';
  return {
    title: `into ${team.name}`,
    submitLabel: 'put in',
    lead: 'Leaders say who is in their team; members get its roles.',
    fields: [choiceField('user', 'who', options), choiceField('place', 'as', PLACES)],
    read: (values) => {
      const user = directory.users.find(({ id }) => String(id) === values['user']);
      if (!user) return { field: 'user', sentence: 'Choose who.' };
      return { kind: 'join-team', team, user, isLeader: values['place'] === 'leader' };
    },
  };
}

/** A user or a team with a role. */
export function newAccessForm(place: Place, directory: Directory): FilledForm | string {
  const { access, users, teams } = directory;
  const options = [
    ...teams
      .filter(({ id }) => !access?.teams.has(id))
      .map(({ id, name }) => ({ label: `team ${name}`, value: `team-${id}-${name}` }))
      .sort(byLabel),
    ...users
      .filter(({ id, isAdministrator }) => !isAdministrator && !access?.users.has(id))
      .map(({ id, name }) => ({ label: name, value: `user-${id}-${name}` }))
      .sort(byLabel),
  ];
  if (options.length === 0) return 'everybody has access already';
  return {
    title: `access to ${place.name}`,
    submitLabel: 'give',
    lead: `${roleWords()}. Of several roles the first of these counts.`,
    fields: [
      choiceField('who', 'who', options),
      choiceField('role', 'role', ROLE_OPTIONS, STANDARD),
    ],
    read: ({ who = '', role }) => {
      const [, kind, id, name = ''] = /^(user|team)-(\d+)-(.*)$/su.exec(who) ?? [];
      if (kind !== 'user' && kind !== 'team') return { field: 'who', sentence: 'Choose who.' };
      const member = { kind, id: Number(id), name } as const;
      return { kind: 'set-access', place, member, roleId: Number(role) };
    },
  };
}

/** Another role of who has one. */
export function accessForm(place: Place, { member, roleId }: PeopleRow): FilledForm | string {
  if (!member) return 'nobody is selected';
  return {
    title: `access of ${member.name}`,
    submitLabel: 'change',
    lead: `${roleWords()}.`,
    fields: [choiceField('role', 'role', ROLE_OPTIONS, String(roleId))],
    read: ({ role }) =>
      Number(role) === roleId
        ? { field: 'role', sentence: `${member.name} has that role already.` }
        : { kind: 'set-access', place, member, roleId: Number(role) },
  };
}

const roleWords = () => ROLES.map(({ name, description }) => `${name}: ${description}`).join('. ');

const PROOFS: readonly Option[] = [
  { label: 'password', value: 'password' },
  { label: 'OIDC provider', value: 'provider' },
];

/** A key of one's own account, whose owner is asked for anew; where there is a provider, an account may have no password. */
export function newKeyForm(user: Named, hasProvider: boolean): FilledForm {
  const password = secretField('password', 'your password');
  const proof: readonly Field[] = hasProvider
    ? [choiceField('proof', 'proved by', PROOFS), { ...password, onlyWith: ['proof', 'password'] }]
    : [password];
  return {
    title: 'new API key',
    submitLabel: 'make',
    lead: (values) => `The key may all that ${user.name} may. ${leadOf(values)}`,
    stop: 'stop-deed',
    fields: [textField('name', 'what for'), choiceField('ends', 'ends', ENDS, '30'), ...proof],
    read: (values, nowMs) => readKey(user, values, nowMs),
  };
}

const isByProvider = ({ proof }: FormValues) => proof === 'provider';

const leadOf = (values: FormValues) =>
  isByProvider(values)
    ? "For an account without a password: you agree in a browser, since a key can't make another."
    : "The server asks for the password, since a key can't make another.";

function readKey(user: Named, values: FormValues, nowMs: number): FormDeed | FormMisread {
  const description = (values['name'] ?? '').trim();
  const days = Number(values['ends']);
  const endsAtS = days > 0 ? Math.floor(nowMs / 1_000) + days * DAY_S : null;
  const wish = { kind: 'create-key', user, description, endsAtS } as const;
  if (description === '') return { field: 'name', sentence: 'Say what the key is for.' };
  if (isByProvider(values)) return wish;
  const password = values['password'] ?? '';
  if (password === '') return { field: 'password', sentence: 'Type the password of your account.' };
  const code = values[CODE]?.trim();
  if (code === '') return { field: CODE, sentence: 'Type the code of your second factor.' };
  return code === undefined ? { ...wish, password } : { ...wish, password, code };
}

const RULES: readonly Option[] = REQUIRED_OF.map((rule) => ({ label: rule, value: rule }));

/** Whose account must have a second factor; as a clause, why that can't be changed. */
export function requiredFactorForm(directory: Directory): FilledForm | string {
  const { factors } = directory;
  if (!factors) return 'the server does not tell whose second factor is required';
  const ruleIn = ({ rule }: FormValues) => REQUIRED_OF.find((one) => one === rule) ?? 'nobody';
  return {
    title: 'required second factor',
    submitLabel: 'change',
    lead: (values) => ruleWords(directory, ruleIn(values)),
    fields: [choiceField('rule', 'required of', RULES, factors.requiredOf)],
    read: (values) => {
      const rule = ruleIn(values);
      if (rule !== factors.requiredOf) return { kind: 'require-factor', of: rule };
      return { field: 'rule', sentence: 'It is that already.' };
    },
  };
}

function ruleWords(directory: Directory, rule: RequiredOf): string {
  if (rule === 'nobody')
    return 'The password alone signs in, unless somebody has turned a factor on.';
  const { all, without } = concernedBy(directory, rule);
  const count = `It is about ${formatThings(all.length, 'account')}; without one yet: ${formatCount(without.length)}.`;
  return `${count} Those sign in only to turn one on. API keys go on, and so do accounts that an OIDC provider vouches for.`;
}
