/** Requests whose end two programs would see in different places: refused, and what hides behind them is never run. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';
import { sendBytes, statusesIn } from '../../support/raw-http.ts';

let server: InProcessServer;
let authorization: string;
beforeAll(async () => {
  server = await startInProcessServer();
  authorization = `Authorization: Bearer ${await server.signIn()}`;
});
afterAll(() => server[Symbol.asyncDispose]());

/** A change that would be seen. */
function hidden(name: string): string {
  const body = JSON.stringify({ Name: name });
  const head = `POST /api/teams HTTP/1.1\r\nHost: x\r\n${authorization}\r\n`;
  return `${head}Content-Length: ${body.length}\r\n\r\n${body}`;
}

const post = (headers: string) => `POST /api/auth HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;

test.each<[string, string]>([
  ['CL.TE', post('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n')],
  ['TE.CL', post('Transfer-Encoding: chunked\r\nContent-Length: 4\r\n')],
  ['TE.TE, the second unknown', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n')],
  ['an unknown coding', post('Transfer-Encoding: xchunked\r\n')],
  ['chunked, but not last', post('Transfer-Encoding: chunked, identity\r\n')],
  ['a blank before the colon', post('Transfer-Encoding : chunked\r\n')],
  ['a folded coding', post('Transfer-Encoding:\r\n chunked\r\nContent-Length: 4\r\n')],
  ['a folded name', post('X: a\r\n Transfer-Encoding: chunked\r\nContent-Length: 4\r\n \r\n')],
  ['two lengths', post('Content-Length: 0\r\nContent-Length: 4\r\n')],
  ['a list of lengths', post('Content-Length: 0, 4\r\n')],
  ['a length with a sign', post('Content-Length: +4\r\n')],
  ['a hexadecimal length', post('Content-Length: 0x4\r\n')],
  ['a length beyond all numbers', post('Content-Length: 99999999999999999999999\r\n')],
  ['a line that ends without CR', post('Content-Length: 4\nTransfer-Encoding: chunked\r\n')],
  ['NUL in a header', post('X: a\0b\r\n')],
  ['two hosts', 'GET /api/status HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
  ['no host', 'GET /api/status HTTP/1.1\r\n\r\n'],
  ['another version', 'GET /api/status HTTP/3.7\r\nHost: x\r\n\r\n'],
])('%s is refused with everything behind it', async (what, head) => {
  const text = await sendBytes(server.url, head + hidden(what));
  expect(statusesIn(text)).toEqual([expect.any(Number)]);
  expect([400, 505]).toContain(statusesIn(text)[0]);
});

test.each<[string, string]>([
  ['a chunk with a bad size', `${post('Transfer-Encoding: chunked\r\n')}zz\r\n`],
  ['a chunk longer than it says', `${post('Transfer-Encoding: chunked\r\n')}1\r\nabc\r\n`],
  ['a size beyond all numbers', `${post('Transfer-Encoding: chunked\r\n')}fffffffffffffffff\r\n`],
])('%s ends the connection', async (what, bytes) => {
  const statuses = statusesIn(await sendBytes(server.url, bytes + hidden(what)));
  expect(statuses.length).toBeLessThan(2);
  expect(statuses).not.toContain(200);
});

test('a refused request takes the rest of its connection with it', async () => {
  const refused = 'POST /api/teams HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\n';
  expect(statusesIn(await sendBytes(server.url, refused + hidden('body')))).toEqual([401]);
});

test('after a refused upgrade nothing on that connection is a request any more', async () => {
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';
  const refused = `GET /api/fleet/feed HTTP/1.1\r\nHost: x\r\n${upgrade}\r\n`;
  expect(statusesIn(await sendBytes(server.url, refused + hidden('upgrade')))).toEqual([401]);
});

test('two honest requests behind each other are two requests', async () => {
  const one = 'GET /api/status HTTP/1.1\r\nHost: x\r\n\r\n';
  const last = 'GET /api/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  expect(statusesIn(await sendBytes(server.url, one + last))).toEqual([200, 200]);
});

test('nothing was ever smuggled in', async () => {
  expect((await server.api('GET', '/api/teams')).body).toEqual([]);
});
