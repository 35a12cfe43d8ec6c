/** fleet-agent doctor against a server's end of links: each thing that can be wrong is the one step that fails. */
import { afterEach, expect, test, vi } from 'vitest';
import { type DoctorReport, examine, reportText } from '../../src/agent/doctor/doctor.ts';
import { formatEdgeKey, parseEdgeKey } from '../../src/link/edge-key.ts';
import { startDirectAgent, startEdgeAgent } from '../support/link-agent.ts';
import { throwAwayIdentity } from '../support/link-pair.ts';
import { EDGE_ID, startLinkServer } from '../support/link-server.ts';
import { certificateFor, freePort, listenHttps } from '../support/listeners.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

afterEach(() => vi.unstubAllEnvs());

type Env = Readonly<Record<string, string>>;

async function doctor(given: Env): Promise<DoctorReport> {
  const env = { EDGE: '1', EDGE_ID, EDGE_INSECURE_POLL: '1', DOCKER_HOST: 'unix:///no', ...given };
  return await examine({ env, nameOf: (name) => name });
}

function stepsOf({ steps }: DoctorReport): Record<string, string> {
  return Object.fromEntries(steps.map(({ step, state }) => [step, state]));
}

function sentenceOf({ steps }: DoctorReport, name: string): string {
  return steps.find(({ step }) => step === name)?.sentence ?? '';
}

const elsewhere = (edgeKey: string, url: string) =>
  formatEdgeKey({ ...parseEdgeKey(edgeKey), url });

test('before the first start: the whole way is looked at, and nothing is joined or written', async () => {
  await using folder = await temporaryFolder();
  await using server = await startLinkServer();
  const report = await doctor({ DATA_PATH: folder.path, EDGE_KEY: server.edgeKey });
  expect(stepsOf(report)).toMatchObject({
    settings: 'ok',
    'own key': 'warning',
    name: 'ok',
    tcp: 'ok',
    proxy: 'ok',
    tls: 'ok',
    clock: 'ok',
    websocket: 'ok',
    'server key': 'ok',
    join: 'skipped',
    docker: 'failed',
    disk: 'ok',
  });
  expect(server.binding.proofs).toBe(0);
  expect(report).toMatchObject({ mode: 'edge', isHealthy: false });
  expect(JSON.stringify(report)).not.toContain(EDGE_ID);
});

test('beside a linked agent: the link is told and not disturbed', async () => {
  await using folder = await temporaryFolder();
  await using server = await startLinkServer();
  const env = { DATA_PATH: folder.path, EDGE_KEY: server.edgeKey };
  await using agent = await startEdgeAgent(env);
  const end = await server.next();
  await agent.says(/Linked/);
  const report = await doctor(env);
  expect(sentenceOf(report, 'join')).toMatch(/running agent .* has been linked to test/);
  expect((await end.call('/ping')).status).toBe(204);
  expect(reportText(report)).toMatch(/^ok {7}server key/m);
});

test('an EDGE_ID that is used up, and the last ends of the agent that was refused', async () => {
  await using folder = await temporaryFolder();
  await using server = await startLinkServer();
  server.binding.bound.add('another');
  const env = { DATA_PATH: folder.path, EDGE_KEY: server.edgeKey };
  await using agent = await startEdgeAgent(env);
  await agent.says(/used up/);
  const report = await doctor(env);
  expect(stepsOf(report)).toMatchObject({ 'server key': 'ok', join: 'failed', memory: 'warning' });
  expect(sentenceOf(report, 'join')).toBe('This EDGE_ID is used up.');
  expect(report.ends[0]).toMatchObject({ sentence: 'This EDGE_ID is used up.', side: 'agent' });
  expect(reportText(report)).toContain('not made: This EDGE_ID is used up.');
});

test('another server at the address, a certificate that counts, no server, a broken proxy', async () => {
  await using folder = await temporaryFolder();
  await using server = await startLinkServer();
  const env = { DATA_PATH: folder.path, EDGE_KEY: server.edgeKey };
  server.identity = await throwAwayIdentity();
  const wrong = await doctor(env);
  expect(stepsOf(wrong)).toMatchObject({
    websocket: 'ok',
    'server key': 'failed',
    join: 'skipped',
  });
  const strict = await doctor({ ...env, EDGE_INSECURE_POLL: '' });
  expect(stepsOf(strict)).toMatchObject({ tcp: 'ok', tls: 'failed', websocket: 'skipped' });
  expect(sentenceOf(strict, 'tls')).toMatch(/self-signed.*issued by localhost, valid until \d{4}-/);
  const url = `https://127.0.0.1:${await freePort()}`;
  const away = await doctor({ ...env, EDGE_KEY: elsewhere(server.edgeKey, url) });
  expect(stepsOf(away)).toMatchObject({ name: 'ok', tcp: 'failed', tls: 'skipped' });
  vi.stubEnv('HTTPS_PROXY', `http://${new URL(server.url).host}`);
  vi.stubEnv('NO_PROXY', '');
  const proxied = await doctor(env);
  expect(stepsOf(proxied)).toMatchObject({ tcp: 'ok', proxy: 'failed', tls: 'skipped' });
});

test('a clock that is a year off and a server that knows no links', async () => {
  await using folder = await temporaryFolder();
  await using server = await startLinkServer();
  const yearAgo = new Date(Date.now() - 365 * 86_400_000).toUTCString();
  await using old = await listenHttps(await certificateFor(), (_, response) => {
    response.writeHead(404, { Date: yearAgo }).end();
  });
  const key = elsewhere(server.edgeKey, `https://${old.where}`);
  const report = await doctor({ DATA_PATH: folder.path, EDGE_KEY: key });
  expect(sentenceOf(report, 'clock')).toMatch(/clock is 36[45] d.* ahead of the server's/);
  expect(stepsOf(report)).toMatchObject({ clock: 'warning', websocket: 'failed' });
  expect(sentenceOf(report, 'websocket')).toMatch(/knows no \/api\/edge\/link \(404\)/);
});

test('a setting that is wrong, and direct mode with and without an agent that runs', async () => {
  await using folder = await temporaryFolder();
  const wrong = await doctor({ DATA_PATH: folder.path, EDGE_KEY: 'a$b' });
  expect(stepsOf(wrong)).toEqual({
    settings: 'failed',
    docker: 'failed',
    compose: expect.any(String),
  });
  await using agent = await startDirectAgent({ DATA_PATH: folder.path });
  const env = { EDGE: '', EDGE_ID: '', DATA_PATH: folder.path, AGENT_PORT: String(agent.port) };
  const up = await doctor(env);
  expect(stepsOf(up)).toMatchObject({ 'own key': 'ok', door: 'ok', owner: 'warning' });
  const down = await doctor({ ...env, AGENT_PORT: String(await freePort()) });
  expect(stepsOf(down)).toMatchObject({ door: 'failed' });
});
