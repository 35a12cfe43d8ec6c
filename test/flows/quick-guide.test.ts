/** The quick guide of the README, word for word, run by bash with curl and jq against the built programs and a real engine. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAgent, type TestAgent } from '../support/agent.ts';
import { Closing } from '../support/closing.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { runCommand } from '../support/run-command.ts';
import { startServer, type TestServer } from '../support/server.ts';

const closing = new Closing();
let engine: TestEngine;
let agent: TestAgent;
let server: TestServer;
beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'guide' }));
  await engine.docker(
    'run',
    '-d',
    '--stop-timeout',
    '1',
    '--name',
    'web',
    'busybox',
    'sleep',
    '999',
  );
  agent = closing.use(await startAgent({ socketPath: engine.socketPath }));
  server = closing.use(await startServer());
}, 120_000);
afterAll(() => closing.close());

const GUIDE = `
set -euo pipefail
TOKEN=$(curl -sk -X POST https://localhost:9443/api/auth -H "Content-Type: application/json" -d '{"username":"admin","password":"your-password"}' | jq -r .jwt)
ENDPOINT_ID=$(curl -sk -X POST https://localhost:9443/api/endpoints -H "Authorization: Bearer \${TOKEN}" -H "Content-Type: application/json" -d '{"Name":"Production Server 1","EndpointCreationType":2,"URL":"tcp://192.168.1.100:9001","TLS":false,"GroupID":1}' | jq .Id)
curl -sk "https://localhost:9443/api/endpoints/\${ENDPOINT_ID}/docker/containers/json?all=true" -H "Authorization: Bearer \${TOKEN}" | jq '.[].Names'
curl -sk -w '%{http_code}\\n' -X POST "https://localhost:9443/api/endpoints/\${ENDPOINT_ID}/docker/containers/\${CONTAINER_ID}/restart" -H "Authorization: Bearer \${TOKEN}"
curl -sk https://localhost:9443/api/endpoints -H "Authorization: Bearer \${TOKEN}" | jq -c '.[] | {id: .Id, name: .Name, status: .Status}'
`;

test('the guide adds a host through its agent, lists, restarts and shows the fleet', async () => {
  const startedAt = () => engine.docker('inspect', '--format', '{{.State.StartedAt}}', 'web');
  const before = await startedAt();
  const script = GUIDE.replaceAll('localhost:9443', `localhost:${server.port}`)
    .replace('your-password', server.adminPassword)
    .replace('192.168.1.100:9001', `${agent.host}:${agent.port}`);
  const env = { CONTAINER_ID: 'web' };
  const { code, stdout, stderr } = await runCommand('bash', ['-c', script], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.trim().split(/\n(?=[[\d{])/)).toEqual([
    '[\n  "/web"\n]',
    '204',
    '{"id":1,"name":"Production Server 1","status":1}',
  ]);
  expect(await startedAt()).not.toBe(before);
});

test('the host that was added keeps its agent for itself, and its counts', async () => {
  const { body } = await server.api('GET', '/api/endpoints/1');
  expect(body).toMatchObject({
    Type: 2,
    URL: `tcp://${agent.host}:${agent.port}`,
    Agent: { Version: expect.stringMatching(/^\d+\.\d+/) },
  });
  expect(body.Snapshots[0].ContainerCount).toBe(1);
  await using stranger = await startServer();
  const refused = await stranger.api('POST', '/api/endpoints', {
    Name: 'not mine',
    EndpointCreationType: 2,
    URL: `tcp://${agent.host}:${agent.port}`,
  });
  expect(refused).toMatchObject({
    status: 422,
    body: {
      message: 'Unable to initiate communications with environment',
      details: 'Agent already paired with another Portainer instance',
    },
  });
});
