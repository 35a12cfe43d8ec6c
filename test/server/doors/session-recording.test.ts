/** What counts as a session that must be recorded, and that there is none where what it is in can't be known. */
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { socketRoute } from '../../../src/docker/socket-route.ts';
import type { Services } from '../../../src/server/doors/services.ts';
import { type Opener, recordStart } from '../../../src/server/doors/session-recording.ts';
import { Closing } from '../../support/closing.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const closing = new Closing();
let opener: Opener;
let answer: { readonly status: number; readonly body: object };
let begun: number;

beforeAll(async () => {
  const socketPath = join(closing.use(await temporaryFolder()).path, 'engine.sock');
  const engine = createServer((_, response) => {
    response.writeHead(answer.status, { Connection: 'close' }).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => engine.listen(socketPath, resolve));
  closing.use({ [Symbol.asyncDispose]: async () => void engine.close() });
  opener = {
    request: { socket: {} },
    grant: { user: { username: 'kim' } },
    environment: { id: 1, name: 'eu-1' },
    route: closing.use(socketRoute(socketPath)),
    signal: AbortSignal.timeout(20_000),
  } as unknown as Opener;
});
afterAll(() => closing.close());

const services = {
  recordings: {
    isOn: () => true,
    begin: async () => {
      begun += 1;
      return { output: () => undefined };
    },
  },
} as unknown as Services;

async function isRecorded(path: string, query = ''): Promise<boolean> {
  begun = 0;
  const tap = await recordStart(services, opener, {
    method: 'POST',
    path,
    query: new URLSearchParams(query),
  });
  expect(begun).toBe(tap === undefined ? 0 : 1);
  return tap !== undefined;
}

test('who may type into a container without a terminal is recorded; over a WebSocket everybody may', async () => {
  const Config = { Tty: false, OpenStdin: true };
  answer = { status: 200, body: { Id: 'c0', Name: '/piped', Config } };
  expect(await isRecorded('/containers/piped/attach', 'stdin=1')).toBe(true);
  expect(await isRecorded('/containers/piped/attach', 'stdin=false')).toBe(false);
  expect(await isRecorded('/v1.41/containers/piped/attach/ws', 'stream=1')).toBe(true);
});

test.each([
  ['/containers/gone/attach', 404, /No such container: gone/],
  ['/exec/gone/start', 404, /No such container: gone/],
  ['/containers/gone/attach', 500, /must be recorded/],
])('where %s is not known (%i), there is no session', async (path, status, words) => {
  answer = { status, body: { message: 'No such container: gone' } };
  await expect(isRecorded(path, 'stdin=1&stdout=1&stream=1')).rejects.toThrow(words);
  expect(begun).toBe(0);
});
