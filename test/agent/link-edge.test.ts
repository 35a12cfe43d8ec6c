/** An edge agent in this process against a server's end made of the link code itself, over real TLS and WebSockets. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEdgeAgent } from '../../src/agent/edge-agent.ts';
import { type Log, openLog } from '../../src/agent/log.ts';
import { readSettings } from '../../src/agent/settings.ts';
import { EDGE_ID, ENVIRONMENT_ID, startLinkServer } from '../support/link-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Lines {
  readonly log: Log;
  readonly lines: string[];
}

function recordedLog(): Lines {
  const lines: string[] = [];
  const sink = { write: (line: string) => void lines.push(line) };
  return { log: openLog({ level: 'DEBUG', mode: 'NOCOLOR', sink }), lines };
}

async function startEdge(env: Record<string, string>, log = recordedLog().log) {
  const all = {
    EDGE: '1',
    EDGE_ID,
    EDGE_INSECURE_POLL: '1',
    DOCKER_HOST: 'unix:///nowhere',
    ...env,
  };
  const settings = readSettings(all, (name) => name);
  if (!settings.edge) throw new Error('not in edge mode');
  return await openEdgeAgent({ settings, edge: settings.edge, env: all, log });
}

test('joins with a proof, is bound, and comes back without one after a cut and a restart', async () => {
  await using folder = await temporaryFolder();
  await using server = await startLinkServer();
  const env = { DATA_PATH: folder.path, EDGE_KEY: server.edgeKey };
  let fingerprint = '';
  {
    await using _agent = await startEdge(env);
    const first = await server.next();
    fingerprint = first.fingerprint;
    expect(first.hello.environmentId).toBe(ENVIRONMENT_ID);
    expect(first.hello.proof).toBeDefined();
    expect((await first.call('/ping')).status).toBe(204);
    server.cut();
    const second = await server.next();
    expect(second.hello.proof).toBeUndefined();
  }
  // The key is kept, and once bound neither of the two values is needed any more.
  await using _again = await startEdge({ DATA_PATH: folder.path, EDGE_ID: '' });
  const third = await server.next();
  expect(third.fingerprint).toBe(fingerprint);
  const report = JSON.parse((await third.call('/fleet/report')).body);
  expect(report).toMatchObject({ fingerprint, product: expect.stringMatching(/^fleet-agent/) });
  expect(report.ends.length).toBeGreaterThan(0);
  expect(await readFile(join(folder.path, 'agent_edge_key'), 'utf8')).toBe(server.edgeKey);
});
