/** The engine's API through an agent, for engines old and new: versions, hijacking, streams as they come. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAgent, type TestAgent } from '../support/agent.ts';
import { AgentClient } from '../support/agent-client.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Created {
  readonly Id: string;
}

interface Seen {
  readonly url: string;
  readonly rawHeaders: readonly string[];
}

async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe.each(['old', 'new'] as const)('engine %s', (version) => {
  let engine: TestEngine;
  let agent: TestAgent;
  let client: AgentClient;
  let id: string;
  beforeAll(async () => {
    engine = await startEngine({ version, name: 'proxy' });
    agent = await startAgent(engine);
    client = new AgentClient(agent);
    id = await engine.docker('run', '-di', '--name', 'box', 'busybox');
  });
  afterAll(async () => {
    await agent?.[Symbol.asyncDispose]();
    await engine?.[Symbol.asyncDispose]();
  });

  test('a version in the path reaches the engine; without one it is the engine’s newest', async () => {
    for (const path of ['/containers/json', '/v1.41/containers/json']) {
      const { status, headers, json } = await client.call(path);
      expect([status, headers['content-type']]).toEqual([200, 'application/json']);
      expect(json()).toMatchObject([{ Id: id }]);
      expect(headers).toMatchObject({ 'portainer-agent': '2.23.0', server: /Docker/ });
    }
    expect((await client.call('/v1.99/containers/json')).status).toBe(400);
    for (const path of ['/v1/containers/json', '/v2/containers/json']) {
      expect([400, 404]).toContain((await client.call(path)).status);
    }
    const ping = await client.call('/_ping', { method: 'HEAD' });
    expect([ping.status, ping.headers['docker-experimental']]).toEqual([200, 'false']);
  });

  test('a hijacked exec: what comes after the input has ended is not lost', async () => {
    const exec = { AttachStdin: true, AttachStdout: true, Cmd: ['sh', '-c', 'cat; echo -n end'] };
    const body = JSON.stringify(exec);
    const headers = { 'Content-Type': 'application/json' };
    const created = await client.call(`/containers/${id}/exec`, { method: 'POST', headers, body });
    expect(created.status).toBe(201);
    const { Id } = created.json() as Created;
    const stream = await client.hijack(`/exec/${Id}/start`, { Tty: false, Detach: false });
    stream.end('all of it, ');
    const frames = (await readAll(stream)).toString('latin1');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: headers of the engine's frames.
    expect(frames.replace(/[\x01\x02]\0{3}.{4}/gs, '')).toBe('all of it, end');
    expect((await client.call(`/exec/${Id}/json`)).json()).toMatchObject({ ExitCode: 0 });
  });

  test('a line of a followed log arrives when it is written', async () => {
    const ticker = await engine.docker(
      'run',
      '-di',
      '--rm',
      'busybox',
      'sh',
      '-c',
      'while read x && [ $x != quit ]; do echo $x; done',
    );
    const log = await client.open(`/containers/${ticker}/logs?follow=1&stdout=1`);
    const input = await client.hijack(`/containers/${ticker}/attach?stream=1&stdin=1`, {});
    let seen = '';
    log.on('data', (chunk: Buffer) => {
      seen += chunk.toString('latin1');
    });
    for (const word of ['one', 'two']) {
      input.write(`${word}\n`);
      await expect.poll(() => seen, { interval: 5, timeout: 5_000 }).toContain(`${word}\n`);
    }
    const ended = once(log, 'end');
    input.end('quit\n');
    await ended;
  });
});

test('what is between server and agent stays there; the rest reaches the engine as it came', async () => {
  await using folder = await temporaryFolder();
  const socketPath = join(folder.path, 'engine.sock');
  const scripted = createServer((request, response) => {
    const { url, rawHeaders } = request;
    response.writeHead(299, 'Odd', ['X-Twice', '1', 'X-Twice', '2']);
    response.end(JSON.stringify({ url, rawHeaders }));
  });
  scripted.listen(socketPath);
  await using agent = await startAgent({ socketPath });
  const headers = {
    'X-PortainerAgent-Target': 'node',
    'X-PortainerAgent-ManagerOperation': '1',
    'X-Registry-Auth': 'abc',
  };
  const path = '/v1.41/images/a%2Fv1.2/json?x=%00&x=2';
  const answer = await new AgentClient(agent).open(path, { headers });
  const seen = JSON.parse((await readAll(answer)).toString()) as Seen;
  expect([answer.statusCode, answer.statusMessage]).toEqual([299, 'Odd']);
  expect(answer.headersDistinct['x-twice']).toEqual(['1', '2']);
  expect(answer.headers).toMatchObject({ 'portainer-agent': '2.23.0' });
  expect(seen.url).toBe(path);
  expect(seen.rawHeaders).toContain('X-Registry-Auth');
  expect(seen.rawHeaders.join()).not.toMatch(/PortainerAgent/i);
  scripted.close();
});
