import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TerminalInput } from '../../../src/tui/widgets/terminal-input.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function openInput(escTimeoutMs = 50) {
  const stream = Object.assign(new EventEmitter(), { resume: () => {}, pause: () => {} });
  const seen: string[] = [];
  const input = new TerminalInput({
    stream,
    escTimeoutMs,
    onLost: () => seen.push('lost'),
    onToken: (token) => {
      seen.push(token.kind === 'key' ? token.key.name : `${token.kind}:${token.text}`);
    },
  });
  input.start();
  const send = (bytes: string | Buffer) => stream.emit('data', Buffer.from(bytes));
  const end = () => stream.emit('end');
  return { input, seen, send, end };
}

test('an arrow key split by a slow line is still an arrow key', () => {
  const { seen, send } = openInput();
  send('\x1b');
  vi.advanceTimersByTime(49);
  send('[');
  vi.advanceTimersByTime(300);
  send('A');
  expect(seen).toEqual(['up']);
});

test('esc alone is delivered when its time is over', () => {
  const { seen, send } = openInput(100);
  send('\x1b');
  vi.advanceTimersByTime(99);
  expect(seen).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(seen).toEqual(['esc']);
});

test('typing behind the beginning of an answer is not swallowed for longer than half a second', () => {
  const { seen, send } = openInput();
  send('\x1b]11;');
  for (let i = 0; i < 6; i++) {
    vi.advanceTimersByTime(100);
    send('j');
  }
  expect(seen.at(-1)).toBe('j');
});

test('a character split between two reads is one key', () => {
  const { seen, send } = openInput();
  const rocket = Buffer.from('🚀');
  send(rocket.subarray(0, 1));
  send(rocket.subarray(1, 3));
  send(rocket.subarray(3));
  expect(seen).toEqual(['🚀']);
});

test('nothing is delivered after stop, and an old beginning is forgotten', () => {
  const { input, seen, send } = openInput();
  send('\x1b');
  input.stop();
  vi.advanceTimersByTime(1000);
  send('q');
  input.start();
  send('[A');
  expect(seen).toEqual(['[', 'A']);
});

test('the end of the terminal is told also while it is lent', () => {
  const { input, seen, end } = openInput();
  input.stop();
  end();
  expect(seen).toEqual(['lost']);
  input[Symbol.dispose]();
  end();
  expect(seen).toEqual(['lost']);
});

test('diverted by a key, the bytes behind it go to the new reader as they came, an unfinished character too', () => {
  const stream = Object.assign(new EventEmitter(), { resume: () => {}, pause: () => {} });
  const keys: string[] = [];
  const bytes: Buffer[] = [];
  const input = new TerminalInput({
    stream,
    escTimeoutMs: 50,
    onLost: () => undefined,
    onToken: (token) => {
      keys.push(token.kind === 'key' ? token.key.name : token.kind);
      if (keys.at(-1) === 's') input.divert((more) => bytes.push(more));
    },
  });
  input.start();
  const typed = Buffer.from('js\x1b[A日本🚀');
  stream.emit('data', typed.subarray(0, -2));
  stream.emit('data', typed.subarray(-2));
  expect(keys).toEqual(['j', 's']);
  expect(Buffer.concat(bytes).toString()).toBe('\x1b[A日本🚀');
  input.stop();
  input.start(Buffer.from('k'));
  stream.emit('data', Buffer.from('j'));
  expect(keys).toEqual(['j', 's', 'k', 'j']);
});
