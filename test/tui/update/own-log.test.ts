/** The console's own log: what goes in, that it is bounded, and that no secret comes near it. */
import { expect, test } from 'vitest';
import {
  MOST_OWN_LINES,
  MOST_OWN_SIZE,
  masked,
  NO_OWN_LOG,
  withOwnLines,
} from '../../../src/tui/model/own-log.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { LoggedPilot } from '../../support/logged-pilot.ts';
import { NOW, type Pilot } from '../../support/sample-fleet.ts';
import { logged } from '../../support/sample-log.ts';

const text = ({ state }: Pilot) => frameText(viewOf(state), state.size);
const lines = ({ state }: Pilot) =>
  state.ownLog.all.map(({ severity, text: words }) => `${severity} ${words}`);

test('connections, snapshots, environments, operations and what was said each have their line', () => {
  const told = lines(logged(new LoggedPilot(120, 40)));
  expect(told).toContain('info connecting, attempt 1');
  expect(told).toContain('info snapshot 1 of the fleet: 5 environments, 14 containers');
  expect(told).toContain('info eu-2/web-1: restarted from here in 3.0s');
  expect(told.find((one) => one.startsWith('warn us-1: does not answer'))).toBeDefined();
  expect(told.filter((one) => one.includes('connection lost'))).toHaveLength(1);
  expect(told.at(-1)).toBe('info connected');
});

test('every line goes to the file once, as it stands in the list', () => {
  const pilot = new LoggedPilot().live();
  const [effect] = pilot
    .send({ kind: 'log-said', severity: 'warn', text: 'two\nlines', atMs: NOW })
    .effects.filter(({ kind }) => kind === 'write-own-log');
  expect(effect).toMatchObject({ lines: [{ severity: 'warn', text: 'two lines' }] });
  expect(pilot.press('j').effects.some(({ kind }) => kind === 'write-own-log')).toBe(false);
});

test('what was typed, pasted, copied or answered never goes in', () => {
  const secret = 'hunter2-correct-horse';
  const pilot = new LoggedPilot(120, 40).live();
  pilot.press(':').type(`exec env PASSWORD=${secret}`).press('enter', 'y', 'enter');
  pilot.press('esc', '/').type(secret).press('enter', 'esc');
  pilot.send({ kind: 'paste', text: secret, atMs: NOW }).press(':').type(`exce ${secret}`);
  pilot.press('enter').send({ kind: 'copy-text', text: secret });
  pilot.press('1', 'n').type(secret).press('esc');
  pilot.send({
    kind: 'inspected',
    requestId: 1,
    answer: { why: `failed: password=${secret}` },
    atMs: NOW,
  });
  expect(lines(pilot).join('\n')).not.toContain(secret);
  expect(lines(pilot).join('\n')).toContain('inspected: failed: password=***');
});

test.each([
  ['Authorization: Bearer abcdef0123456789', 'Authorization: Bearer ***'],
  ['the key ptr_AbCdEf0123456789= was refused', 'the key ptr_*** was refused'],
  ['{"password":"pa55word"}', '{"password":"***"}'],
  ['http://proxy:s3cret@10.0.0.1:3128 refused', 'http://proxy:***@10.0.0.1:3128 refused'],
])('a credential in somebody else’s sentence is masked: %s', (sentence, shown) => {
  expect(masked(sentence)).toBe(shown);
});

test('the ring is bounded by lines and by size', () => {
  const line = (words: string) => ({ atMs: NOW, severity: 'info', text: words }) as const;
  const many = withOwnLines(
    NO_OWN_LOG,
    Array.from({ length: MOST_OWN_LINES + 10 }, (_, index) => line(`line ${index}`)),
  );
  expect(many.all).toHaveLength(MOST_OWN_LINES);
  expect(many).toMatchObject({ count: MOST_OWN_LINES + 10 });
  const large = Array.from({ length: 1_000 }, () => line('x'.repeat(100_000)));
  const bounded = withOwnLines(NO_OWN_LOG, large);
  expect(bounded.size).toBeLessThanOrEqual(MOST_OWN_SIZE);
  expect(bounded.all.reduce((sum, one) => sum + one.text.length, 0)).toBe(bounded.size);
});

test('it is followed, filtered and gone through by its warnings', () => {
  const pilot = logged(new LoggedPilot(120, 40)).press('~');
  expect(text(pilot)).toMatch(/follow *$/m);
  pilot.press('E');
  expect(text(pilot)).toContain('connection lost');
  expect(text(pilot)).toMatch(/paused *$/m);
  pilot.press('/').type('web-1 restarted').press('enter');
  expect(text(pilot)).toMatch(/1 of \d+/);
  expect(text(pilot.press('esc', '!'))).not.toContain('snapshot 1');
  expect(text(pilot.press(':').type('log').press('enter'))).toContain('warnings and errors');
});
