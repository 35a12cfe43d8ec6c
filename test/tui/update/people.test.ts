/** Users, teams, access and API keys by keys: every change goes through a plan, refusals are said, secrets are shown once. */
import { expect, test } from 'vitest';
import type { PeopleDeed } from '../../../src/protocol/people.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { NOW, Pilot, snapshot } from '../../support/sample-fleet.ts';
import { DIRECTORY, listOf, tellPeople } from '../../support/sample-people.ts';

const text = (pilot: Pilot) => frameText(viewOf(pilot.state), pilot.state.size);
const open = (command: string) => listOf(new Pilot(120, 40), command);
const sentDeed = (pilot: Pilot): PeopleDeed | undefined =>
  pilot.effects.flatMap((effect) => (effect.kind === 'carry-out' ? [effect.deed] : []))[0];
/** Yes to the question; what it sends. */
const confirm = (pilot: Pilot) => sentDeed(pilot.wait(301).press('tab', 'enter'));

function answer(
  pilot: Pilot,
  deed: PeopleDeed,
  told: { secret?: string } | { why: string; asksCode?: boolean },
): Pilot {
  const form = pilot.state.screens.at(-1);
  const requestId = form?.kind === 'form' ? (form.sending ?? 0) : 0;
  return pilot.send({ kind: 'carried-out', requestId, deed, answer: told, atMs: NOW });
}

test('a user is made with a form, a plan and an answer; then the list is read anew', () => {
  const pilot = open('users').press('n').type('sam').press('tab').type('correct horse battery');
  pilot.press('tab').type('correct horse battery').press('enter');
  expect(pilot.state.dialog?.title).toBe('Create the user sam?');
  expect(text(pilot)).toContain('sees nothing until it has access to an environment');
  expect(text(pilot)).not.toContain('correct horse');
  const deed = confirm(pilot);
  expect(deed).toEqual({
    kind: 'create-user',
    name: 'sam',
    password: 'correct horse battery',
    isAdministrator: false,
  });
  answer(pilot, deed as PeopleDeed, {});
  expect(pilot.effects.map(({ kind }) => kind)).toContain('read-directory');
  expect(pilot.state.screens.at(-1)?.kind).toBe('users');
  expect(text(pilot)).toContain('Created sam.');
  expect(JSON.stringify(pilot.state)).not.toContain('correct horse');
});

test('what the server refuses is said in the form, and what was typed stays', () => {
  const pilot = open('users').press('n').type('kim').press('tab').type('short');
  pilot.press('tab').type('short').press('enter');
  const deed = confirm(pilot);
  const why = 'https://jump:9443 did not create kim: User already exists';
  expect(text(answer(pilot, deed as PeopleDeed, { why }))).toContain(why);
  expect(pilot.state.screens.at(-1)).toMatchObject({ kind: 'form', sending: undefined });
  expect(text(pilot)).toMatch(/name +kim/u);
});

test('two passwords that differ, and no name, are asked for again', () => {
  const pilot = open('users').press('n', 'enter');
  expect(text(pilot)).toContain('Give the user a name.');
  pilot.type('sam').press('tab').type('one').press('tab').type('two').press('enter');
  expect(text(pilot)).toContain('The two passwords are not the same');
  expect(pilot.state.dialog).toBeUndefined();
});

test('a grave change wants its button: y does not delete', () => {
  const pilot = open('users').press('j', 'ctrl-x');
  expect(pilot.state.dialog?.title).toBe('Delete the user kim?');
  expect(text(pilot)).toContain('leaves helpdesk');
  expect(sentDeed(pilot.wait(301).press('y'))).toBeUndefined();
  expect(sentDeed(pilot.press('tab', 'enter'))).toMatchObject({ kind: 'delete-user' });
});

test('rank and password of a user', () => {
  const rank = open('users').press('j', 'e', 'right', 'enter');
  expect(text(rank)).toContain('user -> administrator');
  expect(confirm(rank)).toMatchObject({ kind: 'set-role', isAdministrator: true });
  const password = open('users').press('j', 'p').type('new one').press('tab').type('new one');
  const deed = confirm(password.press('enter'));
  expect(deed).toMatchObject({ kind: 'set-password', user: { id: 2 }, password: 'new one' });
});

test('teams: made, opened, joined by a name that is typed, led, left', () => {
  const made = open('teams').press('n').type('night').press('enter');
  expect(confirm(made)).toEqual({ kind: 'create-team', name: 'night' });
  const inside = () => tellPeople(open('teams').press('enter'));
  expect(text(inside())).toMatch(/members of helpdesk[\s\S]*kim +leader[\s\S]*robin +member/u);
  const joined = inside().press('n').type('zo').press('tab', 'right', 'enter');
  expect(confirm(joined)).toMatchObject({ kind: 'join-team', user: { id: 4 }, isLeader: true });
  expect(confirm(inside().press('j', 'e'))).toMatchObject({ membershipId: 2, isLeader: true });
  expect(confirm(inside().press('ctrl-x'))).toMatchObject({ kind: 'leave-team', membershipId: 1 });
});

test('access: who has it, given, changed, taken away', () => {
  const pilot = () => open('access eu-1');
  expect(text(pilot())).toMatch(/helpdesk +team +Helpdesk[\s\S]*robin +user +Operator/u);
  const given = pilot().press('n').type('kim').press('tab').type('help').press('enter');
  expect(text(given)).toContain('kim: no access -> Helpdesk');
  const place = { of: 'environment', id: 1, name: 'eu-1' };
  const member = { kind: 'user', id: 2, name: 'kim' };
  expect(confirm(given)).toEqual({ kind: 'set-access', place, member, roleId: 2 });
  const changed = pilot().press('e').type('oper').press('enter');
  expect(text(changed)).toContain('the team helpdesk: Helpdesk -> Operator');
  expect(confirm(changed)).toMatchObject({ member: { kind: 'team', id: 1 }, roleId: 5 });
  expect(confirm(pilot().press('j', 'ctrl-x'))).toMatchObject({ member: { id: 3 }, roleId: null });
});

test('access is opened on an environment of the list, and on a group by its name', () => {
  const wish = (pilot: Pilot) => pilot.effects.find(({ kind }) => kind === 'read-directory');
  const listed = open('users').press('esc', '1', 'A');
  expect(wish(listed)).toMatchObject({ wish: { kind: 'access', of: 'environment' } });
  const group = listed.press('esc', ':').type('access group:night shift').press('enter');
  expect(wish(group)).toMatchObject({ wish: { of: 'group', name: 'night shift' } });
});

test('a new API key is shown once, copied, and left only after a question while it is not', () => {
  const pilot = open('tokens')
    .press('n')
    .type('ci')
    .press('tab')
    .type('never')
    .press('tab')
    .type('my password');
  const deed = confirm(pilot.press('enter'));
  expect(deed).toMatchObject({ kind: 'create-key', description: 'ci', endsAtS: null });
  answer(pilot, deed as PeopleDeed, { secret: 'ptr_abcdef' });
  expect(text(pilot)).toContain('ptr_abcdef');
  expect(pilot.press('esc').state.dialog?.title).toBe('Leave this key?');
  pilot.wait(301).press('esc', 'c');
  expect(pilot.effects).toContainEqual({ kind: 'copy', text: 'ptr_abcdef' });
  pilot.send({ kind: 'copied', outcome: 'sent', atMs: NOW }).press('esc');
  expect(JSON.stringify(pilot.state)).not.toContain('ptr_abcdef');
});

test('the code of a second factor is asked for when the server wants it, and again when it was wrong', () => {
  const pilot = open('tokens').press('n').type('ci').press('tab', 'tab').type('my password');
  answer(pilot, confirm(pilot.press('enter')) as PeopleDeed, {
    why: 'asks for a code',
    asksCode: true,
  });
  expect(text(pilot)).toMatch(/what for +ci[\s\S]*> code[\s\S]*asks for a code/u);
  expect(text(pilot.press('enter'))).toContain('Type the code of your second factor.');
  const deed = confirm(pilot.type('123456').press('enter'));
  expect(deed).toMatchObject({ kind: 'create-key', password: 'my password', code: '123456' });
  // Unless somebody chooses otherwise a key ends.
  expect(deed).toMatchObject({ endsAtS: NOW / 1_000 + 30 * 86_400 });
  answer(pilot, deed as PeopleDeed, { why: 'does not accept this code', asksCode: true });
  expect(text(pilot)).not.toContain('123456');
  answer(pilot, confirm(pilot.type('654321').press('enter')) as PeopleDeed, {
    secret: 'ptr_abcdef',
  });
  expect(JSON.stringify(pilot.state)).not.toMatch(/my password|654321/u);
});

test('where there is an OIDC provider, a key can be made without a password; leaving gives up waiting', () => {
  const directory = { ...DIRECTORY, hasProvider: true };
  const pilot = listOf(new Pilot(120, 40), 'tokens', directory).press('n').type('ci');
  expect(text(pilot)).toContain('your password');
  pilot.press('tab', 'tab', 'right', 'enter');
  expect(text(pilot)).not.toContain('your password');
  expect(text(pilot)).toContain('you agree at the OIDC provider first');
  const deed = confirm(pilot);
  expect(deed).toMatchObject({ kind: 'create-key', description: 'ci' });
  expect(deed).not.toHaveProperty('password');
  const form = pilot.state.screens.at(-1);
  const requestId = form?.kind === 'form' ? (form.sending ?? 0) : 0;
  const invitation = {
    address: 'https://id/d',
    userCode: 'AB-CD',
    completeAddress: 'https://id/c',
  };
  pilot.send({ kind: 'sign-in-invited', requestId, invitation, atMs: NOW });
  expect(text(pilot)).toContain('and enter AB-CD there.');
  expect(pilot.press('esc').effects).toEqual([{ kind: 'stop-deed' }]);
  expect(text(pilot)).not.toContain('look in the list');
  expect(text(open('tokens').press('n'))).not.toContain('OIDC');
});

test('F says of whom a second factor is required; the plan names whom that holds up', () => {
  const pilot = open('users');
  expect(text(pilot)).toContain('second factor: nobody');
  expect(text(pilot.press('F', 'enter'))).toContain('It is that already.');
  pilot.press('right');
  expect(text(pilot)).toMatch(/It is about 1 account; without one yet: 1\./);
  pilot.press('right', 'enter');
  expect(pilot.state.dialog?.title).toBe('Require a second factor of everybody?');
  expect(pilot.state.dialog?.groups[1]).toEqual({
    heading: '3 accounts have none yet',
    items: ['admin', 'kim', 'zoe-from-the-night-shift-of-the-second-floor'],
  });
  expect(sentDeed(pilot.wait(301).press('y'))).toBeUndefined();
  expect(sentDeed(pilot.press('tab', 'enter'))).toEqual({
    kind: 'require-factor',
    of: 'everybody',
  });
  answer(pilot, { kind: 'require-factor', of: 'everybody' }, {});
  expect(text(pilot)).toContain('A second factor is required of everybody now.');
  expect(pilot.effects.map(({ kind }) => kind)).toContain('read-directory');
  const { factors: _, ...older } = DIRECTORY;
  const told = text(listOf(new Pilot(120, 40), 'users', older).press('F'));
  expect(told).toContain('the server does not tell whose second factor is required');
});

test('API keys: last use and end; deleted by its row', () => {
  const pilot = open('tokens');
  expect(text(pilot)).toMatch(/ci +never +2026-08-22, ends 2026-09-21/u);
  expect(text(pilot)).toMatch(/fleet-tui kim@desk +2m ago/u);
  expect(confirm(pilot.press('ctrl-x'))).toMatchObject({ kind: 'delete-key', key: { id: 7 } });
});

test('nobody but administrators opens users, teams and access; a read-only console changes nothing', () => {
  const message = snapshot();
  if (message.kind !== 'snapshot') throw new Error('no snapshot');
  const account = { id: 2, name: 'kim', isAdministrator: false };
  const reasons = {
    users: 'only administrators may, and kim is none',
    'access eu-1': 'only administrators may, and kim is none',
    teams: 'only administrators and leaders of a team may, and kim leads none',
  };
  for (const [command, reason] of Object.entries(reasons)) {
    const pilot = new Pilot(120, 40).live({
      ...message,
      account: { ...account, leadsTeams: false },
    });
    pilot.press(':').type(command).press('enter');
    expect(text(pilot)).toContain(reason);
  }
  const pilot = open('users');
  pilot.state = { ...pilot.state, settings: { ...pilot.state.settings, isReadOnly: true } };
  expect(pilot.press('n').state.screens.at(-1)?.kind).toBe('users');
  expect(pilot.press('ctrl-x').state.dialog).toBeUndefined();
});

test('who leads a team opens teams, says who is in them, and neither makes nor deletes one', () => {
  const message = snapshot();
  if (message.kind !== 'snapshot') throw new Error('no snapshot');
  const account = { id: 2, name: 'kim', isAdministrator: false, leadsTeams: true };
  // As the server tells a leader: nobody who is an administrator, no team of others.
  const { users, teams, memberships } = DIRECTORY;
  const told = {
    users: users.filter(({ isAdministrator }) => !isAdministrator),
    teams: teams.slice(0, 1),
    memberships: [...memberships.slice(0, 2), { id: 9, userId: 1, teamId: 1, isLeader: false }],
  };
  const pilot = new Pilot(120, 40).live({ ...message, account });
  tellPeople(pilot.press(':').type('teams').press('enter'), told);
  expect(text(pilot)).toMatch(/helpdesk +3 +kim/u);
  expect(text(pilot)).not.toMatch(/n new|ctrl-x/u);
  expect(text(pilot.press('n'))).toContain('only administrators may, and kim is none');
  tellPeople(pilot.press('enter'), told);
  expect(text(pilot)).toMatch(/#1 +member +-/u);
  const joined = pilot.press('n').type('zo').press('enter');
  expect(confirm(joined)).toMatchObject({ kind: 'join-team', user: { id: 4 }, isLeader: false });
  pilot.press('esc', 'esc', 'esc').press(':').type('users').press('enter');
  expect(text(pilot)).toContain('only administrators may, and kim is none');
});

test('a list that can not be read says why, and the rows that were read stay', () => {
  const pilot = open('users').press('f5');
  const asked = pilot.effects.find((effect) => effect.kind === 'read-directory');
  const why = 'https://jump:9443 did not tell its users: Access denied';
  const requestId = asked?.requestId ?? 0;
  pilot.send({ kind: 'directory-read', requestId, answer: { why }, atMs: NOW });
  expect(text(pilot)).toContain(why);
  expect(text(pilot)).toContain('robin');
});

test('the filter narrows a list, esc clears it', () => {
  const pilot = open('users').press('/').type('helpdesk').press('enter');
  expect(text(pilot)).toContain('2 of 4');
  expect(text(pilot.press('esc'))).toContain('4 of 4');
});
