/** The form for a new environment: typing, wrong input, the answer, and that its secrets stay where they are shown. */
import { describe, expect, test } from 'vitest';
import type { AddedEnvironment } from '../../../src/protocol/new-environment.ts';
import { type FormScreen, focusedField, valuesOf } from '../../../src/tui/model/form.ts';
import { startCommand } from '../../../src/tui/model/start-command.ts';
import { NOW, Pilot } from '../../support/sample-fleet.ts';
import { ADDED_EDGE, SECRET_ID, SECRET_KEY } from '../../support/sample-link.ts';

const open = (): Pilot => new Pilot().live().press('1', 'n');

function form(pilot: Pilot): FormScreen {
  const screen = pilot.state.screens.at(-1);
  if (screen?.kind !== 'form') throw new Error(`on top is ${screen?.kind}`);
  return screen;
}

const values = (pilot: Pilot) => valuesOf(form(pilot).form);
const focus = (pilot: Pilot) => focusedField(form(pilot))?.name;

function answer(pilot: Pilot, answered: AddedEnvironment | { why: string }): Pilot {
  const requestId = form(pilot).sending ?? 0;
  return pilot.send({ kind: 'environment-added', requestId, answer: answered, atMs: NOW });
}

const edgeForm = (): Pilot => open().type('shop').press('tab', 'right', 'enter');
const added = (): Pilot => answer(edgeForm(), ADDED_EDGE);

describe('typing', () => {
  test('letters are text, those of other keys too; movement and editing work as in a prompt', () => {
    const pilot = open().type('q?n:d').press('left', 'left', 'backspace', 'home').type('e');
    expect(focusedField(form(pilot))).toMatchObject({ line: { text: 'eq?:d', at: 1 } });
  });

  test('a paste goes into the field, without what would run it', () => {
    const pilot = open().send({ kind: 'paste', text: ' eu-7\n', atMs: NOW });
    expect(values(pilot)['name']).toBe('eu-7');
    expect(pilot.effects).toEqual([]);
  });

  test('the fields go round; each kind keeps its own URL, the edge agent has the server’s', () => {
    const pilot = open().press('tab', 'tab').type('eu-7');
    expect(values(pilot)['agent-url']).toBe('tcp://eu-7');
    pilot.press('shift-tab', 'space');
    expect(focus(pilot)).toBe('kind');
    expect(values(pilot)).toMatchObject({
      kind: 'edge-agent',
      'edge-agent-url': 'https://jump:9443',
    });
    expect(focus(pilot.press('tab'))).toBe('edge-agent-url');
    pilot.press('shift-tab', 'left', 'tab', 'tab');
    expect(focus(pilot)).toBe('name');
    expect(values(pilot)).toMatchObject({ kind: 'agent', 'agent-url': 'tcp://eu-7' });
  });

  test.each(['esc', 'ctrl-c'])('%s leaves, and nothing was sent', (key) => {
    const pilot = open().type('eu-7').press(key);
    expect(pilot.state.screens).toEqual([{ kind: 'environments' }]);
    expect(pilot.effects).toEqual([{ kind: 'stop-adding' }]);
  });
});

describe('what is sent', () => {
  test.each([
    ['10.0.0.7', 'tcp://10.0.0.7:9001'],
    ['tcp://eu-7:9002', 'tcp://eu-7:9002'],
    ['https://eu-7/', 'tcp://eu-7:9001'],
    ['[2001:db8::7]', 'tcp://[2001:db8::7]:9001'],
    ['[2001:db8::7]:9002', 'tcp://[2001:db8::7]:9002'],
  ])('an agent at %s is added as %s', (typed, url) => {
    const pilot = open().type(' eu 7 ').press('tab', 'tab', 'ctrl-u').type(typed).press('enter');
    const requestId = form(pilot).sending;
    const draft = { name: 'eu 7', kind: 'agent', url };
    expect(pilot.effects).toEqual([{ kind: 'add-environment', requestId, draft }]);
    expect(pilot.press('enter').effects).toEqual([]);
  });

  test.each([
    ['', 'tcp://eu-7', 'name', /name/],
    ['eu-7', 'tcp://', 'agent-url', /looks like tcp:/],
    ['eu-7', 'http://eu-7:9001/path', 'agent-url', /looks like tcp:/],
    ['eu-7', 'tcp://a:b@c', 'agent-url', /looks like tcp:/],
  ])('name "%s" and URL "%s" are wrong at %s', (name, url, field, sentence) => {
    const pilot = open().type(name).press('tab', 'tab', 'ctrl-u').type(url).press('enter');
    expect(pilot.effects).toEqual([]);
    expect(focus(pilot)).toBe(field);
    expect(form(pilot).problem).toMatch(sentence);
    expect(form(pilot.type('x')).problem).toBeUndefined();
  });

  test('an edge agent wants a URL that agents can reach', () => {
    const pilot = open().type('shop').press('tab', 'space', 'tab', 'ctrl-u').type('jump:9443');
    expect(form(pilot.press('enter')).problem).toMatch(/https:\/\/fleet\.example/);
    pilot.press('home').type('https://').press('end').type('//').press('enter');
    expect(pilot.effects).toMatchObject([
      { draft: { kind: 'edge-agent', url: 'https://jump:9443' } },
    ]);
  });
});

describe('the answer', () => {
  test('a refusal is shown in the form, which keeps all that was typed', () => {
    const pilot = answer(edgeForm(), { why: 'jump:9443 did not add the environment: name taken' });
    expect(values(pilot)['name']).toBe('shop');
    expect(form(pilot).sending).toBeUndefined();
    expect(form(pilot).problem).toContain('name taken');
  });

  test('for a direct agent the list is shown again with the new one selected', () => {
    const pilot = open().type('eu').press('tab', 'tab').type('eu-2').press('enter');
    answer(pilot, { environmentId: 2, isOwnCertificate: true });
    expect(pilot.state.screens).toEqual([{ kind: 'environments' }]);
    expect(pilot.state.environments.cursor.selected).toBe(2);
  });

  test('after esc it is not waited for, and a late one changes nothing', () => {
    const pilot = edgeForm();
    const requestId = form(pilot).sending ?? 0;
    expect(pilot.press('esc').effects).toEqual([{ kind: 'stop-adding' }]);
    expect(pilot.state.messages.all.at(-1)?.text).toMatch(
      /may do it all the same: look in the list/,
    );
    const before = pilot.state;
    pilot.send({ kind: 'environment-added', requestId, answer: ADDED_EDGE, atMs: NOW });
    expect(pilot.state).toBe(before);
  });

  test('for an edge agent c copies the whole command of the way that is shown', () => {
    const pilot = added().press('c');
    const docker = [
      'docker run -d --name fleet-agent --restart always',
      '-v /var/run/docker.sock:/var/run/docker.sock',
      '-v /var/lib/docker/volumes:/var/lib/docker/volumes',
      '-v fleet_agent_data:/data',
      `-e EDGE=1 -e EDGE_ID=${SECRET_ID} -e EDGE_KEY=${SECRET_KEY} -e EDGE_INSECURE_POLL=1`,
      'fleet-agent',
    ].join(' ');
    expect(pilot.effects).toEqual([{ kind: 'copy', text: docker }]);
    pilot.press('tab', 'c');
    const npx = `EDGE=1 EDGE_ID=${SECRET_ID} EDGE_KEY=${SECRET_KEY} EDGE_INSECURE_POLL=1 DATA_PATH=/var/lib/fleet-agent npx fleet-agent`;
    expect(pilot.effects).toEqual([{ kind: 'copy', text: npx }]);
  });

  test('no message, and nothing that stays behind, holds a secret', () => {
    const pilot = added().press('c').send({ kind: 'copied', outcome: 'sent', atMs: NOW });
    const { screens, ...rest } = pilot.state;
    expect(JSON.stringify(screens)).toContain(SECRET_ID);
    for (const secret of [SECRET_ID, SECRET_KEY]) {
      expect(JSON.stringify(rest)).not.toContain(secret);
      expect(JSON.stringify(pilot.press('esc').state)).not.toContain(secret);
    }
  });

  test('leaving it before it was copied is asked about once', () => {
    const pilot = added().press('q');
    expect(pilot.state.dialog?.title).toBe('Leave this command?');
    pilot.wait(300).press('n');
    expect(pilot.state.screens.at(-1)?.kind).toBe('environment-added');
    pilot.press('esc').wait(300).press('y');
    expect(pilot.state.screens).toEqual([{ kind: 'environments' }]);
  });

  test.each(['too-long', 'no-clipboard'] as const)(
    '%s is said and counts as not copied',
    (outcome) => {
      const pilot = added().press('c').send({ kind: 'copied', outcome, atMs: NOW });
      expect(pilot.state.messages.all.at(-1)).toMatchObject({ tone: 'warning' });
      expect(pilot.press('q').state.dialog).toBeDefined();
    },
  );
});

test('what a server sends stays one word of the command', () => {
  const screen = added().state.screens.at(-1);
  if (screen?.kind !== 'environment-added') throw new Error('not added');
  const evil = { ...screen, edgeId: "$(reboot)';reboot", isOwnCertificate: false };
  expect(startCommand(evil, 'docker')).toContain(`-e EDGE_ID='$(reboot)'\\'';reboot' -e EDGE_KEY=`);
  expect(startCommand(evil, 'docker')).not.toContain('INSECURE');
});

test('without a server the key says why it is off', () => {
  const pilot = new Pilot().live().press('1');
  pilot.state = { ...pilot.state, serverUrl: undefined };
  pilot.press('n');
  expect(pilot.state.screens).toEqual([{ kind: 'environments' }]);
  expect(pilot.state.messages.all.at(-1)?.text).toMatch(/^Can't new: only a fleet-server/);
});
