/** Every wrong setting and every wrong server, named in one sentence by the agent's log and by its doctor. */
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatEdgeKey, parseEdgeKey } from '../../src/link/edge-key.ts';
import { Closing } from '../support/closing.ts';
import {
  type Invitation,
  invite,
  startEdge,
  startReachableServer,
} from '../support/edge-environment.ts';
import { certificateFor, listenBlackHole, listenHttps } from '../support/listeners.ts';
import { runCommand } from '../support/run-command.ts';
import type { TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const closing = new Closing();
let server: TestServer;
let mine: Invitation;
let other: Invitation;
let folder: string;
beforeAll(async () => {
  folder = closing.use(await temporaryFolder()).path;
  server = closing.use(await startReachableServer(join(folder, 'server')));
  mine = await invite(server, 'mine', server.url);
  other = await invite(server, 'other', server.url);
});
afterAll(() => closing.close());

interface Wrong {
  readonly EdgeKey: string;
  readonly EdgeID: string;
}

const settings = ({ EdgeKey, EdgeID }: Wrong, dataFolder: string) => ({
  EDGE: '1',
  EDGE_KEY: EdgeKey,
  EDGE_ID: EdgeID,
  EDGE_INSECURE_POLL: '1',
  DATA_PATH: dataFolder,
  DOCKER_HOST: 'unix:///nowhere.sock',
});

/** The sentences of the steps that failed, but the engine's: there is none here. */
async function doctorSays(wrong: Wrong, dataFolder: string): Promise<string[]> {
  const args = ['dist/fleet-agent.js', 'doctor', '--json'];
  const run = await runCommand(process.execPath, args, { env: settings(wrong, dataFolder) });
  expect(run.code, run.stderr).toBe(1);
  const { isHealthy, steps } = JSON.parse(run.stdout) as {
    isHealthy: boolean;
    steps: { step: string; state: string; sentence: string }[];
  };
  expect(isHealthy).toBe(false);
  return steps
    .filter(({ step, state }) => state === 'failed' && step !== 'docker')
    .map(({ sentence }) => sentence);
}

/** The key with one of its fields changed. */
function keyWith(change: Partial<ReturnType<typeof parseEdgeKey>>): string {
  return formatEdgeKey({ ...parseEdgeKey(mine.EdgeKey), ...change });
}

const withKey = (EdgeKey: string): Wrong => ({ EdgeKey, EdgeID: mine.EdgeID });

describe.each([
  { what: 'is not base64', key: () => '%%%', sentence: 'EDGE_KEY is not base64' },
  {
    what: 'has three fields',
    key: () => Buffer.from('https://a|b:1|c').toString('base64'),
    sentence: 'EDGE_KEY has 3 of its 4 fields',
  },
])('an EDGE_KEY that $what', ({ key, sentence }) => {
  test('ends the agent at once, and the doctor says the same', async () => {
    const own = join(folder, crypto.randomUUID());
    const wrong = withKey(key());
    const args = ['dist/fleet-agent.js'];
    const run = await runCommand(process.execPath, args, { env: settings(wrong, own) });
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining(sentence) });
    expect(await doctorSays(wrong, own)).toEqual([expect.stringContaining(sentence)]);
  });
});

describe.concurrent('an agent that links not', () => {
  test.each<{ what: string; wrong: () => Wrong; sentence: string }>([
    {
      what: 'an EDGE_KEY of an environment that is not there',
      wrong: () => withKey(keyWith({ environmentId: 4711 })),
      sentence: 'This server has no edge environment 4711',
    },
    {
      what: 'an EDGE_KEY of another server',
      wrong: () => withKey(keyWith({ fingerprint: `${'A'.repeat(43)}=` })),
      sentence: 'the EDGE_KEY',
    },
    {
      what: 'an EDGE_ID of another environment',
      wrong: () => ({ EdgeKey: mine.EdgeKey, EdgeID: other.EdgeID }),
      sentence: 'EDGE_ID is not the one that this server gave for environment',
    },
  ])('tells of $what', async ({ wrong, sentence }) => {
    await tellsTwice(wrong(), sentence);
  });

  test('tells of an EDGE_ID that another machine has used up', async () => {
    const taken = await invite(server, 'taken', server.url);
    await using first = await startEdge(taken, { socketPath: '/nowhere.sock' });
    await first.says('"Linked."');
    await tellsTwice(taken, 'held by another');
  });

  test.each<{ what: string; answer: RequestListener; sentence: string }>([
    { what: '404', answer: (_, to) => to.writeHead(404).end(), sentence: '(404)' },
    { what: '502', answer: (_, to) => to.writeHead(502).end('bad'), sentence: 'answers 502' },
    {
      what: '503 and when to come again',
      answer: (_, to) => to.writeHead(503, { 'Retry-After': '7' }).end(),
      sentence: 'answers 503',
    },
    {
      what: 'a web page',
      answer: (_, to) => to.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>hi</html>'),
      sentence: 'answers with a web page',
    },
  ])('tells of a server that answers $what', async ({ answer, sentence }) => {
    await using listener = await listenHttps(await certificateFor(), answer);
    await tellsTwice(withKey(keyWith({ url: `https://127.0.0.1:${listener.port}` })), sentence);
  });

  test('tells of a server that says nothing', async () => {
    await using hole = await listenBlackHole();
    const url = `https://127.0.0.1:${hole.port}`;
    await tellsTwice(withKey(keyWith({ url })), 'no answer');
  }, 60_000);
});

/** Once in the agent's log, however often it dials, and once as the doctor's only complaint. */
async function tellsTwice(wrong: Wrong, sentence: string): Promise<void> {
  const dataFolder = join(folder, crypto.randomUUID());
  {
    await using agent = await startEdge(wrong, { socketPath: '/nowhere.sock', dataFolder });
    // A dial that nobody answers takes 15 s.
    await agent.says(sentence, 30_000);
    const told = agent
      .log()
      .split('\n')
      .filter((line) => line.includes(sentence));
    expect(told).toHaveLength(1);
    expect(JSON.parse(told[0] ?? '')).toMatchObject({ level: 'warn' });
    expect(agent.log()).not.toContain(wrong.EdgeID);
  }
  expect(await doctorSays(wrong, dataFolder)).toEqual([expect.stringContaining(sentence)]);
}
