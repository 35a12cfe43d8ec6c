/** What of a log is shown, and how: matches only, error lines, trees, and the colours it brought itself. */
import { expect, test } from 'vitest';
import type { LogsScreen } from '../../../src/tui/model/log-view.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { NOW, Pilot } from '../../support/sample-fleet.ts';

function logOf(...texts: readonly string[]): Pilot {
  const lines = texts.map((text, at) => ({ atMs: NOW + at, stream: 'stdout', text }) as const);
  const pilot = new Pilot().live().press('l');
  return pilot.send({ kind: 'log-lines', viewId: 1, lines, atMs: NOW });
}

const screenOf = ({ state }: Pilot) => state.screens.at(-1) as LogsScreen;
const body = ({ state }: Pilot) =>
  frameText(viewOf(state), state.size).split('\n').slice(2, 22).join('\n').trimEnd();
const spans = ({ state }: Pilot) =>
  viewOf(state)
    .blocks.find(({ id }) => id === 'body')
    ?.lines.map((line) => line.spans);

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `line ${at}.`);

test('x shows the matches only, then with three lines around them, then all', () => {
  const pilot = logOf(...numbered(100))
    .press('/')
    .type('/line [24]0\\./')
    .press('enter', 'x');
  expect(body(pilot)).toBe('line 20.\nline 40.');
  expect(body(pilot.press('x'))).toBe(
    [17, 18, 19, 20, 21, 22, 23, 37, 38, 39, 40, 41, 42, 43].map((at) => `line ${at}.`).join('\n'),
  );
  expect(body(pilot.press('x'))).toContain('line 39.\nline 40.\nline 41.');
});

test('scrolling, jumping and following work among the matches', () => {
  const pilot = logOf(...numbered(300))
    .press('/')
    .type('0.')
    .press('enter', 'x');
  expect(body(pilot).split('\n').at(-1)).toBe('line 290.');
  expect(body(pilot.press('g')).split('\n')[0]).toBe('line 0.');
  expect(body(pilot.press('j')).split('\n')[0]).toBe('line 10.');
  expect(body(pilot.press('G')).split('\n').at(-1)).toBe('line 290.');
  const lines = [{ atMs: NOW, stream: 'stdout', text: 'line 300.' } as const];
  expect(body(pilot.send({ kind: 'log-lines', viewId: 1, lines, atMs: NOW }))).toContain('300.');
  expect(body(pilot.press('esc'))).toContain('line 299.');
});

test('x without a search says how to start one', () => {
  const { state } = logOf('a').press('x');
  expect(frameText(viewOf(state), state.size)).toContain('nothing is searched for');
});

test('e and E go from one line of error level to the next', () => {
  const texts = numbered(100);
  texts[10] = '12:00 ERROR one';
  texts[50] = '{"level":50,"msg":"two"}';
  texts[90] = 'level=fatal msg=three';
  const pilot = logOf(...texts).press('E');
  expect(screenOf(pilot).focus).toBe(90);
  expect(screenOf(pilot.press('E')).focus).toBe(50);
  expect(body(pilot)).toContain('"two"');
  expect(screenOf(pilot.press('E', 'e')).focus).toBe(50);
  expect(screenOf(pilot.press('e', 'e')).focus).toBe(90);
  expect(frameText(viewOf(pilot.state), pilot.state.size)).toContain(
    'No line of error level below',
  );
});

test('what only speaks of errors is no line of error level', () => {
  const pilot = logOf('0 errors', 'GET /error 200', 'terror', 'level=info no error').press('E');
  expect(screenOf(pilot).focus).toBeUndefined();
});

test('p shows JSON as a tree, and scrolls by its rows', () => {
  const pilot = logOf('plain', 'app: {"a":1,"b":{"c":"x\\u009b2Jy"}}', '{broken').press('p');
  expect(body(pilot)).toBe('plain\napp: {\n  "a": 1,\n  "b": {\n    "c": "xy"\n  }\n}\n{broken');
  const many = logOf(...Array.from({ length: 40 }, (_, at) => `{"n":${at}}`)).press('p', 'k');
  expect(body(many).split('\n').at(-1)).toBe('  "n": 39');
});

test('the colours of a log stay, everything else it sends is gone', () => {
  const pilot = logOf('\x1b[31mred\x1b[0m \x1b]0;title\x07\x1b[2J\x1b[1;38;5;46mgreen\x1b[m end');
  expect(spans(pilot)?.[0]).toEqual([
    { text: 'red', style: 'red' },
    { text: ' ' },
    { text: 'green', style: 'green' },
    { text: ' end' },
  ]);
});

test('a match lies over the colour', () => {
  const pilot = logOf('\x1b[33mwarning\x1b[0m').press('/').type('arn');
  expect(spans(pilot)?.[0]).toEqual([
    { text: 'w', style: 'yellow' },
    { text: 'arn', style: 'match' },
    { text: 'ing', style: 'yellow' },
  ]);
});

test('colours move with the text', () => {
  const pilot = logOf(`${'x'.repeat(100)}\x1b[36mcyan\x1b[0m${'y'.repeat(100)}`);
  pilot.press('right', 'right');
  expect(spans(pilot)?.[0]?.find(({ style }) => style === 'cyan')?.text).toBe('cyan');
  pilot.press('left', 'left', 'w');
  expect(spans(pilot)?.[1]?.find(({ style }) => style === 'cyan')?.text).toBe('cyan');
});
