/** The command line as data; what makes no sense is said once and ends with status 64. */
import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../src/tui/command-line.ts';

function read(...argv: string[]) {
  let out = '';
  let err = '';
  const output = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  return { invocation: readCommandLine(argv, output), out, err };
}

describe('the command line', () => {
  it.each([
    [[], {}],
    [['--server', 'https://a'], { server: 'https://a' }],
    [['--agent', 'a:9001', '--secret-file', 'f'], { agent: 'a:9001', secretFile: 'f' }],
    [['--docker', 'unix:///x', '--ascii'], { docker: 'unix:///x', ascii: true }],
    [['--context', 'a', '--no-color'], { context: 'a', color: false }],
    [['--server', 'a', '--trust', 'F'], { server: 'a', trust: 'F' }],
  ])('%j opens the console', (argv, request) => {
    expect(read(...argv).invocation).toEqual({
      kind: 'open',
      request: { ascii: false, linear: false, color: true, readOnly: false, ...request },
    });
  });

  it.each([
    [['login'], { kind: 'login', request: {} }],
    [
      [
        'login',
        'https://a',
        '--username',
        'u',
        '--password-file',
        'p',
        '--name',
        'n',
        '--trust',
        't',
      ],
      {
        kind: 'login',
        request: { url: 'https://a', username: 'u', passwordFile: 'p', name: 'n', trust: 't' },
      },
    ],
    [['logout'], { kind: 'logout', name: undefined }],
    [['logout', 'a'], { kind: 'logout', name: 'a' }],
    [['context', 'ls'], { kind: 'list-contexts' }],
    [['context', 'use', 'a'], { kind: 'use-context', name: 'a' }],
    [['context', 'rm', 'a'], { kind: 'remove-context', name: 'a' }],
    [['--version'], { kind: 'version' }],
    [['-V'], { kind: 'version' }],
  ])('%j is understood', (argv, invocation) => {
    expect(read(...argv).invocation).toEqual(invocation);
  });

  it.each([
    ['--server', 'a', '--docker', 'b'],
    ['--agent', 'a', '--context', 'b'],
    ['--secret-file', 'f'],
    ['--trust', 'f'],
    ['--server'],
    ['--nonsense'],
    ['nonsense'],
    ['login', 'a', 'b'],
    ['login', 'a', '--password', 'hunter2'],
    ['context'],
    ['context', 'use'],
    ['context', 'nonsense'],
  ])('%s %s %s %s makes no sense', (...argv) => {
    const { invocation, out, err } = read(...argv.filter((word) => word !== undefined));
    expect(invocation).toEqual({ kind: 'done', exitCode: 64 });
    expect(err).not.toBe('');
    expect(err).not.toContain('hunter2');
    expect(out).toBe('');
  });

  it.each([['--help'], ['-h'], ['login', '--help'], ['context', '--help'], ['help']])(
    '%s %s explains itself on stdout',
    (...argv) => {
      const { invocation, out, err } = read(...argv.filter((word) => word !== undefined));
      expect(invocation).toEqual({ kind: 'done', exitCode: 0 });
      expect(out).toContain('Usage: fleet-tui');
      expect(err).toBe('');
    },
  );

  it('has examples in its help', () => {
    expect(read('--help').out).toContain('fleet-tui login https://jump:9443');
  });
});
