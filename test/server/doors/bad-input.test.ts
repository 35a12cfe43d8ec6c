/** Hostile and broken requests: each gets a clear answer in bounded time, and the server goes on. */
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';

let server: InProcessServer;
let token: string;
beforeAll(async () => {
  server = await startInProcessServer();
  token = await server.signIn();
});
afterAll(() => server[Symbol.asyncDispose]());
afterEach(async () => {
  expect((await server.call('/api/status')).status).toBe(200);
});

/** Sends bytes over TLS, `more` after them for as long as the server reads, and resolves with what came back. */
function sendRaw(bytes: string, more?: Buffer): Promise<{ text: string; sent: number }> {
  const port = Number(new URL(server.url).port);
  return new Promise((resolve, reject) => {
    let text = '';
    let sent = 0;
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    const push = (): void => {
      while (more !== undefined && !socket.destroyed && sent < 2 ** 30) {
        sent += more.length;
        if (!socket.write(more)) break;
      }
    };
    socket.on('secureConnect', () => {
      socket.write(bytes);
      push();
    });
    socket.on('drain', push);
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    socket.on('error', (error) => (text === '' ? reject(error) : undefined));
    socket.on('close', () => resolve({ text, sent }));
  });
}

describe('bodies', () => {
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    server.call('/api/auth', { method: 'POST', body, headers });

  test.each([
    ['broken JSON', '{"Username":'],
    ['an array', '["admin"]'],
    ['a number', '7'],
    ['null', 'null'],
    ['wrong types', '{"Username":{},"Password":7}'],
    ['nothing', ''],
    ['a million brackets', '['.repeat(1_000_000)],
  ])('%s is a bad request', async (_what, body) => {
    const answer = await post(body);
    expect(answer).toMatchObject({ status: 400, body: { message: 'Invalid request payload' } });
    expect(answer.body.details).not.toBe('');
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  test('keys match without regard to case, unknown ones and the content type are not looked at', async () => {
    const body = '{"USERNAME":"admin","password":"wrong","Id":"1","__proto__":{"x":1}}';
    const answer = await post(body, { 'Content-Type': 'applocation/json' });
    expect(answer.status).toBe(422);
    await server.signIn();
  });

  test('a gigabyte is refused before it is read', async () => {
    const head = `POST /api/auth HTTP/1.1\r\nHost: x\r\nContent-Length: ${2 ** 30}\r\n\r\n`;
    const { text, sent } = await sendRaw(head, Buffer.alloc(64 << 10, 'x'));
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    expect(text).toContain('"message":"Request body too large"');
    expect(sent).toBeLessThan(64 << 20);
  });

  test('a gigabyte in chunks is refused when it passes the limit', async () => {
    const chunk = Buffer.from(`10000\r\n${'x'.repeat(0x10000)}\r\n`);
    const head = 'POST /api/auth HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
    const { text, sent } = await sendRaw(head, chunk);
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    expect(sent).toBeLessThan(64 << 20);
  });

  test('who asks before sending too much is not told to go on', async () => {
    const expectation = 'Expect: 100-continue\r\n';
    const head = `POST /api/auth HTTP/1.1\r\nHost: x\r\n${expectation}Content-Length: ${2 ** 30}\r\n\r\n`;
    expect((await sendRaw(head)).text).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('a refused caller may not make us read a body either', async () => {
    const head = `POST /api/users HTTP/1.1\r\nHost: x\r\nContent-Length: ${2 ** 30}\r\n\r\n`;
    const { text, sent } = await sendRaw(head, Buffer.alloc(64 << 10));
    expect(text).toMatch(/^HTTP\/1\.1 401 /);
    expect(sent).toBeLessThan(64 << 20);
  });
});

describe('paths', () => {
  const get = (path: string) =>
    server.call(path, { headers: { Authorization: `Bearer ${token}` } });

  test.each([
    '/api/endpoints/1/docker/../../users',
    '/api/endpoints/1/docker/%2e%2e/%2E%2E/users',
    '/api/endpoints/1/docker/..%2f..%2fusers',
    '/api/endpoints/1/docker/containers/./json',
    '/api/endpoints/1/docker/containers\\json',
    '/api/endpoints/1/docker/containers%5cjson',
    '/api/endpoints/1/docker/containers/%00/json',
    '/api/endpoints/1/docker/containers/%0d%0aX:1/json',
    '/api/endpoints/1/docker/containers/%zz/json',
    '/api/../etc/passwd',
  ])('%s is a bad request', async (path) => {
    expect(await get(path)).toMatchObject({ status: 400, body: { message: 'Invalid path' } });
  });

  test.each(['/', '/api', '/api/nothing', '/api/endpoints/1/kubernetes', '/index.html'])(
    '%s leads nowhere',
    async (path) => {
      expect(await get(path)).toMatchObject({
        status: 404,
        text: '404 page not found\n',
        headers: { 'content-type': 'text/plain; charset=utf-8' },
      });
    },
  );

  test('another method on a known path is 405 without a body', async () => {
    const answer = await server.call('/api/auth', { method: 'GET' });
    expect([answer.status, answer.text]).toEqual([405, '']);
    expect((await server.call('/api/status', { method: 'TRACE' })).status).toBe(405);
  });

  test.each([
    ['/api/endpoints/99', 404, 'Unable to find an environment'],
    ['/api/endpoints/abc', 400, 'Invalid environment identifier'],
    ['/api/endpoints/-1', 400, 'Invalid environment identifier'],
    ['/api/endpoints/99/docker/info', 404, 'Unable to find an environment'],
    ['/api/endpoints/abc/docker/info', 400, 'Invalid environment identifier'],
    ['/api/endpoints/99999999999999999999/docker/info', 400, 'Invalid environment identifier'],
    ['/api/users/99', 404, 'Unable to find a user'],
  ])('%s: %s', async (path, status, message) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(answer.body.message).toContain(message);
  });

  test('the whole target as an URL is understood', async () => {
    const { text } = await sendRaw(
      'GET http://elsewhere/api/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    expect(text).toContain('"Version"');
  });
});

describe('what is hardly HTTP', () => {
  test('more than 16 KiB of headers are 431', async () => {
    const head = `GET /api/status HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`;
    const { text } = await sendRaw(head);
    expect(text).toMatch(/^HTTP\/1\.1 431 /);
    expect(text).toContain('"message":"Request headers too large"');
  });

  test('garbage is 400', async () => {
    expect((await sendRaw('hello there\r\n\r\n')).text).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('two lengths are 400: nothing is smuggled', async () => {
    const head =
      'POST /api/auth HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect((await sendRaw(`${head}0\r\n\r\n`)).text).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('an upgrade of a path that has none is refused and ends', async () => {
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';
    const { text } = await sendRaw(`GET /api/status HTTP/1.1\r\nHost: x\r\n${upgrade}\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 404 /);
  });

  test('an upgrade without a credential is 401', async () => {
    const upgrade = 'Connection: Upgrade\r\nUpgrade: tcp\r\n';
    const path = '/api/endpoints/1/docker/containers/a/attach';
    const { text } = await sendRaw(`POST ${path} HTTP/1.1\r\nHost: x\r\n${upgrade}\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 401 /);
  });

  test('plain bytes on the TLS port end the connection', async () => {
    const port = Number(new URL(server.url).port);
    await new Promise<void>((resolve) => {
      const socket = connect({ port, host: '127.0.0.1' }, () =>
        socket.write('GET / HTTP/1.1\r\n\r\n'),
      );
      socket.resume();
      socket.on('error', () => undefined);
      socket.on('close', () => resolve());
    });
  });
});
