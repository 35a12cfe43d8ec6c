/** An edge agent in this process against a server's end made of the link code itself, over real TLS and WebSockets. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSettings } from '../../src/agent/settings.ts';
import { formatEdgeKey, parseEdgeKey } from '../../src/link/edge-key.ts';
import { linkFingerprint } from '../../src/link/fingerprint.ts';
import { startEdgeAgent } from '../support/link-agent.ts';
import { throwAwayIdentity } from '../support/link-pair.ts';
import { EDGE_ID, ENVIRONMENT_ID, keyOf, startLinkServer } from '../support/link-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('joins with a proof, is bound, and comes back without one after a cut and a restart', async () => {
  await using folder = await temporaryFolder();
  await using server = await startLinkServer();
  const env = { DATA_PATH: folder.path, EDGE_KEY: server.edgeKey };
  let fingerprint = '';
  {
    await using _agent = await startEdgeAgent(env);
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
  await using _again = await startEdgeAgent({ DATA_PATH: folder.path, EDGE_ID: '' });
  const third = await server.next();
  expect(third.fingerprint).toBe(fingerprint);
  const report = JSON.parse((await third.call('/fleet/report')).body);
  expect(report).toMatchObject({ fingerprint, product: expect.stringMatching(/^fleet-agent/) });
  expect(report.ends.length).toBeGreaterThan(0);
  expect(await readFile(join(folder.path, 'agent_edge_key'), 'utf8')).toBe(server.edgeKey);
  for (const file of ['link.key', 'link.crt', 'agent_edge_key', 'link.json']) {
    expect((await stat(join(folder.path, file))).mode & 0o777).toBe(0o600);
  }
});

test('a wrong EDGE_ID and one that is used up are told once, in the words of the server', async () => {
  await using folder = await temporaryFolder();
  await using server = await startLinkServer();
  const env = { DATA_PATH: folder.path, EDGE_KEY: server.edgeKey };
  {
    await using agent = await startEdgeAgent({ ...env, EDGE_ID: 'guessed' });
    await server.nextFailure();
    await server.nextFailure();
    await server.nextFailure();
    const told = agent.lines.filter((line) => /WARN .*not the one of the environment/.test(line));
    expect(told).toHaveLength(1);
    expect(agent.lines.join()).not.toContain('guessed');
  }
  server.binding.bound.add('another machine');
  await using agent = await startEdgeAgent(env);
  await agent.says(/WARN .*This EDGE_ID is used up/);
  const kept = JSON.parse(await readFile(join(folder.path, 'link.json'), 'utf8'));
  expect(kept).toMatchObject({ refusal: { sentence: 'This EDGE_ID is used up.' }, up: null });
});

test('an agent whose server forgot it offers the proof again', async () => {
  await using folder = await temporaryFolder();
  await using server = await startLinkServer();
  await using _agent = await startEdgeAgent({ DATA_PATH: folder.path, EDGE_KEY: server.edgeKey });
  await server.next();
  server.binding.bound.clear();
  server.cut();
  expect((await server.nextFailure()).message).toMatch(/not the one of the environment/);
  expect((await server.next()).hello.proof).toBeDefined();
});

test('a server with another key than the EDGE_KEY names gets nothing, not even a hello', async () => {
  await using folder = await temporaryFolder();
  await using server = await startLinkServer();
  server.identity = await throwAwayIdentity();
  const env = { DATA_PATH: folder.path, EDGE_KEY: server.edgeKey };
  await using agent = await startEdgeAgent(env);
  const line = await agent.says(/WARN .*No link/);
  expect(line).toContain(`expected ${parseEdgeKey(server.edgeKey).fingerprint}`);
  expect(line).toContain(linkFingerprint(keyOf(server.identity)));
  await server.nextFailure();
  expect(server.binding.proofs).toBe(0);
});

test('the key that the server announced replaces the old one once it was seen', async () => {
  await using folder = await temporaryFolder();
  await using server = await startLinkServer();
  await using agent = await startEdgeAgent({ DATA_PATH: folder.path, EDGE_KEY: server.edgeKey });
  const old = server.identity;
  const next = await throwAwayIdentity();
  const offer = JSON.stringify({ fingerprint: linkFingerprint(keyOf(next)) });
  const options = { method: 'POST', body: offer };
  const first = await server.next();
  expect((await first.call('/fleet/identity/server', options)).status).toBe(204);
  server.cut();
  // Announced and not seen yet: the old one is still good.
  await server.next();
  server.identity = next;
  server.cut();
  await server.next();
  server.identity = old;
  server.cut();
  await server.nextFailure();
  await agent.says(/is not the server that the EDGE_KEY names/);
});

test('without a fingerprint the first server is kept, and its certificate must be good', async () => {
  const key = formatEdgeKey({
    url: 'https://fleet.example.com',
    tunnelAddress: 'fleet.example.com:8000',
    fingerprint: '',
    environmentId: 3,
  });
  const env = { EDGE: '1', EDGE_ID, EDGE_KEY: key };
  expect(readSettings(env, (name) => name).edge).toMatchObject({ verify: true });
  expect(() => readSettings({ ...env, EDGE_INSECURE_POLL: '1' }, (name) => name)).toThrow(
    'EDGE_KEY names no fingerprint',
  );
});

test('edge mode without an EDGE_KEY, without an EDGE_ID, and with a malformed key is explained', async () => {
  await using folder = await temporaryFolder();
  const start = (env: Record<string, string>) => startEdgeAgent({ DATA_PATH: folder.path, ...env });
  await expect(start({})).rejects.toThrow('EDGE is set, but EDGE_KEY is not');
  await expect(start({ EDGE_KEY: 'a$b' })).rejects.toThrow('EDGE_KEY is not base64');
  const three = Buffer.from('https://x|x:1|').toString('base64');
  await expect(start({ EDGE_KEY: three })).rejects.toThrow('EDGE_KEY has 3 of its 4 fields');
  await using server = await startLinkServer();
  await expect(start({ EDGE_KEY: server.edgeKey, EDGE_ID: '' })).rejects.toThrow(
    "EDGE_ID is not set, and this agent hasn't joined environment 7 yet",
  );
});
