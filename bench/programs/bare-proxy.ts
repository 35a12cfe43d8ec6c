/**
 * The least that passes calls on in Node: HTTPS to an engine's socket, or to the next of its kind. Whatever reads HTTP, judges
 * nothing and writes HTTP costs as much. `bare-proxy SOCKET` or `bare-proxy --port PORT`; says its own port.
 */
import { generateKeyPairSync } from 'node:crypto';
import {
  Agent as HttpAgent,
  type IncomingMessage,
  request as plainRequest,
  type RequestOptions,
} from 'node:http';
import { createServer, Agent as HttpsAgent, request as tlsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSignedPem } from '../../src/link/self-signed.ts';

const [, , where = '', port] = process.argv;
const isLast = where !== '--port';
const road: RequestOptions = isLast
  ? { socketPath: where, agent: new HttpAgent({ keepAlive: true }) }
  : { host: '127.0.0.1', port, agent: new HttpsAgent({ keepAlive: true }) };
const request = isLast ? plainRequest : tlsRequest;

const next = ({ method, url, headers }: IncomingMessage) =>
  request({
    ...road,
    ...{ method, path: url, headers, rejectUnauthorized: false },
  } as RequestOptions);

/** Without what is said of one connection only. */
function headersOf({ headers }: IncomingMessage) {
  const { connection: _, 'keep-alive': __, ...kept } = headers;
  return kept;
}

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const names = { commonName: 'bench', names: [], addresses: ['127.0.0.1'] };
const server = createServer({
  key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  cert: selfSignedPem(privateKey, names),
  ALPNProtocols: ['http/1.1'],
});
server.keepAliveTimeout = 65_000;
server.on('request', (incoming, response) => {
  const outgoing = next(incoming).on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, headersOf(answer));
    answer.pipe(response);
  });
  outgoing.on('error', () => response.destroy());
  response.on('close', () => outgoing.destroy());
  incoming.pipe(outgoing);
});
server.on('upgrade', (incoming, socket, head) => {
  socket.on('error', () => socket.destroy());
  const outgoing = next(incoming).on('upgrade', (_, stream) => {
    stream.on('error', () => stream.destroy()).on('close', () => socket.destroy());
    socket.on('close', () => stream.destroy());
    socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    socket.pipe(stream).pipe(socket);
  });
  outgoing.on('error', () => socket.destroy());
  // All that a client sends before it is answered is the body.
  if (head.length > 0) socket.unshift(head);
  socket.once('data', (body: Buffer) => outgoing.end(body));
});
server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
