/** What must be typed before `fleet-tui restart` and its like go on: a yes, or for much and for production a name. */
import { expect, test } from 'vitest';
import type { Container } from '../../../src/protocol/container.ts';
import { readCommandLine } from '../../../src/tui/command-line.ts';
import { runChange } from '../../../src/tui/commands/change.ts';
import { NO_LOCKS } from '../../../src/tui/commands/locks.ts';
import type { ChangeRequest } from '../../../src/tui/commands/request.ts';
import { FakeFleet } from '../../support/fake-fleet.ts';
import { container, environment } from '../../support/sample-fleet.ts';

const silent = () => undefined;

/** The command over eu-1 (25 containers), us-1 (2) and shop, tagged Production (1), with one answer at its question. */
async function change(line: string, answer: string) {
  const invocation = readCommandLine(line.split(' '), { out: silent, err: silent });
  if (invocation.kind !== 'command') throw new Error(`not a command: ${line}`);
  const fleet = new FakeFleet();
  const questions: string[] = [];
  const tools = {
    fleet,
    locks: NO_LOCKS,
    write: async () => undefined,
    say: silent,
    isTerminal: true,
    ask: async (question: string) => {
      questions.push(question);
      return answer;
    },
  };
  const running = runChange(tools, invocation.request as ChangeRequest);
  const some = (id: number, count: number): readonly Container[] =>
    Array.from({ length: count }, (_, at) => container(id, `web-${at}`));
  fleet.feed({
    kind: 'snapshot',
    sequence: 1,
    atMs: Date.now(),
    environments: [
      environment(1, 'eu-1'),
      environment(2, 'us-1'),
      environment(3, 'shop', { tags: ['Production'] }),
    ],
    containers: [...some(1, 25), ...some(2, 2), ...some(3, 1)],
  });
  const code = await running.catch((fault: { code: string }) => fault.code);
  return { code, question: questions.join('\n') };
}

test.each([
  ['restart host:us-1', 'Restart 2 containers? [y/N] ', 'y'],
  ['restart host:eu-1', 'Restart 25 containers? Type eu-1 to go on: ', 'eu-1'],
  ['restart web', 'Restart 28 containers? Type all to go on: ', 'all'],
  ['stop host:shop', 'Stop 1 container? Type shop to go on: ', 'shop'],
])('%s asks: %s', async (line, question, right) => {
  expect(await change(line, right)).toEqual({ code: 0, question });
  const wrong = right === 'y' ? '' : 'y';
  expect(await change(line, wrong)).toEqual({ code: 'cancelled', question });
  expect(await change(`${line} --yes`, '')).toEqual({ code: 0, question: '' });
});
