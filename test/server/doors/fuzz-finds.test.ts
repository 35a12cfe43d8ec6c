/** What the fuzz has found: answers without a body to requests whose body is late, and two changes of one key at once. */
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Closing } from '../../support/closing.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';

const closing = new Closing();
let server: InProcessServer;
beforeAll(async () => {
  server = closing.use(await startInProcessServer());
});
afterAll(() => closing.close());

test('an answer without a body is not held back by a body that has not come', async () => {
  const socket = connect({ port: Number(new URL(server.url).port), rejectUnauthorized: false });
  closing.defer(() => socket.destroy());
  socket.write('GET /api/users/admin/check HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n');
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  expect(answer).toMatch(/^HTTP\/1\.1 204 /);
});

test('of two changes of the link key at once the second sees what the first waits for', async () => {
  const wish = { Name: 'unused', EndpointCreationType: 4, URL: 'https://fleet.example:9443' };
  await server.api('POST', '/api/endpoints', wish);
  const change = () => server.api('POST', '/api/fleet/link-key/rotate');
  const answers = await Promise.all([change(), change(), change()]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
});
