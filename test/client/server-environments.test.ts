/** Links and new environments asked of a real server, and of web servers that answer in every wrong way. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Credential } from '../../src/client/context-shape.ts';
import type { Fleet } from '../../src/client/fleet.ts';
import { parseServerAddress } from '../../src/client/server-address.ts';
import { createEnvironment, fetchLinkStatus } from '../../src/client/server-environments.ts';
import { serverFleet } from '../../src/client/server-fleet.ts';
import { probeServer } from '../../src/client/server-probe.ts';
import { signIn } from '../../src/client/sign-in.ts';
import { parseEdgeKey } from '../../src/link/edge-key.ts';
import { fingerprintOf } from '../../src/link/pin.ts';
import type { AddedEnvironment } from '../../src/protocol/new-environment.ts';
import { FleetRecorder } from '../support/fleet-recorder.ts';
import {
  ADMIN_PASSWORD,
  type InProcessServer,
  startInProcessServer,
} from '../support/in-process-server.ts';
import { type Certificate, certificateFor, listenHttps } from '../support/listeners.ts';
import { linkStatus, SECRET_ID } from '../support/sample-link.ts';

const signal = () => AbortSignal.timeout(20_000);
const EDGE = { name: 'shop', kind: 'edge-agent', url: 'https://fleet.example:9443' } as const;

describe('a real server', () => {
  let server: InProcessServer;
  let fleet: Fleet;
  let added: AddedEnvironment;

  beforeAll(async () => {
    server = await startInProcessServer();
    const address = parseServerAddress(server.url);
    const probed = await probeServer({ address, signal: signal() });
    const fingerprint = 'fingerprint' in probed ? probed.fingerprint : '';
    const reach = { address, pin: fingerprint, signal: signal() };
    const login = { username: 'admin', password: ADMIN_PASSWORD };
    const credential: Credential = await signIn(reach, login);
    fleet = serverFleet({ url: server.url, credential, fingerprint });
    const seen = new FleetRecorder(fleet);
    await seen.sees(() => seen.connection?.kind === 'live');
    added = (await fleet.addEnvironment?.(EDGE, signal())) as AddedEnvironment;
  }, 30_000);
  afterAll(async () => {
    await fleet?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  it('answers with what an edge agent needs, and says that no authority vouches for it', () => {
    const key = parseEdgeKey(added.edgeKey ?? '');
    expect(key).toMatchObject({ url: EDGE.url, environmentId: added.environmentId });
    expect(added.edgeId).toMatch(/^[\w-]{32,}$/);
    expect(added.isOwnCertificate).toBe(true);
    expect(server.logged.join('')).not.toContain(added.edgeId);
  });

  it('tells of a link that waits for its first agent', async () => {
    const status = await fleet.linkStatus?.(added.environmentId, signal());
    expect(status).toMatchObject({
      environmentId: added.environmentId,
      name: 'shop',
      isEdge: true,
      state: 'waiting',
      agentFingerprint: null,
      ends: [],
    });
    expect(status?.serverFingerprint).toMatch(/^[\w+/]{43}=$/);
    expect(status?.joinExpiresAtMs).toBeGreaterThan(Date.now());
  });

  it('refuses in its own words', async () => {
    const nowhere = { name: 'gone', kind: 'agent', url: 'tcp://127.0.0.1:1' } as const;
    const refused = fleet.addEnvironment?.(nowhere, signal());
    await expect(refused).rejects.toThrow(
      /^127\.0\.0\.1:\d+ did not add the environment: .*127\.0\.0\.1:1/,
    );
    await expect(fleet.addEnvironment?.(EDGE, signal())).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(fleet.linkStatus?.(999, signal())).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is not asked when the person has left already', async () => {
    const gone = AbortSignal.abort();
    await expect(fleet.linkStatus?.(1, gone)).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('a server that answers strangely', () => {
  let certificate: Certificate;
  beforeAll(async () => {
    certificate = await certificateFor();
  });

  async function asked<T>(
    answer: { readonly status?: number; readonly body: unknown },
    ask: (session: Parameters<typeof fetchLinkStatus>[0]) => Promise<T>,
  ): Promise<T> {
    const seen: string[] = [];
    await using web = await listenHttps(certificate, (request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers['x-api-key']}`);
      const { status = 200, body } = answer;
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    const { X509Certificate } = await import('node:crypto');
    const pin = fingerprintOf(new X509Certificate(certificate.cert).raw);
    const address = parseServerAddress(`https://${web.where}`);
    const session = { reach: { address, pin, signal: signal() }, headers: { 'x-api-key': 'key' } };
    return await ask(session).finally(() => expect(seen[0]).toMatch(/ \/api\/.* key$/));
  }

  const link = (session: Parameters<typeof fetchLinkStatus>[0]) => fetchLinkStatus(session, 5);
  const add = (session: Parameters<typeof fetchLinkStatus>[0]) => createEnvironment(session, EDGE);

  it('is understood when it only knows more than this console', async () => {
    const refused = [{ atMs: 1, address: 'a', code: 'brand-new', sentence: 'No.' }];
    const status = await asked({ body: { ...linkStatus(), refused, more: 1 } }, link);
    expect(status).toEqual({ ...linkStatus(), refused: [{ ...refused[0], code: 'internal' }] });
  });

  it.each([
    ['HTML', '<html>'],
    ['null', null],
    ['a state that is none', { ...linkStatus(), state: 'sideways' }],
    ['a number as text', { ...linkStatus(), sinceMs: '1' }],
    [
      'a million ends',
      { ...linkStatus(), ends: Array.from({ length: 1_001 }, () => linkStatus().ends[0]) },
    ],
  ])('%s is refused in a sentence', async (_name, body) => {
    const asking = asked({ body }, link);
    await expect(asking).rejects.toMatchObject({ code: 'bad-peer' });
    await expect(asking).rejects.toThrow(/a form that this console knows/);
  });

  it.each([
    [401, { message: 'Invalid API key' }, 'unauthorized', /Invalid API key/],
    [
      403,
      { message: 'Access denied', details: 'Only administrators.' },
      'forbidden',
      /Access denied: Only admin/,
    ],
    [404, '404 page not found', 'not-found', /status 404/],
    [503, '<html>', 'unreachable', /status 503/],
  ])('status %i is told with its words', async (status, body, code, words) => {
    const asking = asked({ status, body }, link);
    await expect(asking).rejects.toMatchObject({ code });
    await expect(asking).rejects.toThrow(words);
  });

  it.each([
    ['no secrets', { Id: 7 }],
    ['a secret with a line break', { Id: 7, EdgeKey: 'a2V5', EdgeID: `${SECRET_ID}\nreboot` }],
    ['an empty secret', { Id: 7, EdgeKey: 'a2V5', EdgeID: '' }],
  ])('an edge environment with %s is not shown as added', async (_name, body) => {
    const adding = asked({ body }, add);
    await expect(adding).rejects.toThrow(/added environment 7, but did not answer with EDGE_KEY/);
    await expect(adding).rejects.not.toThrow(SECRET_ID);
  });

  it('an answer without an id is refused and never quoted', async () => {
    const adding = asked({ body: { EdgeKey: 'a2V5', EdgeID: SECRET_ID } }, add);
    await expect(adding).rejects.toThrow(/the new environment in a form/);
    const { cause, message } = (await adding.catch((error: unknown) => error)) as Error;
    expect(`${message} ${cause}`).not.toContain(SECRET_ID);
  });
});
