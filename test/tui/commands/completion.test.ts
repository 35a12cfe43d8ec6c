/** The completion scripts: bash's is run by bash, as the key would run it; the others at least are whole. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../../src/tui/command-line.ts';
import { completionScript } from '../../../src/tui/commands/completion.ts';
import { FLEET_TUI, tuiHome } from '../../support/fleet-tui.ts';

const run = promisify(execFile);
const silent = () => undefined;
const program = buildProgram({ out: silent, err: silent }, silent);

/** What tab offers behind these words; the last one is being typed. */
async function offered(...words: string[]): Promise<string[]> {
  const quoted = ['fleet-tui', ...words].map((word) => `'${word}'`).join(' ');
  const script = `source <(node '${FLEET_TUI}' completion bash)
COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}
_fleet_tui
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = await run('bash', ['--norc', '-c', script]);
  expect(stderr).toBe('');
  return stdout.split('\n').filter((word) => word !== '');
}

describe('bash completion', () => {
  it.each<[words: string[], some: string[], none: string[]]>([
    [[''], ['ls', 'containers', 'logs', 'rm', 'proxy', 'login', '--server'], ['--follow', 'bash']],
    [['con'], ['containers', 'context'], ['ls']],
    [
      ['logs', '--'],
      ['--follow', '--tail', '--since', '--context'],
      ['--yes', 'ls'],
    ],
    [['--server', 'https://a', 're'], ['restart'], ['rm']],
    [['context', ''], ['ls', 'use', 'rm'], ['containers']],
    [['context', 'use', '--'], ['--help'], ['--yes']],
    [['completion', ''], ['bash', 'zsh', 'fish'], ['ls']],
    [['rm', 'web', '--f'], ['--force', '--fuzzy'], ['--follow']],
    [['ls', '--context', ''], [], ['--json']],
    [['proxy', 'a', '--', 'd'], [], ['--json']],
  ])('%j', async (words, some, none) => {
    const found = await offered(...words);
    expect(found).toEqual(expect.arrayContaining(some));
    for (const word of none) expect(found).not.toContain(word);
  });

  it('offers files where a file is wanted', async () => {
    expect(await offered('ls', '--secret-file', 'packag')).toContain('package.json');
  });
});

describe.each(['bash', 'zsh', 'fish'] as const)('the script for %s', (shell) => {
  it('names every command and option', () => {
    const script = completionScript(program, shell);
    for (const command of program.commands) {
      expect(script).toContain(command.name());
      for (const { long } of command.options.filter(({ hidden }) => !hidden))
        expect(script).toContain(shell === 'fish' ? `-l ${long?.slice(2)}` : long);
    }
    if (shell !== 'fish') expect(script).toContain("'context use')");
  });
});

it('another shell is refused', async () => {
  await using home = await tuiHome();
  expect((await home.run('completion', 'tcsh')).code).toBe(64);
  expect((await home.run('completion', 'zsh')).stdout).toMatch(/^#compdef fleet-tui\n/);
});
