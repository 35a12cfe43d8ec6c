/** Menus: what they hold, what is off and why, and that they are about what lay there when they were opened. */
import { expect, test } from 'vitest';
import { initialState } from '../../../src/tui/model/state.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { menuOf } from '../../../src/tui/screens/menus.ts';
import { update } from '../../../src/tui/update/update.ts';
import { frameText } from '../../support/frame-text.ts';
import { container, environment, NOW, Pilot, snapshot } from '../../support/sample-fleet.ts';

const shown = ({ state }: Pilot) => frameText(viewOf(state), state.size);
const on = (name: string) => new Pilot().live().press('/').type(name).press('enter');
const port = (publicPort: number | null, privatePort: number, address = '0.0.0.0') => ({
  publicPort,
  privatePort,
  protocol: 'tcp',
  address,
});

test.each([
  ['n', 'web-3'],
  ['m', 'registry.example/web:41'],
  ['h', 'eu-1'],
  ['d', 'fleet-tui proxy eu-1 -- docker inspect web-3'],
  ['u', 'http://10.0.0.1/\nhttps://10.0.0.1/'],
])('c %s copies %s', (letter, text) => {
  const pilot = on('web-3').press('c', letter);
  expect(pilot.effects).toEqual([{ kind: 'copy', text }]);
  expect(pilot.state.menu).toBeUndefined();
});

test('of marked rows everything is copied, a line each, and the rows as one JSON list', () => {
  const pilot = new Pilot().live().press('/').type('web host:eu-2').press('enter', '*', 'c', 'n');
  expect(pilot.effects).toEqual([{ kind: 'copy', text: 'web-1\nweb-2\nweb-10' }]);
  const [effect] = pilot.press('c', 's').effects;
  const rows = JSON.parse(effect?.kind === 'copy' ? effect.text : '');
  expect(rows).toMatchObject([{ environment: 'eu-2', name: 'web-1' }, {}, {}]);
});

test('a name with blanks and quotes stays one word; beside the engine itself docker -H is told', () => {
  const address = 'unix:///var/run/docker.sock';
  const alone = snapshot(
    [environment(1, 'here', { kind: 'socket', address })],
    [container(1, "it's $(x)")],
  );
  let state = initialState(address, { width: 80, height: 24 }, NOW);
  for (const message of [alone]) state = update(state, { kind: 'feed', message, atMs: NOW }).state;
  const line = menuOf(state, 'copy').items.find(({ key }) => key === 'd');
  const text = `docker -H ${address} inspect 'it'\\''s $(x)'`;
  expect(line?.run).toEqual({ kind: 'copy-text', text });
});

test('the action menu says why something is off, and a letter that changes asks first', () => {
  const pilot = on('cron-nightly').press('x');
  expect(shown(pilot)).toContain('Actions on eu-2/cron-nightly');
  expect(shown(pilot)).toMatch(/s +a shell in the container.*it is exited, not/);
  pilot.press('s');
  expect(pilot.state.messages.all.at(-1)?.text).toContain('it is exited, not running');
  pilot.press('x', 'r');
  expect(pilot.effects).toEqual([]);
  expect(pilot.state.dialog?.title).toContain('cron-nightly');
});

test('letters are unique, j and k move, esc leaves, other keys mean nothing', () => {
  const pilot = on('web-3').press('x');
  const keys = pilot.state.menu?.items.map(({ key }) => key).filter((key) => key !== '') ?? [];
  expect(new Set(keys).size).toBe(keys.length);
  const before = pilot.state.menu?.at;
  expect(pilot.press('j', 'k').state.menu?.at).toBe(before);
  expect(pilot.press('5', 'ctrl-r').state.dialog).toBeUndefined();
  expect(pilot.press('esc').state.menu).toBeUndefined();
});

test('o opens the one port, asks which of several, and says why there is none', () => {
  expect(on('db-main').press('o').effects).toEqual([
    { kind: 'open-url', url: 'http://10.0.0.3:5432/' },
  ]);
  const several = on('web-3').press('o');
  expect(several.state.menu?.items.map(({ detail }) => detail)).toEqual([
    'http://10.0.0.1/',
    'https://10.0.0.1/',
  ]);
  expect(several.press('2').effects).toEqual([{ kind: 'open-url', url: 'https://10.0.0.1/' }]);
  expect(on('web-10').press('o').state.messages.all.at(-1)?.text).toContain('no port of it');
});

test('a port bound to one address is opened there, one of an edge host by its name', () => {
  const fleet = snapshot(
    [environment(1, 'edge', { kind: 'edge-agent', address: 'https://jump:9443' })],
    [
      container(1, 'bound', { ports: [port(9000, 80, '192.168.1.9'), port(null, 90)] }),
      container(1, 'open', { ports: [port(9443, 9443, '::')] }),
    ],
  );
  const url = (name: string) =>
    new Pilot().live(fleet).press('/').type(name).press('enter', 'o').effects;
  expect(url('bound')).toEqual([{ kind: 'open-url', url: 'http://192.168.1.9:9000/' }]);
  expect(url('open')).toEqual([{ kind: 'open-url', url: 'https://edge.example:9443/' }]);
});

test('the URL is told, and whether a browser has it', () => {
  const pilot = on('db-main').press('o');
  const url = 'http://10.0.0.3:5432/';
  pilot.send({ kind: 'url-opened', url, isShown: false, atMs: NOW });
  expect(shown(pilot)).toContain(url);
});
