/** The command line: what it suggests, completion, history, and the nearest command. */
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../../src/tui/screens/commands.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { suggestionsFor } from '../../../src/tui/screens/palette.ts';
import { frameText } from '../../support/frame-text.ts';
import { bigSnapshot, Pilot } from '../../support/sample-fleet.ts';

const live = () => new Pilot().live();
const lines = (text: string, pilot = live()) =>
  suggestionsFor(pilot.state, text).map(({ line }) => line.trim());
const said = ({ state }: Pilot) => state.messages.all.at(-1)?.text;

test('all commands, then those that begin so, then fuzzy ones and those whose words match', () => {
  expect(lines('')).toHaveLength(COMMANDS.length);
  expect(lines('in')[0]).toBe('inspect');
  expect(lines('hosts')[0]).toBe('hosts');
  expect(lines('nspec')).toContain('inspect');
  expect(lines('compare')).toContain('diff');
});

test.each([
  ['host eu', ['host eu-1', 'host eu-2']],
  ['inspect us-1/', ['inspect us-1/db-main', 'inspect us-1/cache']],
  ['logs till', ['logs edge-shop-042/till']],
  ['diff us-1/cache pri', ['diff us-1/cache edge-shop-042/price-sync']],
  ['wide x', []],
  ['nonsense x', []],
])('%s becomes %j', (text, wanted) => {
  expect(lines(text)).toEqual(wanted);
});

test('tab goes through the suggestions and back, typing goes on from there', () => {
  const pilot = live().press(':').type('host eu').press('tab');
  expect(pilot.state.prompt?.text).toBe('host eu-1');
  pilot.press('tab');
  expect(pilot.state.prompt?.text).toBe('host eu-2');
  pilot.press('tab');
  expect(pilot.state.prompt?.text).toBe('host eu-1');
  pilot.press('shift-tab', 'enter');
  expect(pilot.state.scope).toBe(2);
});

test('the list lies over the prompt and shows what is chosen', () => {
  const pilot = live().press(':').type('d').press('tab');
  const text = frameText(viewOf(pilot.state), pilot.state.size);
  expect(text).toMatch(/> :diff A B +compare two containers/);
  expect(viewOf(pilot.press('esc').state).blocks.some(({ id }) => id === 'palette')).toBe(false);
});

test('up and down go through the history, what was typed comes back', () => {
  const pilot = live().send({ kind: 'history-read', lines: ['old one'], atMs: 0 });
  pilot.press(':').type('h').press('enter', ':').type('c').press('enter');
  pilot.press(':').type('wi').press('up');
  expect(pilot.state.prompt?.text).toBe('c');
  pilot.press('up', 'up', 'up');
  expect(pilot.state.prompt?.text).toBe('old one');
  pilot.press('down', 'down', 'down');
  expect(pilot.state.prompt?.text).toBe('wi');
});

test('what was run is kept, but no command with an argument that may be a secret', () => {
  const pilot = live().press(':').type('host eu-1').press('enter');
  expect(pilot.effects).toContainEqual({ kind: 'keep-command', line: 'host eu-1' });
  pilot.press(':').type('exec mysql -phunter2').press('enter');
  expect(pilot.effects.some(({ kind }) => kind === 'keep-command')).toBe(false);
  expect(pilot.wait(300).press('esc', ':', 'up').state.prompt?.text).toBe('exec mysql -phunter2');
});

test('the history is bounded, and the same command twice is one', () => {
  const pilot = live();
  for (let turn = 0; turn < 250; turn++) {
    pilot
      .press(':')
      .type(`host n${Math.floor(turn / 2)}`)
      .press('enter');
  }
  expect(pilot.state.history).toHaveLength(100);
  expect(new Set(pilot.state.history).size).toBe(100);
});

test.each([
  ['hosst', ':host'],
  ['isnpect x', ':inspect'],
  ['qiut', ':quit'],
])(':%s suggests %s', (typed, wanted) => {
  expect(said(live().press(':').type(typed).press('enter'))).toContain(`Did you mean ${wanted}?`);
});

describe('in a fleet of 50,000 containers', () => {
  /** A fleet that counts how often a container's name is read. */
  function counted() {
    const whole = bigSnapshot(50_000, 100);
    if (whole.kind !== 'snapshot') throw new Error('no snapshot');
    const reads = { count: 0 };
    const containers = whole.containers.map((one) => ({
      ...one,
      get name() {
        reads.count++;
        return one.name;
      },
    }));
    return { pilot: new Pilot().live({ ...whole, containers }), reads };
  }

  test('a key in the command line looks at every name once and no more', () => {
    const { pilot, reads } = counted();
    pilot.press(':').type('inspect zzz');
    const asTyped = pilot.press('z').state;
    reads.count = 0;
    viewOf(asTyped);
    expect(reads.count).toBeGreaterThanOrEqual(50_000);
    expect(reads.count).toBeLessThan(50_500);
  });

  test('what fifty names begin with is looked for no further', () => {
    const { pilot, reads } = counted();
    const { state } = pilot.press(':').type('inspect service');
    reads.count = 0;
    expect(suggestionsFor(state, 'inspect service')).toHaveLength(50);
    expect(reads.count).toBe(50);
  });
});
