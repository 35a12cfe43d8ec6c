/** The audit trail at a real rsyslogd over TLS: complete, whatever is killed on either side. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSettings } from '../../src/server/settings.ts';
import { Closing } from '../support/closing.ts';
import { startInProcessServer } from '../support/in-process-server.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { startServer } from '../support/server.ts';
import { type SyslogReceiver, startSyslogReceiver } from '../support/syslog-receiver.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const FRAME =
  /^<(?<priority>\d+)>1 (?<at>\S+Z) (?<host>\S+) fleet-server \d+ (?<action>\S+) \[meta sequenceId="(?<sequence>\d+)"\]\[origin software="fleet-server" swVersion="[\d.]+"\] \u{feff}(?<row>\{.*\})$/u;
const NOTICE = 13 * 8 + 5;
const WARNING = 13 * 8 + 4;
const KILLS = 4;
const WRITES = 25;

const closing = new Closing();
let receiver: SyslogReceiver;
beforeAll(async () => {
  receiver = closing.use(await startSyslogReceiver());
}, 30_000);
afterAll(() => closing.close());

const parsed = async (from: SyslogReceiver) =>
  (await from.messages()).map((line) => {
    const { priority, sequence, action, row = '' } = FRAME.exec(line)?.groups ?? {};
    return { line, priority: Number(priority), sequence: Number(sequence), action, row };
  });

const sequencesAt = async (from: SyslogReceiver) =>
  new Set((await parsed(from)).map(({ sequence }) => sequence));

test('each row arrives as RFC 5424 with all that it says; a refusal is a warning', async () => {
  const tls = { isTls: true, caFile: receiver.caFile, certFile: undefined, keyFile: undefined };
  const syslog = { host: '127.0.0.1', port: receiver.port, ...tls };
  await using server = await startInProcessServer({ settings: { syslog } });
  expect((await server.api('POST', '/api/tags', { name: 'häuser "]' })).status).toBe(200);
  const wrong = JSON.stringify({ Username: 'eve', Password: 'none of it' });
  await server.call('/api/auth', { method: 'POST', body: wrong });
  await until(async () => (await server.api('GET', '/api/fleet/audit/syslog')).body.waiting === 0);
  const rows = await parsed(receiver);
  expect(rows.map(({ line }) => line).filter((line) => !FRAME.test(line))).toEqual([]);
  expect(rows.find(({ action }) => action === 'manage')?.priority).toBe(NOTICE);
  const failed = rows.find(({ row }) => JSON.parse(row).user === 'eve');
  expect(failed).toMatchObject({ priority: WARNING, action: 'sign-in' });
  const kept = await server.server.services.audit.list(Number.MAX_SAFE_INTEGER, 100);
  for (const { sequence, row } of rows) {
    const { atMs, ...fields } = kept.find((one) => one.sequence === sequence) ?? { atMs: 0 };
    expect(JSON.parse(row)).toMatchObject({ ...fields, at: new Date(atMs).toISOString() });
  }
  const state = (await server.api('GET', '/api/fleet/audit/syslog')).body;
  expect(state).toMatchObject({ receiver: `tls://127.0.0.1:${receiver.port}`, failure: null });
}, 60_000);

test('a receiver that shows a certificate of nobody known gets nothing, and the state says why', async () => {
  await using other = await startSyslogReceiver();
  const files = { caFile: receiver.caFile, certFile: undefined, keyFile: undefined };
  const syslog = { host: '127.0.0.1', port: other.port, isTls: true, ...files };
  await using server = await startInProcessServer({ settings: { syslog } });
  await server.signIn();
  const state = async () => (await server.api('GET', '/api/fleet/audit/syslog')).body;
  await until(async () => (await state()).failure !== null);
  expect((await state()).failure.sentence).toMatch(/^tls:\/\/127\.0\.0\.1:\d+: .*certificate/);
  expect(await other.messages()).toEqual([]);
}, 60_000);

test(`nothing is missing after ${KILLS} kills of the server and of the receiver`, async () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
  console.log(`SEED=${seed}`);
  const random = seededRandom(seed);
  await using collector = await startSyslogReceiver();
  await using folder = await temporaryFolder();
  const args = ['--syslog', `tls://127.0.0.1:${collector.port}`, '--syslog-ca', collector.caFile];
  const start = () => startServer({ dataFolder: join(folder.path, 'data'), args });
  let rows = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    await using server = await start();
    const killAt = Math.floor(random(WRITES));
    for (let write = 0; write < WRITES; write += 1) {
      await server.api('POST', '/api/tags', { name: `tag ${kill} ${write}` });
      if (write === killAt && kill % 2 === 0) await collector.kill();
    }
    rows = (await server.api('GET', '/api/useractivity/logs?limit=1')).body.totalCount;
    server.kill('SIGKILL');
    if (kill % 2 === 0) await collector.start();
  }
  await using server = await start();
  await until(
    async () => (await server.api('GET', '/api/fleet/audit/syslog')).body.waiting === 0,
    60_000,
  );
  const arrived = await sequencesAt(collector);
  const missing = Array.from({ length: rows }, (_, index) => index + 1).filter(
    (n) => !arrived.has(n),
  );
  expect(rows).toBeGreaterThan(KILLS * WRITES);
  expect(missing).toEqual([]);
}, 180_000);

test.each([
  ['--syslog takes tls://', ['--syslog', 'udp://host:514']],
  ['--syslog takes tls://', ['--syslog', 'tls://host/path']],
  ['belong to --syslog', ['--syslog-ca', 'ca.pem']],
  ['go together', ['--syslog', 'tls://host', '--syslog-cert', 'c.pem']],
  ['for tls:// only', ['--syslog', 'tcp://host', '--syslog-ca', 'ca.pem']],
])('%s …: said of %j', (sentence, argv) => {
  expect(() => readSettings(argv, {})).toThrow(sentence);
});
