/** Docker over TCP with TLS: the authority, certificate and key of a form are what the connection is made with. */
import { connect } from 'node:net';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../../support/closing.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';
import { type Certificate, certificateFor } from '../../support/listeners.ts';

const closing = new Closing();
let engine: TestEngine;
let server: InProcessServer;
let ca: Certificate;
let port: number;

/** TLS that asks for a certificate of `ca`, in front of the engine's socket. */
async function protect(): Promise<number> {
  const shown = await certificateFor({ ca });
  const front = createServer({ ...shown, ca: ca.cert, requestCert: true }, (secure) => {
    const inner = connect(engine.socketPath);
    secure.pipe(inner).pipe(secure);
    for (const end of [secure, inner]) {
      end.on('error', () => undefined);
      end.on('close', () => {
        secure.destroy();
        inner.destroy();
      });
    }
  });
  closing.defer(() => front.close());
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  return (front.address() as { port: number }).port;
}

beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'old', name: 'c5' }));
  server = closing.use(await startInProcessServer());
  ca = await certificateFor({ name: 'test authority' });
  port = await protect();
});
afterAll(() => closing.close());

async function create(fields: Record<string, string>, files: Record<string, string>) {
  const form = new FormData();
  const all = { EndpointCreationType: '1', URL: `tcp://localhost:${port}`, TLS: 'true', ...fields };
  for (const [name, value] of Object.entries(all)) form.set(name, value);
  for (const [name, pem] of Object.entries(files)) form.set(name, new Blob([pem]), `${name}.pem`);
  const request = new Request('http://x', { method: 'POST', body: form });
  const headers = {
    Authorization: `Bearer ${await server.signIn()}`,
    'Content-Type': request.headers.get('content-type') ?? '',
  };
  const body = Buffer.from(await request.arrayBuffer());
  return server.call('/api/endpoints', { method: 'POST', headers, body });
}

test('with all three files it is verified both ways', async () => {
  const own = await certificateFor({ ca, name: 'fleet' });
  const files = { TLSCACertFile: ca.cert, TLSCertFile: own.cert, TLSKeyFile: own.key };
  const made = await create({ Name: 'verified' }, files);
  expect(made.status).toBe(200);
  expect(made.body.TLSConfig).toEqual({ TLS: true, TLSSkipVerify: false });
  expect(made.text).not.toContain('PRIVATE KEY');
  const info = await server.api('GET', `/api/endpoints/${made.body.Id}/docker/info`);
  expect(info.body.ServerVersion).toContain('20.10');
});

test('another authority, or no certificate of our own, is refused in words', async () => {
  const own = await certificateFor({ ca, name: 'fleet' });
  const foreign = await certificateFor({ name: 'somebody else' });
  const pair = { TLSCertFile: own.cert, TLSKeyFile: own.key };
  const distrusted = await create({ Name: 'a' }, { ...pair, TLSCACertFile: foreign.cert });
  expect(distrusted.status).toBe(422);
  expect(distrusted.body.details).toMatch(/certificate/);
  const bare = await create({ Name: 'b', TLSSkipVerify: 'true', TLSSkipClientVerify: 'true' }, {});
  expect(bare.status).toBe(422);
});
