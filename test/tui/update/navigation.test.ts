import { describe, expect, test } from 'vitest';
import { Pilot } from '../../support/sample-fleet.ts';

const kinds = ({ state }: Pilot) => state.screens.map(({ kind }) => kind);
const toast = ({ state }: Pilot) => state.messages.all.at(-1)?.text;

describe('environments', () => {
  test('enter scopes to one; esc comes back and widens the scope again', () => {
    const pilot = new Pilot().live().press('1', 'j', 'enter');
    expect(kinds(pilot)).toEqual(['environments', 'containers']);
    expect(pilot.rows()).toEqual([
      'eu-1/pay-gateway-production-blue-2',
      'eu-1/web-3',
      'eu-1/web-7',
    ]);
    pilot.press('esc');
    expect(kinds(pilot)).toEqual(['environments']);
    expect(pilot.state.scope).toBeUndefined();
    expect(pilot.state.environments.cursor.selected).toBe(1);
  });

  test('0 shows all again', () => {
    expect(new Pilot().live().press('1', 'enter', '0').rows()).toHaveLength(14);
  });
});

describe('leaving', () => {
  test('q goes back, and asks at the last level', () => {
    const pilot = new Pilot().live().press('d', 'q');
    expect(kinds(pilot)).toEqual(['containers']);
    pilot.press('q');
    expect(pilot.state.dialog?.title).toBe('Quit fleet-tui?');
    expect(pilot.wait(300).press('y').effects).toEqual([{ kind: 'quit' }]);
  });

  test('Q and :q quit at once', () => {
    expect(new Pilot().live().press('Q').effects).toEqual([{ kind: 'quit' }]);
    expect(new Pilot().live().press(':', 'q', 'enter').effects).toContainEqual({
      kind: 'quit',
    });
  });

  test('while operations run, quitting asks', () => {
    const pilot = new Pilot().live().press('ctrl-r').wait(300).press('y', 'Q');
    expect(pilot.effects).toEqual([]);
    expect(pilot.state.dialog?.remarks).toHaveLength(1);
    expect(pilot.wait(300).press('y').effects).toEqual([{ kind: 'quit' }]);
  });

  test('ctrl-c twice within a second quits, slower it does not', () => {
    const pilot = new Pilot().live().press('ctrl-c');
    expect(toast(pilot)).toBe('Press ctrl-c again to quit.');
    expect(pilot.wait(1_001).press('ctrl-c').effects).toEqual([]);
    expect(pilot.wait(900).press('ctrl-c').effects).toEqual([{ kind: 'quit' }]);
  });

  test('ctrl-c leaves a prompt first', () => {
    const pilot = new Pilot().live().press('/').type('web').press('ctrl-c');
    expect(pilot.state.prompt).toBeUndefined();
    expect(pilot.rows()).toHaveLength(14);
  });

  test('ctrl-z and ctrl-l are for the terminal', () => {
    expect(new Pilot().press('ctrl-z').effects).toEqual([{ kind: 'suspend' }]);
    expect(new Pilot().press('ctrl-l').effects).toEqual([{ kind: 'redraw' }]);
  });
});

describe('the command line', () => {
  const run = (text: string) => new Pilot().live().press(':').type(text).press('enter');

  test('goes to lists, environments and logs', () => {
    expect(kinds(run('h'))).toEqual(['environments']);
    expect(kinds(run('h').press(':', 'c', 'enter'))).toEqual(['containers']);
    expect(run('host eu-2').state.scope).toBe(2);
    expect(run('logs web-7').effects.at(-1)).toMatchObject({ kind: 'follow-logs' });
    expect(run('logs us-1/cache').state.screens.at(-1)).toMatchObject({ kind: 'logs' });
    expect(kinds(run('ops'))).toEqual(['containers', 'operations']);
    expect(kinds(run('messages'))).toEqual(['containers', 'messages']);
  });

  test('says what it does not know', () => {
    expect(toast(run('frobnicate'))).toMatch(
      /^There is no command :frobnicate\. There are (:\w+ )+/,
    );
    expect(toast(run('logs nobody'))).toBe('No container is called nobody.');
    expect(toast(run('logs web-1'))).toBe(
      'web-1 is the name of 2 containers: eu-2/web-1, us-9/web-1. Say which.',
    );
    expect(toast(run('host x'))).toBe('No environment is called x; :h lists them.');
  });
});

describe('help', () => {
  test('explains the screen it was opened from, is searched, and runs a line', () => {
    const pilot = new Pilot().live().press('?', '/').type('sort by name').press('enter', 'enter');
    expect(kinds(pilot)).toEqual(['containers']);
    expect(pilot.state.containers.sort).toMatchObject({ by: 'name', isReversed: true });
  });

  test('esc clears its search, then leaves it', () => {
    const pilot = new Pilot().live().press('?', '/').type('sort').press('enter', 'esc');
    expect(pilot.state.screens.at(-1)).toMatchObject({ kind: 'help', search: '' });
    expect(kinds(pilot.press('esc'))).toEqual(['containers']);
  });
});
