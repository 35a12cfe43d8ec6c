/** An engine that takes every call and never answers: it is called down, and nobody waits for it for ever. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { startInProcessServer } from '../../support/in-process-server.ts';
import { listenHttp } from '../../support/listeners.ts';

/** As much of an engine as the server asks for, until it hangs. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? '';
  if (path.startsWith('/events')) response.writeHead(200).flushHeaders();
  else if (path.startsWith('/info')) response.end('{"NCPU":1,"ServerVersion":"1"}');
  else if (path.startsWith('/version')) response.end('{"Version":"1","ApiVersion":"1.41"}');
  else if (path.startsWith('/_ping')) response.end('OK');
  else response.end('[]');
}

test('what was asked before is ended when it is called down, what is asked after waits ten seconds', async () => {
  await using server = await startInProcessServer();
  let isHung = false;
  let asked: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => {
    asked = resolve;
  });
  await using engine = await listenHttp((request, response) => {
    if (request.url?.includes('slow')) asked();
    if (!isHung) answer(request, response);
  });
  const made = await server.api('POST', '/api/endpoints', {
    Name: 'hangs',
    EndpointCreationType: 1,
    URL: `tcp://${engine.where}`,
  });
  expect(made.status).toBe(200);
  const path = `/api/endpoints/${made.body.Id}`;
  while (server.server.services.model.environment(made.body.Id)?.connection !== 'up') {
    await server.api('POST', `${path}/snapshot`);
  }
  isHung = true;
  const before = server.api('POST', `${path}/docker/containers/slow/wait`);
  await arrived;
  const startMs = performance.now();
  const { watcher } = server.server.services.supervisor.get(made.body.Id);
  const down = once(watcher.downSignal(), 'abort');
  // Two missed heartbeats, sooner than they would come by themselves.
  await watcher.check();
  await watcher.check();
  await down;
  expect(await before).toMatchObject({
    status: 502,
    body: { details: 'Environment "hangs" is down: it has just stopped answering.' },
  });
  expect((await server.api('GET', path)).body.Status).toBe(2);

  const after = await server.api('GET', `${path}/docker/info`);
  expect(after.status).toBe(502);
  expect(after.body.details).toContain('no answer within 10 seconds');
  expect(performance.now() - startMs).toBeLessThan(40_000);

  isHung = false;
  await server.api('POST', `${path}/snapshot`);
  expect((await server.api('GET', `${path}/docker/info`)).status).toBe(200);
});
