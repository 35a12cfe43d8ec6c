import { describe, expect, test } from 'vitest';
import {
  escTimeoutOf,
  type TerminalKind,
  terminalKind,
} from '../../../src/tui/widgets/terminal-kind.ts';

function kindOf(env: NodeJS.ProcessEnv): TerminalKind {
  const kind = terminalKind(env);
  if (typeof kind === 'string') throw new Error(kind);
  return kind;
}

test.each([
  [{}, 'TERM is not set'],
  [{ TERM: 'dumb' }, 'TERM=dumb'],
  [{ TERM: 'unknown' }, 'TERM=unknown'],
])('%j is refused in a sentence that says what to do', (env, reason) => {
  const refusal = terminalKind(env);
  expect(refusal).toContain(reason);
  expect(refusal).toContain('set TERM to what it is');
});

describe('what it may be asked', () => {
  test.each([
    ['xterm-256color', true],
    ['tmux-256color', true],
    ['linux', false],
    ['vt220', false],
  ])('%s: %s', (TERM, mayAsk) => {
    expect(kindOf({ TERM }).mayAsk).toBe(mayAsk);
  });

  test('Apple Terminal prints the question', () => {
    expect(kindOf({ TERM: 'xterm-256color', TERM_PROGRAM: 'Apple_Terminal' }).mayAsk).toBe(false);
  });
});

test('terminals known to synchronize need not answer first', () => {
  expect(kindOf({ TERM: 'xterm-kitty' }).isSynchronized).toBe(true);
  expect(kindOf({ TERM: 'xterm-256color', TERM_PROGRAM: 'WezTerm' }).isSynchronized).toBe(true);
  expect(kindOf({ TERM: 'xterm-256color' }).isSynchronized).toBe(false);
});

test.each([
  [{}, false],
  [{ LANG: 'C' }, true],
  [{ LANG: 'POSIX' }, true],
  [{ LANG: 'C.UTF-8' }, false],
  [{ LANG: 'C', LC_ALL: 'en_US.UTF-8' }, false],
  [{ LANG: 'de_DE.UTF-8' }, false],
  [{ LANG: 'de_DE.utf8' }, false],
  [{ LANG: 'de_DE.ISO-8859-1' }, true],
  [{ LANG: 'de_DE.ISO-8859-15@euro' }, true],
  [{ LANG: 'de_DE.ISO-8859-1', LC_ALL: 'C.UTF-8' }, false],
])('locale %j: only ASCII is %s', (locale, isAscii) => {
  expect(kindOf({ TERM: 'xterm', ...locale }).isAscii).toBe(isAscii);
});

test.each([
  [{}, 50],
  [{ ESCDELAY: '100' }, 100],
  [{ ESCDELAY: '0' }, 0],
  [{ ESCDELAY: 'soon' }, 50],
  [{ ESCDELAY: '-5' }, 50],
  [{ ESCDELAY: '99999' }, 2000],
])('%j: a lone ESC waits %d ms', (env, expected) => {
  expect(escTimeoutOf(env)).toBe(expected);
});
