/** A server without our feed: watched by the console itself, with everything but what only our server has. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Credential } from '../../src/client/context-shape.ts';
import { portainerFleet } from '../../src/client/portainer-fleet.ts';
import { parseServerAddress } from '../../src/client/server-address.ts';
import { serverFleet } from '../../src/client/server-fleet.ts';
import { probeServer } from '../../src/client/server-probe.ts';
import { signIn, signInWithKey } from '../../src/client/sign-in.ts';
import type { Fault } from '../../src/protocol/fault.ts';
import { Closing } from '../support/closing.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { FleetRecorder } from '../support/fleet-recorder.ts';
import {
  ADMIN_PASSWORD,
  type InProcessServer,
  startInProcessServer,
} from '../support/in-process-server.ts';
import { type PortainerFront, startPortainerFront } from '../support/portainer-front.ts';

const closing = new Closing();
let engine: TestEngine;
let server: InProcessServer;
let front: PortainerFront;
let credential: Credential;

const signal = () => AbortSignal.timeout(30_000);
const reach = () => ({
  address: parseServerAddress(front.url),
  pin: front.fingerprint,
  signal: signal(),
});

beforeAll(async () => {
  engine = closing.use(await startEngine({ version: 'old', name: 'genuine' }));
  const sleep = ['busybox', 'sleep', '10000'];
  await engine.docker('run', '-d', '--init', '--name', 'web', ...sleep);
  await engine.docker('run', '-dit', '--name', 'shell', 'busybox', 'sh');
  const settings = { engineUrl: `unix://${engine.socketPath}` };
  server = closing.use(await startInProcessServer({ settings }));
  front = closing.use(await startPortainerFront(server.url));
  credential = await signIn(reach(), { username: 'admin', password: ADMIN_PASSWORD });
}, 120_000);
afterAll(() => closing.close());

function openFleet(listIntervalMs = 60_000) {
  const { url, fingerprint } = front;
  return portainerFleet({ url, fingerprint, credential, listIntervalMs });
}

async function gathered(stream: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk.toString();
  return text;
}

test('it is known for what it is; a fleet with a feed says to sign in again', async () => {
  expect(await probeServer(reach())).toMatchObject({ product: 'portainer', trustedBy: 'pin' });
  const { url, fingerprint } = front;
  await using fleet = serverFleet({ url, fingerprint, credential });
  const seen = new FleetRecorder(fleet);
  await seen.sees(({ connection }) => connection?.kind === 'refused');
  expect(seen.connection).toMatchObject({ reason: expect.stringContaining('sign in again') });
});

test('containers are shown live, restarted, and their logs read', async () => {
  await using fleet = openFleet();
  const seen = new FleetRecorder(fleet);
  const web = await seen.sees(() => seen.container('web'));
  await seen.sees(({ connection }) => connection?.kind === 'live');
  expect(fleet.title).toContain('(Portainer)');
  const startedAt = () => engine.docker('inspect', '-f', '{{.State.StartedAt}}', 'web');
  const before = await startedAt();
  await fleet.engine(1).act(web.id, 'restart', {}, signal());
  expect(await startedAt()).not.toBe(before);
  await engine.docker('run', '-d', '--name', 'talks', 'busybox', 'echo', 'hello there');
  const talks = await seen.sees(() =>
    seen.container('talks')?.state === 'exited' ? seen.container('talks') : undefined,
  );
  const lines: string[] = [];
  for await (const batch of fleet.engine(1).logs(talks.id, { follow: false }, signal())) {
    lines.push(...batch.map(({ text }) => text));
  }
  expect(lines).toEqual(['hello there']);
  await engine.docker('rm', 'talks');
  await seen.sees(() => !seen.container('talks'));
  expect(
    front.asked.some((path) => path.startsWith('/api/fleet/') && !/about|feed/.test(path)),
  ).toBe(false);
});

test('a shell, a command and attach go through WebSockets', async () => {
  await using fleet = openFleet();
  const seen = new FleetRecorder(fleet);
  const web = await seen.sees(() => seen.container('web'));
  const through = fleet.engine(1);
  const size = { columns: 90, rows: 20 };
  const shell = await through.exec(web.id, { cmd: ['sh'], tty: true, size }, signal());
  shell.stream.write('stty size; echo "<日本>"; exit 5\n');
  const said = await gathered(shell.stream);
  expect(said).toContain('20 90');
  expect(said).toContain('<日本>\r\n');
  expect(await shell.exit()).toBe(5);
  const cmd = ['sh', '-c', 'seq 300; echo wrong >&2; exit 3'];
  const command = await through.exec(web.id, { cmd, tty: false }, signal());
  const numbers = Array.from({ length: 300 }, (_, index) => `${index + 1}\n`).join('');
  expect(await gathered(command.stream)).toBe(`${numbers}wrong\n`);
  expect(await command.exit()).toBe(3);
  const terminal = seen.container('shell');
  const attached = await through.attach(terminal?.id ?? '', { tty: true, input: true }, signal());
  attached.stream.write(`echo at"tached"; : ${'x'.repeat(5_000)}\n`);
  for await (const chunk of attached.stream) if (String(chunk).includes('attached')) break;
  const bare = await through
    .attach(web.id, { tty: false, input: false }, signal())
    .catch((fault: Fault) => fault.message);
  expect(bare).toContain('read its log instead');
});

test('environments come and go', async () => {
  await using fleet = openFleet(100);
  const seen = new FleetRecorder(fleet);
  await seen.sees(({ environments }) => environments[0]?.connection === 'up');
  const second = { Name: 'second', EndpointCreationType: 1, URL: `unix://${engine.socketPath}` };
  const { status, body } = await server.api('POST', '/api/endpoints', second);
  expect(status).toBe(200);
  const of = (id: number) => seen.environments.find((environment) => environment.id === id);
  await seen.sees(() => of(body.Id)?.connection === 'up');
  expect(fleet.engine(body.Id)).toBeDefined();
  expect((await server.api('DELETE', `/api/endpoints/${body.Id}`)).status).toBe(204);
  await seen.sees(() => of(body.Id) === undefined);
  expect(() => fleet.engine(body.Id)).toThrow('no environment');
  await seen.sees(() => seen.container('web'));
});

test('a ptr_ key signs in; one that nobody knows is refused for good', async () => {
  expect(await signInWithKey(reach(), credential.token)).toEqual({
    token: credential.token,
    userId: 1,
    username: 'admin',
  });
  const wrong = await signInWithKey(reach(), 'ptr_wrong').catch((fault: Fault) => fault);
  expect(wrong).toMatchObject({ code: 'unauthorized' });
  const { url, fingerprint } = front;
  await using fleet = portainerFleet({ url, fingerprint, credential: { token: 'ptr_wrong' } });
  const seen = new FleetRecorder(fleet);
  await seen.sees(({ connection }) => connection?.kind === 'refused');
});

test('a server that goes away comes back by itself', async () => {
  const gone = await startPortainerFront(server.url);
  const { url, fingerprint } = gone;
  await using fleet = portainerFleet({ url, fingerprint, credential, listIntervalMs: 100 });
  const seen = new FleetRecorder(fleet);
  await seen.sees(() => seen.container('web'));
  await gone[Symbol.asyncDispose]();
  await seen.sees(({ connection }) => connection?.kind === 'lost');
  await using _back = await startPortainerFront(server.url, gone);
  await seen.sees(({ connection }) => connection?.kind === 'live');
  await seen.sees(({ environments }) => environments[0]?.connection === 'up');
});
