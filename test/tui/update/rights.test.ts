/** What the account may not do is absent from footer, menus, palette and help; the key, help's last lines and :why say why. */
import { expect, test } from 'vitest';
import { ROLES } from '../../../src/protocol/permission.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { environment, Pilot, snapshot } from '../../support/sample-fleet.ts';
import { problemOf } from '../../support/sample-problems.ts';

const mayOf = (name: string) => [...(ROLES.find((role) => role.name === name)?.may ?? [])];
const ACCOUNT = { id: 2, name: 'kim', isAdministrator: false };

/** eu-1 with a role, eu-2 with everything an environment administrator may. */
function pilotAs(role: string): Pilot {
  const hosts = [
    environment(1, 'eu-1', { may: mayOf(role) }),
    environment(2, 'eu-2', { may: mayOf('Environment administrator') }),
  ];
  const message = snapshot(hosts);
  if (message.kind !== 'snapshot') throw new Error('no snapshot');
  return new Pilot(200, 60).live({ ...message, account: ACCOUNT });
}

const text = (pilot: Pilot) => frameText(viewOf(pilot.state), pilot.state.size);
const choose = (pilot: Pilot, name: string) => pilot.press('/').type(name).press('enter');

test('read-only in eu-1: no change, no shell and no logs in the footer, the menu and help', () => {
  const pilot = choose(pilotAs('Read-only user'), 'host:eu-1 web-3');
  expect(text(pilot)).not.toMatch(/ctrl-r restart| s shell | l logs /u);
  const menu = text(pilot.press('x'));
  expect(menu).toContain('Actions on eu-1/web-3');
  expect(menu).not.toMatch(/ restart| shell| kill| remove| logs/u);
  expect(menu).toContain('metrics');
  const help = text(pilot.press('esc', '?', '/').type('ctrl-r'));
  expect(help).not.toMatch(/ctrl-r +restart/u);
});

test('the key says what the role lacks, and asks for nothing', () => {
  const pilot = choose(pilotAs('Read-only user'), 'host:eu-1 web-3').press('ctrl-r');
  expect(text(pilot)).toContain(
    "Can't restart: your role in eu-1 does not include lifecycle (start, stop, restart, kill, pause).",
  );
  expect(pilot.state.dialog).toBeUndefined();
  expect(pilot.press('s').effects.filter(({ kind }) => kind === 'open-shell')).toEqual([]);
});

test('helpdesk restarts, and neither removes nor enters', () => {
  const pilot = choose(pilotAs('Helpdesk'), 'host:eu-1 web-3');
  expect(text(pilot)).toContain('ctrl-r restart');
  expect(text(pilot.press('x'))).not.toMatch(/ remove | shell /u);
  expect(pilot.press('esc', 'ctrl-r').state.dialog?.title).toBe('Restart eu-1/web-3?');
});

test('where the role is another one, everything is there', () => {
  const pilot = choose(pilotAs('Read-only user'), 'host:eu-2 web-2');
  expect(text(pilot)).toContain('ctrl-r restart');
  expect(pilot.press('ctrl-r').state.dialog?.title).toBe('Restart eu-2/web-2?');
});

test('who reaches only its own sees what is its own: all of it may be changed, the environment itself not', () => {
  const may = mayOf('Standard user');
  const hosts = [environment(1, 'eu-1', { may, mayInCommon: ['read', 'create'] })];
  const mine = problemOf(1, 'web-7');
  const problems = [
    mine,
    { ...mine, id: '1.no-data', containerId: null, kind: 'no-data', name: 'itself' },
  ];
  const message = snapshot(hosts);
  if (message.kind !== 'snapshot') throw new Error('no snapshot');
  const pilot = new Pilot(200, 60).live({ ...message, account: ACCOUNT, problems });
  const on = (words: string) => choose(pilot.press('8'), words);
  expect(text(on('web-7'))).toContain('a acknowledge');
  expect(pilot.press('a').state.prompt).toBeDefined();
  pilot.press('esc', 'esc', 'esc', 'esc');
  expect(text(on('itself'))).not.toContain('a acknowledge');
  const reason = 'your role in eu-1 reaches only what is yours or shared with you';
  expect(text(pilot.press('a'))).toContain(reason);
  expect(text(pilot.press(':').type('why a').press('enter'))).toContain(reason);
});

test('marks on both: the plan holds only what may be done', () => {
  const pilot = choose(pilotAs('Read-only user'), 'web').press('*', 'ctrl-r');
  const headings = pilot.state.dialog?.groups.map(({ heading }) => heading).join(' ') ?? '';
  expect(headings).toContain('eu-2');
  expect(headings).not.toContain('eu-1');
});

test('help folds what is not allowed, and enter shows each with its reason', () => {
  const pilot = choose(pilotAs('Read-only user'), 'host:eu-1 web-3')
    .press('?', '/')
    .type('role')
    .press('enter');
  expect(text(pilot)).toMatch(/enter +show \d+ keys that your role does not include/u);
  expect(text(pilot.press('enter'))).toContain('restart: your role in eu-1 does not include');
});

test(':why tells of a key by its name, and of one that is on', () => {
  const pilot = choose(pilotAs('Helpdesk'), 'host:eu-1 web-3');
  expect(text(pilot.press(':').type('why ctrl-x').press('enter'))).toContain(
    'ctrl-x (remove) is off now: your role in eu-1 does not include destroy',
  );
  const other = choose(pilotAs('Helpdesk'), 'host:eu-1 web-3');
  expect(text(other.press(':').type('why restart').press('enter'))).toContain(
    'ctrl-r (restart) can be done now.',
  );
});

test(':logs of a container elsewhere is judged there', () => {
  const pilot = pilotAs('Read-only user').press(':').type('logs eu-1/web-3').press('enter');
  expect(text(pilot)).toContain('your role in eu-1 does not include logs');
  pilot.press(':').type('logs eu-2/web-2').press('enter');
  expect(pilot.state.screens.at(-1)?.kind).toBe('logs');
});

test('an environment is added by administrators only, and the palette offers it to nobody else', () => {
  const pilot = pilotAs('Operator').press(':').type('add');
  expect(text(pilot)).not.toContain('add an environment');
  expect(text(pilot.press('esc', '1', 'n'))).toContain(
    "Can't new: only administrators may, and kim is none.",
  );
});

test('a role that changes comes with the next snapshot; without rights in it everything is tried', () => {
  const pilot = choose(pilotAs('Read-only user'), 'host:eu-1 web-3');
  const hosts = [environment(1, 'eu-1'), environment(2, 'eu-2')];
  expect(text(pilot.live(snapshot(hosts)))).toContain('ctrl-r restart');
});
