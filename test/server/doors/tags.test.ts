/** Tags through the REST API: made, carried by environments, told in the feed, found by search, and taken off with the tag. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FeedMessage } from '../../../src/protocol/feed.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { type InProcessServer, startInProcessServer } from '../../support/in-process-server.ts';

let engine: TestEngine;
let server: InProcessServer;
beforeAll(async () => {
  engine = await startEngine({ version: 'new', name: 'tagged' });
  server = await startInProcessServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

const tagsNow = (id: number) => server.server.services.model.environment(id)?.tags;

test('an environment carries tags by id, and the feed tells their names', async () => {
  const production = await server.api('POST', '/api/tags', { Name: ' production ' });
  expect(production).toMatchObject({
    status: 200,
    body: { ID: 1, Name: 'production', Endpoints: {}, EndpointGroups: {} },
  });
  const { body: europe } = await server.api('POST', '/api/tags', { name: 'eu' });
  expect((await server.api('POST', '/api/tags', { Name: 'production' })).status).toBe(409);
  const made = await server.api('POST', '/api/endpoints', {
    Name: 'shop',
    EndpointCreationType: 1,
    URL: `unix://${engine.socketPath}`,
    TagIds: [1, europe.ID],
  });
  expect(made.body).toMatchObject({ TagIds: [1, 2] });
  const { Id: id } = made.body;
  expect(tagsNow(id)).toEqual(['eu', 'production']);
  const told: FeedMessage[] = [];
  const end = server.server.services.model.subscribe((message) => told.push(message));
  expect(told[0]).toMatchObject({ environments: [{ name: 'shop', tags: ['eu', 'production'] }] });
  end();
  expect((await server.api('GET', '/api/endpoints?search=produc')).body).toHaveLength(1);
  expect((await server.api('GET', '/api/tags')).body).toMatchObject([
    { Name: 'production', Endpoints: { [id]: true } },
    { Name: 'eu' },
  ]);

  const bare = await server.api('PUT', `/api/endpoints/${id}`, { TagIDs: [2] });
  expect(bare.body).toMatchObject({ TagIds: [2] });
  expect(tagsNow(id)).toEqual(['eu']);
  expect((await server.api('DELETE', '/api/tags/2')).status).toBe(204);
  expect(tagsNow(id)).toEqual([]);
  expect((await server.api('GET', `/api/endpoints/${id}`)).body).toMatchObject({ TagIds: [] });
});

test('what names no tag is refused, and only administrators make them', async () => {
  const refused = await server.api('PUT', '/api/endpoints/1', { TagIDs: [77] });
  expect(refused).toMatchObject({ status: 400, body: { details: 'There is no tag 77.' } });
  expect((await server.api('DELETE', '/api/tags/77')).status).toBe(404);
  for (const Name of ['', '   ', 'x'.repeat(101), 'bell\u0007']) {
    expect((await server.api('POST', '/api/tags', { Name })).status, Name).toBe(400);
  }
  await server.api('POST', '/api/users', { Username: 'eve', Password: 'twelve letters and more' });
  const token = await server.signIn('eve', 'twelve letters and more');
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ Name: 'mine' });
  const asEve = await server.call('/api/tags', { method: 'POST', headers, body });
  expect(asEve.status).toBe(403);
  expect((await server.call('/api/tags')).status).toBe(401);
});
