/** Another certificate for HTTPS while the server runs: uploaded, replaced on disk, read on SIGHUP. Nobody is cut off by it. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Closing } from '../../support/closing.ts';
import { startEdgeAgent } from '../../support/edge-agent.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';
import { type Certificate, certificateFor } from '../../support/listeners.ts';
import { startServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';

const closing = new Closing();
let server: InProcessServer;
let dataFolder: string;
beforeAll(async () => {
  dataFolder = closing.use(await temporaryFolder()).path;
  server = closing.use(await startInProcessServer({ settings: { dataFolder } }));
});
afterAll(() => closing.close());

/** The certificate that a new connection is shown. */
async function shownBy(url: string): Promise<string> {
  const { hostname: host, port } = new URL(url);
  const socket = connect({ host, port: Number(port), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

const printOf = ({ cert }: Certificate) => new X509Certificate(cert).fingerprint256;
const put = (body: object) => server.api('PUT', '/api/ssl', body);

test('its shape is that of Portainer', async () => {
  const { status, body } = await server.api('GET', '/api/ssl');
  expect([status, body]).toEqual([
    200,
    {
      certPath: join(dataFolder, 'cert.pem'),
      keyPath: join(dataFolder, 'key.pem'),
      selfSigned: true,
      httpEnabled: false,
    },
  ]);
});

test('an uploaded certificate is shown at once; a feed, a kept connection and an agent go on', async () => {
  const wish = { Name: 'edge', EndpointCreationType: 4, URL: server.url };
  const { EdgeKey: edgeKey, EdgeID: edgeId } = (await server.api('POST', '/api/endpoints', wish))
    .body;
  const agent = closing.use(await startEdgeAgent({ edgeKey, edgeId }));
  const link = await agent.linked();
  const headers = { Authorization: `Bearer ${await server.signIn()}` };
  const feedUrl = `${server.url.replace('https:', 'wss:')}/api/fleet/feed`;
  const feed = new WebSocket(feedUrl, { headers, rejectUnauthorized: false });
  await once(feed, 'open');
  const next = await certificateFor();
  const { status, text } = await put({ Cert: next.cert, Key: next.key });
  expect([status, text]).toEqual([204, '']);
  expect(await shownBy(server.url)).toBe(printOf(next));
  // A change that the open feed tells of.
  await server.api('POST', '/api/endpoints', { ...wish, Name: 'second' });
  await once(feed, 'message');
  expect(agent.link).toBe(link);
  expect(agent.ends).toEqual([]);
  expect((await server.api('GET', '/api/ssl')).body.certPath).toBe(join(dataFolder, 'https.pem'));
  feed.terminate();
});

test.each<[string, (pair: Certificate, other: Certificate) => object]>([
  ['a key of another certificate', ({ cert }, { key }) => ({ Cert: cert, Key: key })],
  ['rubbish', () => ({ Cert: 'x', Key: 'y' })],
  ['half of it', ({ cert }) => ({ Cert: cert })],
  ['plain HTTP switched on', () => ({ HTTPEnabled: true })],
])('%s is refused, and the old one stays', async (_what, bodyOf) => {
  const before = await shownBy(server.url);
  const answer = await put(bodyOf(await certificateFor(), await certificateFor()));
  expect(answer.status).toBe(400);
  expect(answer.text).not.toContain('PRIVATE KEY');
  expect(await shownBy(server.url)).toBe(before);
});

test('only administrators', async () => {
  await server.api('POST', '/api/users', {
    Username: 'ada',
    Password: 'a long enough password',
    Role: 2,
  });
  const headers = {
    Authorization: `Bearer ${await server.signIn('ada', 'a long enough password')}`,
  };
  for (const method of ['GET', 'PUT']) {
    expect((await server.call('/api/ssl', { method, headers, body: {} })).status).toBe(403);
  }
});

test('after a restart the uploaded one is shown', async () => {
  const before = await shownBy(server.url);
  await server[Symbol.asyncDispose]();
  await using again = await startInProcessServer({ settings: { dataFolder } });
  expect(await shownBy(again.url)).toBe(before);
});

test('files of the operator are read again when they change, and on SIGHUP; a broken pair changes nothing', async () => {
  const { path } = closing.use(await temporaryFolder());
  const [certFile, keyFile] = [join(path, 'c.pem'), join(path, 'k.pem')];
  const keep = async ({ cert, key }: Certificate) => {
    await writeFile(certFile, cert);
    await writeFile(keyFile, key);
  };
  const first = await certificateFor();
  await keep(first);
  await using program = await startServer({ args: ['--sslcert', certFile, '--sslkey', keyFile] });
  expect(await shownBy(program.url)).toBe(printOf(first));
  const second = await certificateFor();
  await keep(second);
  await until(async () => (await shownBy(program.url)) === printOf(second), 20_000);
  await writeFile(keyFile, 'rubbish');
  program.kill('SIGHUP');
  await until(() => program.log().includes('certificate of HTTPS was not read again'));
  expect(await shownBy(program.url)).toBe(printOf(second));
  const third = await certificateFor();
  await keep(third);
  program.kill('SIGHUP');
  await until(async () => (await shownBy(program.url)) === printOf(third));
  const upload = await program.api('PUT', '/api/ssl', { Cert: first.cert, Key: first.key });
  expect([upload.status, upload.body.message]).toEqual([409, expect.stringContaining('--sslcert')]);
});
