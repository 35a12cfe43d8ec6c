/** What is not a good agent: each is refused in words within seconds, and never holds the server up. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../../support/closing.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';
import {
  type Certificate,
  certificateFor,
  listenHttps,
  listenTcp,
} from '../../support/listeners.ts';

const closing = new Closing();
let server: InProcessServer;
let certificate: Certificate;
beforeAll(async () => {
  server = closing.use(await startInProcessServer());
  certificate = await certificateFor();
});
afterAll(() => closing.close());

const create = (where: string) =>
  server.api('POST', '/api/endpoints', {
    Name: `agent ${where}`,
    EndpointCreationType: 2,
    URL: `tcp://${where}`,
    TLS: false,
  });

const AGENT_HEADERS = {
  'Portainer-Agent': '2.23.0',
  'Portainer-Agent-API-Version': '2',
  'Portainer-Agent-Platform': '1',
};

test('one that hangs before TLS', async () => {
  await using silent = await listenTcp(() => undefined);
  const startMs = performance.now();
  const answer = await create(silent.where);
  expect(answer).toMatchObject({
    status: 422,
    body: { message: 'Unable to get environment type' },
  });
  expect(answer.body.details).toMatch(/within 3 seconds/);
  expect(performance.now() - startMs).toBeLessThan(8_000);
});

test('one that speaks garbage', async () => {
  await using garbage = await listenTcp((socket) =>
    socket.write('\u0000\u0001 SSH-2.0 nonsense\r\n'),
  );
  const answer = await create(garbage.where);
  expect(answer).toMatchObject({
    status: 422,
    body: { message: 'Unable to get environment type' },
  });
  expect(answer.body.details).toMatch(/does not speak TLS/);
});

test('another HTTPS server', async () => {
  await using web = await listenHttps(certificate, (_, response) => response.end('<html>'));
  const answer = await create(web.where);
  expect(answer.status).toBe(422);
  expect(answer.body.details).toContain('not as an agent (GET /ping gave 200)');
});

test('one beside Kubernetes', async () => {
  const headers = { ...AGENT_HEADERS, 'Portainer-Agent-Platform': '2' };
  await using agent = await listenHttps(certificate, (_, response) =>
    response.writeHead(204, headers).end(),
  );
  expect((await create(agent.where)).body.details).toContain('Kubernetes');
});

test('one that another server owns', async () => {
  await using agent = await listenHttps(certificate, (request, response) => {
    if (request.url === '/ping') response.writeHead(204, AGENT_HEADERS).end();
    else
      response
        .writeHead(403)
        .end('{"message":"Invalid request signature","details":"Unauthorized"}');
  });
  expect(await create(agent.where)).toMatchObject({
    status: 422,
    body: {
      message: 'Unable to initiate communications with environment',
      details: 'Agent already paired with another Portainer instance',
    },
  });
});

test('one whose engine never answers', async () => {
  await using agent = await listenHttps(certificate, (request, response) => {
    if (request.url === '/ping') response.writeHead(204, AGENT_HEADERS).end();
  });
  const answer = await create(agent.where);
  expect(answer.body.message).toBe('Unable to initiate communications with environment');
  expect(answer.body.details).toMatch(/within 10 seconds/);
}, 30_000);

test('one that answers JSON of another kind', async () => {
  await using agent = await listenHttps(certificate, (request, response) => {
    if (request.url === '/ping') response.writeHead(204, AGENT_HEADERS).end();
    else response.end('[]');
  });
  expect((await create(agent.where)).body.details).toContain('not as a Docker engine');
});

test('an agent with another certificate than at first contact is down, and no request of ours reaches it', async () => {
  const info = { NCPU: 1, ServerVersion: '26', MemTotal: 1, Swarm: {} };
  const engine = (request: { url?: string | undefined }): unknown => {
    if (request.url?.startsWith('/info')) return info;
    return request.url?.startsWith('/version') ? { Version: '26', ApiVersion: '1.45' } : [];
  };
  const good = await listenHttps(certificate, (request, response) => {
    if (request.url === '/ping') response.writeHead(204, AGENT_HEADERS).end();
    else if (!request.url?.startsWith('/events')) response.end(JSON.stringify(engine(request)));
  });
  const created = await create(good.where);
  expect(created.status).toBe(200);
  await good[Symbol.asyncDispose]();

  let requests = 0;
  await using _impostor = await listenHttps(
    await certificateFor(),
    (_, response) => {
      requests += 1;
      response.end('{}');
    },
    good.port,
  );
  const path = `/api/endpoints/${created.body.Id}`;
  const answer = await server.api('GET', `${path}/docker/containers/json`);
  expect(answer).toMatchObject({
    status: 502,
    body: { message: 'Unable to proxy the request to the environment' },
  });
  expect(answer.body.details).toContain('another certificate than the one accepted before');
  await server.api('POST', `${path}/snapshot`);
  expect((await server.api('GET', path)).body.Status).toBe(2);
  expect(requests).toBe(0);
});
