import { duplexPair } from 'node:stream';
import { expect, test } from 'vitest';
import {
  type AgentHello,
  greetAgent,
  greetServer,
  type ServerHello,
} from '../../src/link/greeting.ts';
import { joinKey, joinProof, provesJoin } from '../../src/link/join-proof.ts';
import { Fault } from '../../src/protocol/fault.ts';

const serverHello: ServerHello = {
  versions: [1],
  product: 'fleet-server 0.1.0',
  atMs: 1_790_000_000_000,
  beatIntervalMs: 10_000,
};
const agentHello: AgentHello = {
  versions: [1, 2],
  product: 'fleet-agent 0.2.0',
  atMs: 1_790_000_000_500,
  environmentId: 7,
  capabilities: ['feed'],
};

test('both sides learn the other one', async () => {
  const [a, b] = duplexPair();
  const [agent, server] = await Promise.all([
    greetAgent(a, serverHello, () => undefined),
    greetServer(b, () => agentHello),
  ]);
  expect(agent).toEqual(agentHello);
  expect(server).toEqual(serverHello);
});

test('a refusal reaches the agent with its code and its words', async () => {
  const [a, b] = duplexPair();
  const refusal = new Fault('forbidden', 'Another machine holds environment 7.');
  const results = await Promise.allSettled([
    greetAgent(a, serverHello, () => refusal),
    greetServer(b, () => agentHello),
  ]);
  expect(results.map((r) => r.status === 'rejected' && [r.reason.code, r.reason.message])).toEqual([
    ['forbidden', refusal.message],
    ['forbidden', refusal.message],
  ]);
});

test('sides without a common version say which to update', async () => {
  const [a, b] = duplexPair();
  const results = await Promise.allSettled([
    greetAgent(a, { ...serverHello, versions: [3] }, () => undefined),
    greetServer(b, () => agentHello),
  ]);
  for (const result of results) {
    expect(result.status === 'rejected' && result.reason.message).toContain('update the older one');
  }
});

test.each([
  ['no JSON', 'GET / HTTP/1.1\n'],
  ['a list', '[]\n'],
  ['no versions', '{"product":"x","atMs":1,"environmentId":1,"capabilities":[]}\n'],
  ['an id that is no number', JSON.stringify({ ...agentHello, environmentId: '7' })],
  ['a proof that is no text', JSON.stringify({ ...agentHello, proof: 1 })],
])('%s is refused as malformed', async (_what, sent) => {
  const [a, b] = duplexPair();
  b.write(`${sent.trimEnd()}\n`);
  await expect(greetAgent(a, serverHello, () => undefined)).rejects.toThrow('malformed hello');
});

test.each([
  ['no versions', { versions: undefined }],
  ['versions that are no numbers', { versions: ['1'] }],
  ['a product that is no text', { product: 7 }],
  ['a time that is no number', { atMs: 'now' }],
  ['no beat', { beatIntervalMs: undefined }],
  ['a proof that is no text', { proof: {} }],
])('a server whose hello has %s is refused as malformed', async (_what, change) => {
  const [a, b] = duplexPair();
  a.on('error', () => {});
  a.write(`${JSON.stringify({ ...serverHello, ...change })}\n`);
  await expect(greetServer(b, () => agentHello)).rejects.toThrow('malformed hello');
});

test.each([
  ['a product that is no text', { product: null }],
  ['a time that is no number', { atMs: null }],
  ['capabilities that are no list', { capabilities: 'all' }],
])('an agent whose hello has %s is refused as malformed', async (_what, change) => {
  const [a, b] = duplexPair();
  b.on('error', () => {});
  b.write(`${JSON.stringify({ ...agentHello, ...change })}\n`);
  await expect(greetAgent(a, serverHello, () => undefined)).rejects.toThrow('malformed hello');
});

test('a hello without end is cut off at 16 KiB', async () => {
  const [a, b] = duplexPair();
  b.on('error', () => {});
  b.write(Buffer.alloc(20_000, 'x'));
  await expect(greetAgent(a, serverHello, () => undefined)).rejects.toThrow('without end');
});

test('a join proof holds for its connection, its side and its secret only', () => {
  const key = joinKey('b2f1c0');
  const [here, elsewhere] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const proof = joinProof(key, here, 'agent');
  expect(provesJoin(proof, key, here, 'agent')).toBe(true);
  expect(provesJoin(proof, key, elsewhere, 'agent')).toBe(false);
  expect(provesJoin(proof, key, here, 'server')).toBe(false);
  expect(provesJoin(proof, joinKey('b2f1c1'), here, 'agent')).toBe(false);
  expect(provesJoin(undefined, key, here, 'agent')).toBe(false);
  expect(provesJoin(proof.slice(1), key, here, 'agent')).toBe(false);
});
