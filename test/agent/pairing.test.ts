/** Who may command an agent: the first key that proved itself, until unpaired; with a secret, whoever knows it. */
import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publicKeyHex, signatureHeaders } from '../../src/link/signature.ts';
import { startAgent } from '../support/agent.ts';
import { AgentClient, newServerKey } from '../support/agent-client.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('../../dist/fleet-agent.js', import.meta.url));
const MISSING = { message: 'Missing request signature headers', details: 'Unauthorized' };
const INVALID = { message: 'Invalid request signature', details: 'Unauthorized' };

let engine: TestEngine;
beforeAll(async () => {
  engine = await startEngine({ version: 'old' });
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
});

test('ping is for everybody, the rest is signed, and every answer tells the agent', async () => {
  await using agent = await startAgent(engine);
  const client = new AgentClient(agent);
  const ping = await client.call('/ping', { isUnsigned: true });
  const refused = await client.call('/containers/json', { isUnsigned: true });
  const head = await client.call('/ping', { method: 'HEAD', isUnsigned: true });
  const listed = await client.call('/containers/json');
  expect([ping.status, refused.status, head.status, listed.status]).toEqual([204, 403, 405, 200]);
  expect(refused.json()).toEqual(MISSING);
  for (const { headers } of [ping, refused, head, listed]) {
    expect(headers).toMatchObject({
      'portainer-agent': '2.23.0',
      'portainer-agent-api-version': '2',
      'portainer-agent-platform': '1',
    });
  }
  expect((await client.call('/v2/ping', { isUnsigned: true })).status).toBe(204);
});

test('a good key with a bad signature pairs with nothing; the first good one owns the agent', async () => {
  await using agent = await startAgent(engine);
  const [owner, other] = [newServerKey(), newServerKey()];
  const forged = await new AgentClient(agent, other).call('/info', {
    headers: { 'X-PortainerAgent-PublicKey': publicKeyHex(owner) },
  });
  expect([forged.status, forged.json()]).toEqual([403, INVALID]);
  expect((await new AgentClient(agent, owner).call('/info')).status).toBe(200);
  const late = await new AgentClient(agent, other).call('/info');
  expect([late.status, late.json()]).toEqual([403, INVALID]);
  // The owner's key with a signature of nobody's, and garbage where the headers should be.
  const { 'X-PortainerAgent-Signature': good = '' } = signatureHeaders(owner);
  const tries = {
    'X-PortainerAgent-Signature': good.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')),
  };
  expect((await new AgentClient(agent, owner).call('/info', { headers: tries })).status).toBe(403);
  const noise = {
    'X-PortainerAgent-PublicKey': 'zz',
    'X-PortainerAgent-Signature': '\u00ff'.repeat(99),
  };
  expect((await new AgentClient(agent, other).call('/info', { headers: noise })).status).toBe(403);
});

test('the pairing outlives a restart, and unpair forgets it while the agent runs', async () => {
  await using folder = await temporaryFolder();
  const [owner, other] = [newServerKey(), newServerKey()];
  const settings = { socketPath: engine.socketPath, dataFolder: folder.path };
  {
    await using agent = await startAgent(settings);
    expect((await new AgentClient(agent, owner).call('/info')).status).toBe(200);
    await agent.says('Paired');
  }
  const file = join(folder.path, 'paired-server.pub');
  expect((await readFile(file, 'utf8')).trim()).toBe(publicKeyHex(owner));
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await using agent = await startAgent(settings);
  expect((await new AgentClient(agent, other).call('/info')).status).toBe(403);
  expect((await new AgentClient(agent, owner).call('/info')).status).toBe(200);
  const env = { ...process.env, DATA_PATH: folder.path };
  const { stdout } = await run(process.execPath, [PROGRAM, 'unpair'], { env });
  expect(stdout).toMatch(/^Forgotten\./);
  expect((await new AgentClient(agent, other).call('/info')).status).toBe(200);
  expect((await new AgentClient(agent, owner).call('/info')).status).toBe(403);
});

test('with a secret any key that signs it is good, and nothing is kept', async () => {
  await using agent = await startAgent({ ...engine, env: { AGENT_SECRET: 'open sesame' } });
  for (const key of [newServerKey(), newServerKey()]) {
    expect((await new AgentClient(agent, key, 'open sesame').call('/info')).status).toBe(200);
    const wrong = await new AgentClient(agent, key, 'another').call('/info');
    expect([wrong.status, wrong.json()]).toEqual([403, INVALID]);
    expect((await new AgentClient(agent, key).call('/info')).status).toBe(403);
  }
  await expect(stat(join(agent.dataFolder, 'paired-server.pub'))).rejects.toThrow('ENOENT');
  expect(agent.log()).not.toContain('sesame');
});

test('nobody pairs in time: the listener closes and the process stays', async () => {
  await using agent = await startAgent({ ...engine, env: { AGENT_SECRET_TIMEOUT: '300ms' } });
  await agent.says('it listens no more');
  await expect(new AgentClient(agent).call('/ping')).rejects.toThrow('ECONNREFUSED');
  expect(() => process.kill(agent.pid, 0)).not.toThrow();
});
