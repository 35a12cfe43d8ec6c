/** Severity where part of the fleet is silent: what nobody can know is neither well nor ill. */
import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../../src/tui/command-line.ts';
import { runContainers } from '../../../src/tui/commands/containers.ts';
import { NO_LOCKS } from '../../../src/tui/commands/locks.ts';
import { runLs } from '../../../src/tui/commands/ls.ts';
import { runProblems } from '../../../src/tui/commands/problems.ts';
import type { LookRequest } from '../../../src/tui/commands/request.ts';
import type { CommandTools } from '../../../src/tui/commands/tools.ts';
import { FakeFleet } from '../../support/fake-fleet.ts';
import { container, environment, NOW } from '../../support/sample-fleet.ts';

const RUN = { ls: runLs, containers: runContainers, problems: runProblems };
const silent = () => undefined;

type Up = 'up' | 'down';
const MAINTENANCE = { sinceMs: NOW, untilMs: NOW + 3_600_000, by: 'anna', why: 'new disk' };

/** The command's exit status and output over two hosts, eu-1 with a container web and us-1 with a container db. */
async function look(
  line: string,
  hosts: readonly [eu: Up, us: Up],
  dbExit = 0,
  workedOn: readonly string[] = [],
) {
  const invocation = readCommandLine(line.split(' '), { out: silent, err: silent });
  if (invocation.kind !== 'command') throw new Error(`not a command: ${line}`);
  const request = invocation.request as LookRequest;
  const fleet = new FakeFleet();
  let printed = '';
  const write = async (text: string) => {
    printed += text;
  };
  const streams = { write, say: silent, ask: undefined, isTerminal: false };
  const tools: CommandTools = { fleet, locks: NO_LOCKS, ...streams };
  if (request.name === 'stats' || request.name === 'wall') throw new Error('another test');
  const running = RUN[request.name](tools, request);
  fleet.feed({
    kind: 'snapshot',
    sequence: 1,
    atMs: Date.now(),
    environments: hosts.map((connection, index) => {
      const name = ['eu-1', 'us-1'][index] ?? '';
      return environment(index + 1, name, {
        connection,
        reason: connection === 'down' ? 'It is gone.' : null,
        ...(workedOn.includes(name) && { maintenance: MAINTENANCE }),
      });
    }),
    containers: [
      container(1, 'web'),
      container(2, 'db', { state: 'exited', exitCode: dbExit, finishedAtMs: NOW }),
    ],
  });
  return { code: await running, printed };
}

describe('the exit status', () => {
  it.each<[line: string, hosts: [Up, Up], dbExit: number, code: number]>([
    ['ls', ['up', 'up'], 0, 0],
    ['ls', ['up', 'up'], 1, 2],
    ['ls', ['up', 'down'], 0, 2],
    ['ls eu', ['up', 'down'], 0, 0],
    ['ls', ['down', 'down'], 0, 3],
    ['ls nowhere', ['up', 'up'], 0, 3],
    ['containers', ['up', 'up'], 0, 0],
    ['containers', ['up', 'down'], 0, 1],
    ['containers', ['up', 'down'], 1, 1],
    ['containers', ['up', 'up'], 1, 2],
    ['containers host:eu', ['up', 'down'], 1, 0],
    ['containers !host:us', ['up', 'down'], 1, 0],
    ['containers host:us', ['up', 'down'], 0, 3],
    ['containers web', ['up', 'down'], 0, 1],
    ['containers nobody', ['up', 'up'], 0, 3],
    ['problems', ['up', 'up'], 0, 0],
    ['problems', ['up', 'up'], 137, 2],
    ['problems', ['up', 'down'], 0, 2],
    ['problems name:web', ['up', 'down'], 0, 1],
    ['problems host:eu', ['up', 'down'], 1, 0],
    ['problems', ['down', 'down'], 1, 3],
  ])('of `%s` with hosts %j and db exited %i is %i', async (line, hosts, dbExit, code) => {
    expect((await look(line, hosts, dbExit)).code).toBe(code);
  });
});

it('a silent host is a problem with its reason, and its containers are stale', async () => {
  const problems = await look('problems --json', ['up', 'down'], 1);
  expect(JSON.parse(problems.printed)).toMatchObject([
    { what: 'environment', name: 'us-1', connection: 'down', reason: 'It is gone.' },
  ]);
  const containers = await look('containers --plain db', ['up', 'down'], 1);
  expect(containers.printed).toMatch(/^us-1\tdb\t.*\texited\tExited \(1\) .* ago, stale\t/);
});

describe('what is worked on', () => {
  it.each<[line: string, hosts: [Up, Up], workedOn: string[], code: number]>([
    ['ls', ['up', 'up'], ['us-1'], 0],
    ['ls', ['up', 'down'], ['us-1'], 0],
    ['ls', ['up', 'up'], ['eu-1'], 2],
    ['ls', ['down', 'down'], ['eu-1'], 3],
    ['ls', ['down', 'down'], ['eu-1', 'us-1'], 0],
    ['containers', ['up', 'up'], ['us-1'], 0],
    ['problems', ['up', 'down'], ['us-1'], 0],
    ['problems', ['up', 'up'], ['us-1'], 0],
    ['problems', ['down', 'up'], ['us-1'], 3],
  ])('%s, hosts %j, in maintenance %j: status %i', async (line, hosts, workedOn, code) => {
    expect((await look(line, hosts, 1, workedOn)).code).toBe(code);
  });

  it('is listed all the same, with who and why', async () => {
    const { printed } = await look('problems --json', ['up', 'down'], 1, ['us-1']);
    expect(JSON.parse(printed)).toMatchObject([
      { name: 'us-1', maintenance: { by: 'anna', why: 'new disk' } },
    ]);
  });
});
