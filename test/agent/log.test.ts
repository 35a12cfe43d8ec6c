import { expect, test } from 'vitest';
import { type LogMode, openLog } from '../../src/agent/log.ts';

function logged(mode: LogMode, isTTY: boolean): string {
  let written = '';
  const sink = {
    isTTY,
    write(line: string) {
      written += line;
    },
  };
  const log = openLog({ level: 'INFO', mode, sink, now: () => new Date(0) });
  log.warn('Refused\n2030 INFO forged', { from: '::1', odd: '\x1b[2J', none: undefined });
  log.debug('Not said.');
  return written;
}

test('one line per event; what a peer sent breaks none and reaches no terminal', () => {
  const line = '1970-01-01T00:00:00.000Z WARN  Refused 2030 INFO forged from=::1 odd= [2J\n';
  expect(logged('NOCOLOR', true)).toBe(line);
  expect(logged('PRETTY', false)).toBe(line);
});

test('PRETTY colors the level on a terminal', () => {
  expect(logged('PRETTY', true)).toContain(' \x1b[33mWARN \x1b[0m Refused');
});

test('JSON holds the same as fields', () => {
  const [line = '', rest] = logged('JSON', true).split('\n');
  expect(rest).toBe('');
  expect(JSON.parse(line)).toEqual({
    time: '1970-01-01T00:00:00.000Z',
    level: 'warn',
    message: 'Refused\n2030 INFO forged',
    from: '::1',
    odd: '\x1b[2J',
  });
});
