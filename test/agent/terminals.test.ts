/** Terminals for browsers, over real execs and containers. */
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { startAgent, type TestAgent } from '../support/agent.ts';
import { AgentClient } from '../support/agent-client.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';

const WAIT = { interval: 10, timeout: 10_000 };

let engine: TestEngine;
let agent: TestAgent;
let client: AgentClient;
let box: string;
beforeAll(async () => {
  engine = await startEngine({ version: 'new', name: 'term' });
  agent = await startAgent(engine);
  client = new AgentClient(agent);
  box = await engine.docker('run', '-dit', 'busybox');
});
afterAll(async () => {
  await agent?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
});

async function createExec(isTty: boolean, script: string): Promise<string> {
  const body = JSON.stringify({
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: isTty,
    Cmd: ['sh', '-c', script],
  });
  const headers = { 'Content-Type': 'application/json' };
  const created = await client.call(`/containers/${box}/exec`, { method: 'POST', headers, body });
  return (created.json() as { Id: string }).Id;
}

/** Everything that came as text; a binary message would be a mistake. */
function textOf(websocket: WebSocket): () => string {
  let text = '';
  websocket.on('message', (message: Buffer, isBinary) => {
    text += isBinary ? '<binary>' : message.toString();
  });
  return () => text;
}

test('an exec with a terminal echoes text whole, and ends with it', async () => {
  const websocket = await client.websocket(`/websocket/exec?id=${await createExec(true, 'cat')}`);
  const text = textOf(websocket);
  const words = `${'grün 船 🚢 '.repeat(90)}`;
  websocket.send(`${words}\n`);
  await expect.poll(text, WAIT).toContain(`${words}\r\n${words}\r\n`);
  expect(text()).not.toMatch(/\ufffd|<binary>/);
  const closed = once(websocket, 'close') as Promise<[number]>;
  websocket.send(Buffer.from('\x04'));
  expect((await closed)[0]).toBe(1000);
});

test('characters cut by the engine’s reads arrive whole', async () => {
  const script = 'i=0; while [ $i -lt 6000 ]; do printf 🚢; i=$((i+1)); done; cat';
  const websocket = await client.websocket(
    `/v2/websocket/exec?id=${await createExec(true, script)}`,
  );
  const text = textOf(websocket);
  await expect.poll(() => text().length, WAIT).toBe('🚢'.length * 6_000);
  expect(text()).toBe('🚢'.repeat(6_000));
  websocket.terminate();
});

test('a paste of 60 KiB passes, a message past 64 KiB ends the connection', async () => {
  const script = 'stty raw -echo; echo ready; head -c 60000 | wc -c; cat';
  const websocket = await client.websocket(`/websocket/exec?id=${await createExec(true, script)}`);
  const text = textOf(websocket);
  await expect.poll(text, WAIT).toContain('ready');
  websocket.send('x'.repeat(60_000));
  await expect.poll(text, WAIT).toContain('60000');
  const closed = once(websocket, 'close') as Promise<[number]>;
  websocket.send('x'.repeat(70_000));
  expect((await closed)[0]).toBe(1009);
});

test('without a terminal there are no frame headers in the text', async () => {
  const script = 'echo out; echo err >&2; cat';
  const websocket = await client.websocket(`/websocket/exec?id=${await createExec(false, script)}`);
  const text = textOf(websocket);
  await expect.poll(() => text().split('\n').sort(), WAIT).toEqual(['', 'err', 'out']);
  websocket.close();
});

test('attach shows what the container prints and passes on what is typed', async () => {
  const websocket = await client.websocket(`/websocket/attach?id=${box}&nodeName=&token=x`);
  const text = textOf(websocket);
  websocket.send('echo $((6*7)) fleets\n');
  await expect.poll(text, WAIT).toContain('42 fleets');
  websocket.close();
  await once(websocket, 'close');
  expect(await engine.docker('inspect', '-f', '{{.State.Running}}', box)).toBe('true');
});

test('what can’t be a terminal is refused before the WebSocket is accepted', async () => {
  const none = 'ab'.repeat(32);
  for (const [path, status] of [
    ['/websocket/exec?id=box', 400],
    ['/websocket/exec', 400],
    [`/websocket/exec?id=${none}/start%3Fx`, 400],
    [`/websocket/exec?id=${none}`, 404],
    [`/websocket/attach?id=${none}`, 404],
    ['/websocket/pod?id=1', 404],
  ] as const) {
    await expect(client.websocket(path)).rejects.toThrow(`status ${status}`);
  }
  const stranger = new AgentClient(agent);
  await expect(stranger.websocket(`/websocket/attach?id=${box}`)).rejects.toThrow('status 403');
  const plain = await client.call(`/websocket/attach?id=${box}`);
  expect([plain.status, plain.json()]).toMatchObject([
    400,
    { message: 'This route speaks WebSocket only.' },
  ]);
});
