/** Terminals over WebSocket, as Portainer's browser console and SDKs open them, on a local engine. */
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startAgent } from '../../support/agent.ts';
import { Closing } from '../../support/closing.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';

const closing = new Closing();
let engine: TestEngine;
let server: InProcessServer;
beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'new', name: 'c4' }));
  await engine.docker('run', '-d', '--name', 'runs', 'busybox', 'sleep', '1000');
  const settings = { engineUrl: `unix://${engine.socketPath}` };
  server = closing.use(await startInProcessServer({ settings }));
});
afterAll(() => closing.close());

async function dial(kind: string, query: string, token?: string) {
  const credential = token ?? (await server.signIn());
  const url = `${server.url.replace('https:', 'wss:')}/api/websocket/${kind}?${query}&token=${credential}`;
  const socket = new WebSocket(url, { rejectUnauthorized: false });
  let text = '';
  socket.on('message', (data, isBinary) => {
    expect(isBinary).toBe(false);
    text += String(data);
  });
  socket.on('error', () => undefined);
  const sees = async (wanted: string): Promise<void> => {
    while (!text.includes(wanted)) await once(socket, 'message');
  };
  return { socket, sees, text: () => text };
}

async function createExec(...Cmd: string[]): Promise<string> {
  const wish = { AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: true, Cmd };
  const path = '/api/endpoints/1/docker/containers/runs/exec';
  return (await server.api('POST', path, wish)).body.Id;
}

test('a shell: typed in, printed out, resized, whole characters, closed at its end', async () => {
  const id = await createExec('sh');
  const shell = await dial('exec', `endpointId=1&id=${id}`);
  await once(shell.socket, 'open');
  const resize = await server.api('POST', `/api/endpoints/1/docker/exec/${id}/resize?h=17&w=91`);
  expect(resize.status).toBe(200);
  shell.socket.send('stty size; printf "\\303"; sleep 0.1; printf "\\244\\n"\n');
  await shell.sees('17 91');
  await shell.sees('ä');
  const closed = once(shell.socket, 'close');
  shell.socket.send(Buffer.from('exit\n'));
  expect((await closed)[0]).toBe(1000);
});

test('more output than fits anywhere arrives whole', async () => {
  const id = await createExec('sh', '-c', 'read go; seq 1 200000; echo THE END');
  const shell = await dial('exec', `endpointId=1&id=${id}`);
  await once(shell.socket, 'open');
  shell.socket.send('go\n');
  await shell.sees('THE END');
  expect(shell.text()).toContain('\r\n123456\r\n');
  shell.socket.terminate();
});

test('attach: what a container prints, and its input', async () => {
  await engine.docker('run', '-dit', '--name', 'echoes', 'busybox', 'cat');
  const id = await engine.docker('inspect', '--format', '{{.Id}}', 'echoes');
  const terminal = await dial('attach', `endpointId=1&id=${id}`);
  await once(terminal.socket, 'open');
  terminal.socket.send('are you there\n');
  await terminal.sees('are you there\r\nare you there');
  const closed = once(terminal.socket, 'close');
  await engine.docker('rm', '-f', 'echoes');
  await closed;
});

test('the shell ends when the person signs out', async () => {
  const token = await server.signIn();
  const shell = await dial('exec', `endpointId=1&id=${await createExec('sh')}`, token);
  await once(shell.socket, 'open');
  const closed = once(shell.socket, 'close');
  const headers = { Authorization: `Bearer ${token}` };
  await server.call('/api/auth/logout', { method: 'POST', headers });
  expect((await closed)[0]).toBe(4001);
});

test('through an agent it is the same', async () => {
  await using agent = await startAgent({ socketPath: engine.socketPath });
  const made = await server.api('POST', '/api/endpoints', {
    Name: 'by agent',
    EndpointCreationType: 2,
    URL: `tcp://${agent.host}:${agent.port}`,
  });
  const query = `endpointId=${made.body.Id}&nodeName=&id=`;
  const token = await server.signIn();
  const shell = await dial('exec', `${query}${await createExec('sh')}`, token);
  await once(shell.socket, 'open');
  shell.socket.send('echo $((6*7))\n');
  await shell.sees('42');
  const closed = once(shell.socket, 'close');
  const headers = { Authorization: `Bearer ${token}` };
  await server.call('/api/auth/logout', { method: 'POST', headers });
  await closed;
  expect((await server.api('DELETE', `/api/endpoints/${made.body.Id}`)).status).toBe(204);
});

test.each([
  ['id=abc', 400],
  ['endpointId=1', 400],
  ['endpointId=1&id=../../x', 400],
  ['endpointId=99&id=abc', 404],
  ['endpointId=1&id=abcdef', 404],
])('exec?%s is refused with %i', async (query, status) => {
  const { socket } = await dial('exec', query);
  const [, response] = await once(socket, 'unexpected-response');
  socket.terminate();
  expect(response.statusCode).toBe(status);
});
